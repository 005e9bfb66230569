/**
 * The same JSON as other programs write it.
 *
 * @module
 */
import { seeded } from "./random_values.ts";

/** A layout: what stands around the tokens, and how strings are written. */
export interface Layout {
  name: string;
  /** What comes after an opening bracket and a comma, and before a closing one. */
  line: (depth: number) => string;
  beforeComma?: string;
  colon: string;
  text?: (string: string) => string;
}

const ascii = (string: string) =>
  string.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ).replaceAll("/", "\\/");

/** Layouts in which the rows of a table are alike. */
export const LAYOUTS: readonly Layout[] = [
  { name: "one line", line: () => "", colon: ":" },
  { name: "one line with spaces", line: () => " ", colon: ": " },
  {
    name: "indented",
    line: (depth) => "\n" + "  ".repeat(depth),
    colon: ": ",
  },
  {
    name: "indented by tabs, with lines of Windows",
    line: (depth) => "\r\n" + "\t".repeat(depth),
    beforeComma: " ",
    colon: " :\t",
  },
  {
    name: "indented, in ASCII",
    line: (depth) => "\n" + " ".repeat(depth),
    colon: ": ",
    text: ascii,
  },
];

/** A layout in which no two rows are alike. */
export function ragged(seed: number): Layout {
  const random = seeded(seed);
  const space = () => ["", " ", "\n", "\t ", "\r\n"][random(5)]!;
  return { name: "ragged", line: space, colon: ":" };
}

/**
 * Lays JSON out.
 *
 * @param json The JSON; a checksum in it is taken off, since it would not hold.
 */
export function laidOut(json: string, layout: Layout): string {
  const { line, beforeComma = "", colon, text = (string) => string } = layout;
  const whole = json.replace(/,\n"sha256": "[0-9a-f]*"\n/, "\n");
  let out = "";
  let depth = 0;
  for (const [token] of whole.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"]/gs)) {
    if (token.startsWith('"')) out += text(token);
    else if (token === "{" || token === "[") out += token + line(++depth);
    else if (token === "}" || token === "]") out += line(--depth) + token;
    else if (token === ",") out += beforeComma + token + line(depth);
    else out += token === ":" ? colon : token;
  }
  return out;
}
