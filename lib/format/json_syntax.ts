/**
 * The characters of JSON (RFC 8259).
 *
 * @module
 */

/** Characters as bytes. */
export const BYTE = {
  newline: 0x0a,
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  e: 0x65,
  u: 0x75,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** A `1` for each byte that ends a run of plain characters in a string. */
export const endsRun = new Uint8Array(256);
endsRun.fill(1, 0, 0x20);
endsRun[BYTE.quote] = 1;
endsRun[BYTE.backslash] = 1;

const escapes = new Set(
  '"\\/bfnrtu'.split("").map((letter) => letter.charCodeAt(0)),
);

/** Whether a byte makes an escape after a backslash. */
export function isEscape(byte: number): boolean {
  return escapes.has(byte);
}

/** Whether a byte is a hexadecimal digit. */
export function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20;
  return (byte >= BYTE.zero && byte <= BYTE.nine) ||
    (letter >= 0x61 && letter <= 0x66);
}
