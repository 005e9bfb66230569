/**
 * The characters of JSON (RFC 8259), and where its tokens end.
 *
 * The functions that find an end look at bytes in memory that are followed by a zero,
 * which no JSON has, so that they need not look where the bytes end.
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

/** Where white space ends. */
export function spaceEnd(bytes: Uint8Array, at: number): number {
  for (;; at++) {
    const byte = bytes[at]!;
    if (byte > 0x20) return at;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      return at;
    }
  }
}

/** Where a run of plain characters of a string ends. */
export function runEnd(bytes: Uint8Array, at: number): number {
  while (endsRun[bytes[at]!] === 0) at++;
  return at;
}

/** Where a word ends; negative if another one stands there. */
export function wordEnd(
  word: Uint8Array,
  bytes: Uint8Array,
  at: number,
): number {
  for (let i = 0; i < word.length; i++) {
    if (bytes[at + i] !== word[i]) return -1;
  }
  return at + word.length;
}

/**
 * Where an escape ends whose backslash has been passed, a pair of surrogates being one;
 * negative: it is none, or half a pair.
 */
export function escapeEnd(bytes: Uint8Array, at: number): number {
  const letter = bytes[at]!;
  if (letter !== BYTE.u) return isEscape(letter) ? at + 1 : -1;
  const unit = codeUnit(bytes, at + 1);
  if (!isSurrogate(unit)) return unit < 0 ? -1 : at + 5;
  if (bytes[at + 5] !== BYTE.backslash || bytes[at + 6] !== BYTE.u) return -1;
  return isPair(unit, codeUnit(bytes, at + 7)) ? at + 11 : -1;
}

/** What four hexadecimal digits stand for; negative if they are none. */
export function codeUnit(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i]!;
    if (!isHexDigit(byte)) return -1;
    unit = unit * 16 + (byte & 0xf) + (byte > BYTE.nine ? 9 : 0);
  }
  return unit;
}

/** Whether a code unit of UTF-16 is half a character. */
export function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Whether two code units of UTF-16 are one character. */
export function isPair(high: number, low: number): boolean {
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

/** Where a number ends; negative if none is there. */
export function numberEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at] === BYTE.minus ? at + 1 : at;
  const digits = digitsEnd(bytes, first);
  if (digits === first) return -1;
  if (bytes[first] === BYTE.zero && digits > first + 1) return -1;
  return exponentEnd(bytes, fractionEnd(bytes, digits));
}

/** Where digits end. */
export function digitsEnd(bytes: Uint8Array, at: number): number {
  while (bytes[at]! >= BYTE.zero && bytes[at]! <= BYTE.nine) at++;
  return at;
}

function fractionEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BYTE.point) return at;
  const end = digitsEnd(bytes, at + 1);
  return end === at + 1 ? -1 : end;
}

function exponentEnd(bytes: Uint8Array, at: number): number {
  if (at < 0 || (bytes[at]! | 0x20) !== BYTE.e) return at;
  const sign = bytes[at + 1]!;
  const signed = sign === BYTE.plus || sign === BYTE.minus;
  const first = signed ? at + 2 : at + 1;
  const end = digitsEnd(bytes, first);
  return end === first ? -1 : end;
}

/** Where the quote is that ends a string whose syntax has been checked. */
export function closingQuote(bytes: Uint8Array, at: number): number {
  for (;; at++) {
    at = bytes.indexOf(BYTE.quote, at);
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BYTE.backslash) slashes++;
    if (slashes % 2 === 0) return at;
  }
}

/** Where an object or a list ends whose syntax has been checked. */
export function nestedEnd(bytes: Uint8Array, at: number): number {
  let depth = 0;
  do {
    const byte = bytes[at]!;
    if (byte === BYTE.quote) at = closingQuote(bytes, at + 1);
    else if (byte === BYTE.openBrace || byte === BYTE.openBracket) depth++;
    else if (byte === BYTE.closeBrace || byte === BYTE.closeBracket) depth--;
    at++;
  } while (depth > 0);
  return at;
}
