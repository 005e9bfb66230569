/**
 * Where the parts of plain JSON end. Each function looks at bytes that are followed by
 * a zero, which no JSON has, so that looking ends there.
 *
 * @module
 */
import { BYTE, endsRun, isEscape, isHexDigit } from "./json_syntax.ts";

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

/** Where a word ends; negative where another one stands there. */
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

/** Where an escape ends whose backslash has been passed; negative: it is none. */
export function escapeEnd(bytes: Uint8Array, at: number): number {
  const letter = bytes[at]!;
  if (letter !== BYTE.u) return isEscape(letter) ? at + 1 : -1;
  for (let i = at + 1; i <= at + 4; i++) {
    if (!isHexDigit(bytes[i]!)) return -1;
  }
  return at + 5;
}

/** Where digits end. */
export function digitsEnd(bytes: Uint8Array, at: number): number {
  while (bytes[at]! >= BYTE.zero && bytes[at]! <= BYTE.nine) at++;
  return at;
}

/** Where a fraction ends, if one is there; negative where it has no digits. */
export function fractionEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BYTE.point) return at;
  const end = digitsEnd(bytes, at + 1);
  return end === at + 1 ? -1 : end;
}

/** Where an exponent ends, if one is there; negative where it has no digits. */
export function exponentEnd(bytes: Uint8Array, at: number): number {
  if (at < 0 || (bytes[at]! | 0x20) !== BYTE.e) return at;
  const sign = bytes[at + 1]!;
  const signed = sign === BYTE.plus || sign === BYTE.minus;
  const first = signed ? at + 2 : at + 1;
  const end = digitsEnd(bytes, first);
  return end === first ? -1 : end;
}
