/**
 * Text for people: untrusted names, counts, sizes, ages, near misses.
 *
 * @module
 */

// Control characters, line separators, and marks that change the direction of text:
// terminals obey them, so they must not reach one from an untrusted name. Listed one
// by one, since compiling \p{Cc}, \p{Zl} and \p{Zp} takes longer than using them.
const unsafe =
  // deno-lint-ignore no-control-regex -- it is meant to match control characters
  /[\0-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes untrusted text safe for a terminal, and a single line.
 *
 * @param text A name, a path or a message of another program.
 * @param limit The maximum length in UTF-16 units; longer text ends with "…".
 */
export function printable(text: string, limit = 200): string {
  const safe = text.replace(unsafe, escape);
  if (safe.length <= limit) return safe;
  // Don't cut a surrogate pair in half.
  return safe.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "") + "…";
}

function escape(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return `\\u${code}`;
}

/** Formats a value as one line of JSON that is safe for a terminal. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, escape);
}

/** A list for `jsonPieces` whose items are made one by one, as they are written. */
export class OneByOne {
  /** Takes what makes the items, which is read once. */
  constructor(readonly items: Iterable<unknown>) {}
}

/** How long a piece of JSON is at least, but for the last one; in characters. */
const pieceLength = 1 << 16;

/**
 * What `jsonLine` gives, in pieces: lists that are made one by one need no memory.
 *
 * @param value Lists in it may be `OneByOne`, but not within the items of such a list.
 */
export function* jsonPieces(value: unknown): Generator<string> {
  let piece = "";
  const holders = new Set<unknown>();
  findHolders(value, holders);
  for (const part of jsonParts(value, holders)) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

// The holders are the lists that are made one by one, and all that they are in.
function* jsonParts(
  value: unknown,
  holders: ReadonlySet<unknown>,
): Generator<string> {
  const partsOf = (item: unknown) => jsonParts(item, holders);
  if (value instanceof OneByOne) {
    yield* joined(value.items, (item) => [jsonLine(item)], "[]");
  } else if (!holders.has(value)) yield jsonLine(value);
  else if (Array.isArray(value)) yield* joined(value, partsOf, "[]");
  else {
    const members = Object.entries(value as object)
      .filter(([, one]) => one !== undefined);
    yield* joined(members, function* ([name, one]) {
      yield `${jsonLine(name)}:`;
      yield* partsOf(one);
    }, "{}");
  }
}

/** Finds the holders in a value; gives whether it is one itself. */
function findHolders(value: unknown, found: Set<unknown>): boolean {
  if (typeof value !== "object" || value === null) return false;
  let holds = value instanceof OneByOne;
  for (const one of holds ? [] : Object.values(value)) {
    if (findHolders(one, found)) holds = true;
  }
  if (holds) found.add(value);
  return holds;
}

function* joined<T>(
  items: Iterable<T>,
  partsOf: (item: T) => Iterable<string>,
  [start, end]: string,
): Generator<string> {
  let before = start!;
  for (const item of items) {
    yield before;
    yield* partsOf(item);
    before = ",";
  }
  yield before === "," ? end! : start! + end!;
}

/**
 * A name in double quotes, safe for a terminal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quoted("a\u0007b"), '"a\\u0007b"');
 * ```
 */
export function quoted(name: string): string {
  return `"${printable(name)}"`;
}

/** Formats an integer with thousands separators, as in `12,345`. */
export function grouped(n: number): string {
  // Not toLocaleString(): loading its data takes longer than all else in status.
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Formats a number with a noun in the right form: `1 row`, `2 rows`. */
export function counted(n: number, one: string, many = one + "s"): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

/**
 * Formats a size in bytes (units are powers of 1000).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fileSize(4_200_000), "4.2 MB");
 * assertEquals(fileSize(1), "1 byte");
 * ```
 */
export function fileSize(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  if (unit === 0) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/**
 * Formats how long ago a moment was, as in `3 days ago`.
 *
 * @param then The moment.
 * @param now The present; more than a minute after it is `in the future`.
 */
export function ago(then: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - then.getTime()) / 1000);
  if (seconds < -60) return "in the future (is the clock right?)";
  if (seconds < 60) return "just now";
  const steps: [number, string][] = [[60, "minute"], [3600, "hour"], [
    86400,
    "day",
  ]];
  const [size, word] = steps.findLast(([size]) => seconds >= size)!;
  return `${counted(Math.floor(seconds / size), word)} ago`;
}

/**
 * Finds names similar to a mistyped one.
 *
 * @param name The name as it was typed.
 * @param names The valid names.
 * @returns At most three names, the most similar first; none if nothing is similar.
 */
export function nearest(name: string, names: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return names
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ other }) => other);
}

/** The Levenshtein distance: characters to insert, delete or change. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, changed);
    }
    row = next;
  }
  return row[b.length]!;
}
