/**
 * Databases with definitions that SQLite itself would not take.
 *
 * @module
 */

/**
 * Replaces words in the file of a database, each by one that is not longer.
 *
 * @param path The database, which nobody has open.
 * @param words Pairs of a word and what takes its place.
 */
export function edited(path: string, words: [string, string][]): void {
  // TextDecoder's "latin1" is another encoding, which changes bytes.
  let bytes = Array.from(
    Deno.readFileSync(path),
    (byte) => String.fromCharCode(byte),
  ).join("");
  for (const [word, other] of words) {
    bytes = bytes.replaceAll(word, other.padEnd(word.length));
  }
  Deno.writeFileSync(
    path,
    Uint8Array.from(bytes, (unit) => unit.charCodeAt(0)),
  );
}
