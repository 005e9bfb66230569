import type { Random } from "./random.ts";
import {
  ACTIONS,
  MEETINGS,
  REMARKS,
  SENTENCES,
  TIMES,
  TOPICS,
} from "./words.ts";

/** One sentence. */
export function sentence(random: Random): string {
  const text = random.pick(SENTENCES)
    .replace("{topic}", random.pick(TOPICS))
    .replace("{time}", random.pick(TIMES));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Sentences in paragraphs, of `length` UTF-16 units or a little more. */
export function prose(random: Random, length: number): string {
  let text = sentence(random);
  while (text.length < length) {
    text += (random.chance(0.2) ? "\n\n" : " ") + sentence(random);
  }
  return text;
}

/** A thing to do, as a title. */
export function task(random: Random): string {
  return `${random.pick(ACTIONS)} ${random.pick(TOPICS)}`;
}

/** The title of a meeting. */
export function meeting(random: Random): string {
  return `${random.pick(MEETINGS)}: ${random.pick(TOPICS)}`;
}

/** A subject, with or without `Re:`. */
export function subject(random: Random): string {
  const text = random.pick(TOPICS).replace(/^the /, "");
  return (random.chance(0.5) ? "Re: " : "") + text;
}

/** A message in a chat, short or a few sentences long. */
export function chat(random: Random): string {
  if (random.chance(0.3)) return random.pick(REMARKS);
  return prose(random, random.int(10, 120));
}

/** An e-mail of about 300 to 700 characters. */
export function letter(random: Random, to: string, from: string): string {
  const body = prose(random, random.int(230, 560));
  return `Hi ${to},\n\n${body}\n\nBest,\n${from}`;
}

/** The first 120 characters or less on one line, escaped as Gmail does. */
export function snippet(text: string): string {
  const line = text.replace(/\s+/g, " ");
  // A cut at a space cannot split a surrogate pair.
  const cut = line.slice(0, line.lastIndexOf(" ", 120));
  return cut.replaceAll("&", "&amp;").replaceAll("'", "&#39;");
}

/** What the speakers said in so many minutes, some six turns in each. */
export function conversation(
  random: Random,
  speakers: readonly string[],
  minutes: number,
): string {
  const lines: string[] = [];
  for (let second = 0; second < minutes * 60; second += random.int(4, 16)) {
    const clock = new Date(second * 1000).toISOString().slice(11, 19);
    const words = sentence(random);
    lines.push(`[${clock}] ${random.pick(speakers)}: ${words}`);
  }
  return lines.join("\n");
}
