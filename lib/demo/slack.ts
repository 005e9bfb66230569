import { PERSONS } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { chat } from "./text.ts";

/** A channel: its id at Slack, and its name. */
interface Channel {
  id: string;
  name: string;
}

const CHANNELS: readonly Channel[] = [
  { id: "C071GENERAL", name: "general" },
  { id: "C072HARBOUR", name: "proj-harbour" },
  { id: "C073NORDLYS", name: "nordlys-größe-xl" },
  { id: "C074RANDOM0", name: "random-🦦" },
  { id: "C075PODCAST", name: "podcast" },
  { id: "C076YAMABUK", name: "山吹-依頼" },
  { id: "D077AMARAOK", name: "Amara Okonkwo" },
  { id: "D078ZOEBERG", name: "Zoë van der Berg" },
];

function isDirect({ id }: Channel): boolean {
  return id.startsWith("D");
}

function* slackChannels(context: SampleContext): Iterable<Row> {
  for (const [index, channel] of CHANNELS.entries()) {
    const monitored = index !== 3;
    yield {
      slack_channel_id: channel.id,
      name: channel.name,
      is_dm: isDirect(channel) ? 1 : 0,
      is_monitored: monitored ? 1 : 0,
      last_synced_at: monitored ? context.time(0.05) : null,
    };
  }
}

/** Where and when a message is; Slack uses the time, `ts`, as its id. */
interface Place {
  channel: Channel;
  ts: string;
}

/** Who says what; not every member of a channel is a contact. */
function message(random: Random, { name, id }: Channel): Row {
  // A direct channel bears the name of the one who writes in it.
  const person = PERSONS.find((person) => person.name === name) ??
    random.pickEarly(PERSONS);
  return {
    channel_id: id,
    channel_name: random.chance(0.98) ? name : null,
    sender_id: `U07${String(person.id).padStart(6, "0")}`,
    sender_name: person.name,
    content: random.chance(0.99) ? chat(random) : "",
    contact_id: random.chance(0.8) ? person.id : null,
  };
}

function* slackMessages(context: SampleContext, random: Random): Iterable<Row> {
  const count = context.count("slack_messages");
  let thread: Place | null = null;
  for (let i = 0; i < count; i++) {
    const age = context.age(i, count, random);
    const reply: Place | null = random.chance(0.4) ? thread : null;
    const channel: Channel = reply?.channel ?? random.pickEarly(CHANNELS);
    const micros = String(i % 1_000_000).padStart(6, "0");
    const ts = `${context.seconds(age)}.${micros}`;
    const opens = !reply && random.chance(0.3);
    if (opens) thread = { channel, ts };
    yield {
      slack_message_id: ts,
      ...message(random, channel),
      thread_ts: reply?.ts ?? (opens ? ts : null),
      is_thread_parent: opens ? 1 : 0,
      received_at: context.iso(age),
      synced_at: context.time(age - 0.01),
    };
  }
}

/** The tables about Slack. */
export const SLACK: RowMakers = {
  slack_channels: slackChannels,
  slack_messages: slackMessages,
};
