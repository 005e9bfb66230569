/**
 * Finding a text in the bytes of a backup, in either case, before anything is taken
 * apart.
 *
 * @module
 */

// Not at the top of the bundle, where it would be loaded whatever the command.
const { Buffer } = await import("node:buffer");

/**
 * Bytes as a string with a character for each, which a regular expression searches
 * several times as fast as anything else.
 */
export function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString("latin1");
}

/** The bytes of such a string. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** Pieces of bytes as one. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

/** A string of its own; a part of another one would keep all of that in memory. */
export function ownText(text: string): string {
  return byteText(bytesOf(text));
}

/** Of how many characters a pattern is made: one of many is too large to be run. */
const mostCharacters = 1_000;

/**
 * What finds a text in the JSON of a backup. It finds some others, too, as names of
 * columns and what only begins as a long text does.
 */
export function needlePattern(text: string): RegExp {
  const characters = [...text.normalize("NFC")].slice(0, mostCharacters);
  const units = characters.map(anyForm);
  return new RegExp(units.join(""), "g");
}

/** What finds rows with a number in a column, or in any of them. */
export function numberPattern(digits: string, column?: string): RegExp {
  const name = column === undefined
    ? ""
    : `"${RegExp.escape(jsonBytes(column))}`;
  return new RegExp(`${name}":"?${digits}"?[,}]`, "g");
}

function anyForm(character: string): string {
  const { length } = character;
  const cases = [character.toLowerCase(), character.toUpperCase()]
    .filter((form) => form.length >= length);
  const forms = [character, ...cases]
    .flatMap((form) => [form.normalize("NFC"), form.normalize("NFD")])
    .map(jsonBytes).map((bytes) => RegExp.escape(bytes));
  return `(?:${[...new Set(forms)].join("|")})`;
}

function jsonBytes(text: string): string {
  return byteText(new TextEncoder().encode(JSON.stringify(text).slice(1, -1)));
}
