/** What people talk about. */
export const TOPICS: readonly string[] = [
  "the revised quote",
  "the colour proofs",
  "the second milestone",
  "the firmware update",
  "the café shoot",
  "the translation of chapter three",
  "the annual accounts",
  "the Zürich workshop",
  "the naïve first draft",
  "the licence for the typeface",
  "the sound check",
  "the move to the new office",
  "the pilot episode",
  "the data room",
  "the naming shortlist",
  "the accessibility review",
  "the invoice over 1.250,00 €",
  "the £4k deposit",
  "the 20 % discount",
  "the travel booking",
];

/** When things are said to happen. */
export const TIMES: readonly string[] = [
  "on Monday",
  "by Thursday noon",
  "before the end of the month",
  "next week",
  "after the holidays",
  "tomorrow at 9:30",
  "in early April",
  "at the latest by the 15th",
  "once legal has signed",
  "this afternoon",
];

/** Sentences with places for a topic and a time. */
export const SENTENCES: readonly string[] = [
  "Thank you for the quick answer about {topic}.",
  "I went through {topic} again and marked three places that need a decision.",
  "Could you send me {topic} {time}?",
  "We agreed that {topic} has to be settled {time}, not later.",
  "My only worry is {topic}; everything else looks fine to me.",
  "Let's talk about {topic} {time}, half an hour should be enough.",
  "To be honest, {topic} took longer than I thought it would.",
  'She said "leave {topic} to me", so I did.',
  "If nobody objects I'll go ahead with {topic} {time}.",
  "The budget covers {topic}, but not the travel that goes with it.",
  "I have put {topic} into the shared folder, next to last year's version.",
  "Who signs off {topic} while Amara is away?",
  "Good news: {topic} is done, and under budget 🎉",
  "We lost two days on {topic} because the files came in the wrong format.",
  "Please don't forward {topic} yet — it is still a draft.",
  "Können wir {topic} kurz telefonisch klären? Es eilt nicht.",
  "Je reviens vers vous {time}, dès que j'ai du nouveau sur {topic}.",
  "Nos vemos {time}; llevo {topic} impreso, ¿vale?",
  "{topic} よろしくお願いします。",
  "There are 3 open points on {topic}, 2 of them small.",
  "I'd rather drop {topic} than rush it.",
  "The client liked {topic} a lot more than we expected.",
  "Tell me if {time} suits you; otherwise I'll move {topic} to the week after.",
  "As for {topic}: the numbers add up now (see the table, row 7).",
  "We should write down why we chose this for {topic}, for later.",
  "Sorry for the silence, {topic} kept me busy until late.",
  "Fine with me 👍 — {topic} {time} it is.",
  "I'll ask Łukasz whether {topic} can wait until we are all back.",
];

/** Short remarks in chats. */
export const REMARKS: readonly string[] = [
  "👍",
  "on it",
  "thx!!",
  "lgtm :shipit:",
  "brb ☕️",
  "can someone look at this?",
  "¯\\_(ツ)_/¯",
  "😂😂😂",
  "done ✅",
  "+1",
  "<@U07MORGAN> ping",
  "danke dir!",
  "```\nconst total = items.length;\n```",
];

/** What has to be done. */
export const ACTIONS: readonly string[] = [
  "Review",
  "Send",
  "Draft",
  "Discuss",
  "Finish",
  "Check",
  "Prepare",
  "Invoice for",
];

/** Titles of meetings. */
export const MEETINGS: readonly string[] = [
  "Weekly sync",
  "Kick-off",
  "1:1",
  "Déjeuner d'équipe",
  "Design review",
  "Jour fixe",
  "Retro 🔁",
  "Budget call",
];
