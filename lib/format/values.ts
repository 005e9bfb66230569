/**
 * JSON values as bytes: numbers, base64 and strings, both ways.
 *
 * @module
 */
import { HIGHEST_INTEGER, LOWEST_INTEGER } from "../database/sql.ts";
import { BYTE, codeUnit, isSurrogate } from "./json_syntax.ts";

const ascii = new TextDecoder("latin1");
/** No longer integer fits 64 bits: 19 digits and a sign. JSON has no leading zeros. */
const longestInteger = 20;
/** No longer integer is a double: 309 digits and a sign. */
const longestDouble = 310;

/** Characters of base64 taken at a time: strings have a limit, values less so. */
const base64Piece = 1 << 20;

/**
 * The integer that JSON digits stand for.
 *
 * @param bytes A JSON number without fraction and exponent.
 * @returns `undefined` if 64 bits cannot hold it.
 */
export function parseInteger(bytes: Uint8Array): number | bigint | undefined {
  if (bytes.length <= 15) {
    const negative = bytes[0] === 0x2d;
    let n = 0;
    for (let i = negative ? 1 : 0; i < bytes.length; i++) {
      n = n * 10 + bytes[i]! - 0x30;
    }
    return negative && n !== 0 ? -n : n;
  }
  if (bytes.length > longestInteger) return undefined;
  const n = BigInt(ascii.decode(bytes));
  if (n < LOWEST_INTEGER || n > HIGHEST_INTEGER) return undefined;
  const small = Number(n);
  return Number.isSafeInteger(small) ? small : n;
}

/**
 * The double that an integer beyond 64 bits stands for: writers that know doubles only
 * put a large one without an exponent.
 *
 * @param bytes A JSON number without fraction and exponent.
 * @returns `undefined` if no double is exactly that integer.
 */
export function parseLarge(bytes: Uint8Array): number | undefined {
  if (bytes.length > longestDouble) return undefined;
  const real = parseReal(bytes);
  if (!Number.isFinite(real)) return undefined;
  return BigInt(real) === BigInt(ascii.decode(bytes)) ? real : undefined;
}

/** The double nearest to a JSON number; infinite beyond the range of doubles. */
export function parseReal(bytes: Uint8Array): number {
  return Number(ascii.decode(bytes));
}

/**
 * The bytes that base64 (RFC 4648, padded) stands for.
 *
 * @returns `undefined` if it is malformed.
 */
export function decodeBase64(encoded: Uint8Array): Uint8Array | undefined {
  if (encoded.length % 4 !== 0) return undefined;
  const decoded = new Uint8Array(encoded.length / 4 * 3);
  let length = 0;
  for (let at = 0; at < encoded.length; at += base64Piece) {
    const piece = ascii.decode(encoded.subarray(at, at + base64Piece));
    const last = at + base64Piece >= encoded.length;
    // White space would be skipped, and padding inside would end a piece.
    if (/\s/.test(piece) || (!last && piece.includes("="))) return undefined;
    try {
      const target = decoded.subarray(length);
      length += target.setFromBase64(piece, { lastChunkHandling: "strict" })
        .written;
    } catch {
      return undefined;
    }
  }
  return decoded.subarray(0, length);
}

const { backslash } = BYTE;

const controls = new Map([
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

/**
 * The bytes that a JSON string's inside stands for.
 *
 * @param bytes What lies between the quotes; syntax has been checked, so surrogates
 * come in pairs.
 */
export function unescaped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let from = 0;
  for (;;) {
    const at = bytes.indexOf(backslash, from);
    const run = bytes.subarray(from, at < 0 ? bytes.length : at);
    out.set(run, length);
    length += run.length;
    if (at < 0) return out.subarray(0, length);
    const letter = bytes[at + 1]!;
    if (letter === BYTE.u) {
      const code = codePoint(bytes, at);
      length = putCodePoint(out, length, code);
      from = at + (code > 0xffff ? 12 : 6);
    } else {
      out[length++] = controls.get(letter) ?? letter;
      from = at + 2;
    }
  }
}

function codePoint(bytes: Uint8Array, at: number): number {
  const high = codeUnit(bytes, at + 2);
  if (!isSurrogate(high)) return high;
  const low = codeUnit(bytes, at + 8);
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

function putCodePoint(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at++] = code;
    return at;
  }
  const tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  out[at++] = [0, 0xc0, 0xe0, 0xf0][tail]! | (code >> (6 * tail));
  for (let i = tail - 1; i >= 0; i--) {
    out[at++] = 0x80 | ((code >> (6 * i)) & 0x3f);
  }
  return at;
}

/**
 * JSON without the white space between its tokens.
 *
 * @param bytes A JSON value; syntax has been checked.
 */
export function minified(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (!inString && byte <= 0x20) continue;
    out[length++] = byte;
    if (byte === 0x22) inString = !inString;
    else if (byte === backslash) out[length++] = bytes[++i]!;
  }
  return out.subarray(0, length);
}

/** Bytes of a value escaped at a time. */
const escapePiece = 1 << 20;

// The escapes of RFC 8259; any other byte stands for itself.
const escapes: (Uint8Array | undefined)[] = [];
const encoder = new TextEncoder();
for (let byte = 0; byte < 0x20; byte++) {
  escapes[byte] = encoder.encode(JSON.stringify(String.fromCharCode(byte)))
    .slice(1, -1);
}
escapes[0x22] = encoder.encode('\\"');
escapes[backslash] = encoder.encode("\\\\");

/**
 * The inside of a JSON string for UTF-8 text, piece by piece, so that a value of
 * any length passes through little memory.
 *
 * @param text Valid UTF-8.
 */
export function* escaped(text: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < text.length; at += escapePiece) {
    yield escapedPiece(text.subarray(at, at + escapePiece));
  }
}

function escapedPiece(text: Uint8Array): Uint8Array {
  let longer = 0;
  for (const byte of text) longer += (escapes[byte]?.length ?? 1) - 1;
  if (longer === 0) return text;
  const out = new Uint8Array(text.length + longer);
  let length = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const escape = escapes[text[i]!];
    if (!escape) continue;
    out.set(text.subarray(from, i), length);
    length += i - from;
    out.set(escape, length);
    length += escape.length;
    from = i + 1;
  }
  out.set(text.subarray(from), length);
  return out;
}
