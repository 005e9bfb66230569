/**
 * Rows that are alike: the same columns in the same order, plain values and no
 * white space, as an export writes nearly all of them. One pass over the bytes
 * checks such a row and finds its values, several times as fast as token by token.
 *
 * @module
 */
import { BYTE, endsRun, isEscape, isHexDigit } from "./json_syntax.ts";

/** What a plain value is; `e` is text with escapes. */
export type PlainKind = "n" | "i" | "r" | "t" | "e" | "true" | "false";

const words = new Map<number, [PlainKind, Uint8Array]>();
const encoder = new TextEncoder();
for (
  const [kind, word] of [["n", "null"], ["true", "true"], ["false", "false"]]
) {
  const bytes = encoder.encode(word);
  words.set(bytes[0]!, [kind as PlainKind, bytes]);
}

/** Integers of so many digits fit 64 bits, whichever digits they are. */
const safeDigits = 18;

/**
 * The form of a row. Bytes that it looks at must be followed by a zero, which no
 * row has, so that looking ends there.
 */
export class RowForm {
  /** What each value is, of the row that was matched last. */
  readonly kinds: PlainKind[] = [];
  /** Where each value begins and ends; for text, what lies between the quotes. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  #kind: PlainKind = "n";
  #from = 0;

  /** @param prefixes What comes before each value, as `{"id":` and `,"name":`. */
  private constructor(readonly prefixes: readonly Uint8Array[]) {}

  /**
   * Learns the form of a row.
   *
   * @param bytes Bytes that hold the row.
   * @param at Where it begins.
   * @returns `undefined` where it is no row of such a form.
   */
  static of(bytes: Uint8Array, at: number): RowForm | undefined {
    const prefixes: Uint8Array[] = [];
    const form = new RowForm(prefixes);
    for (;;) {
      const opens = prefixes.length === 0 ? BYTE.openBrace : BYTE.comma;
      if (bytes[at] !== opens || bytes[at + 1] !== BYTE.quote) return undefined;
      const close = runEnd(bytes, at + 2);
      if (bytes[close] !== BYTE.quote) return undefined;
      if (bytes[close + 1] !== BYTE.colon) return undefined;
      prefixes.push(bytes.slice(at, close + 2));
      at = form.#value(bytes, close + 2, prefixes.length - 1);
      if (at < 0) return undefined;
      if (bytes[at] === BYTE.closeBrace) break;
    }
    const names = form.names();
    return new Set(names).size < names.length ? undefined : form;
  }

  /** The columns' names. */
  names(): string[] {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return this.prefixes.map((bytes) => decoder.decode(bytes.subarray(2, -2)));
  }

  /**
   * Finds the values of a row.
   *
   * @returns Where the row ends; negative where it has not this form.
   */
  match(bytes: Uint8Array, at: number): number {
    for (let i = 0; i < this.prefixes.length; i++) {
      at = skipped(this.prefixes[i]!, bytes, at);
      if (at < 0) return -1;
      at = this.#value(bytes, at, i);
      if (at < 0) return -1;
    }
    return bytes[at] === BYTE.closeBrace ? at + 1 : -1;
  }

  #value(bytes: Uint8Array, at: number, i: number): number {
    const quoted = bytes[at] === BYTE.quote;
    this.#from = quoted ? at + 1 : at;
    const end = quoted ? this.#string(bytes, at + 1) : this.#other(bytes, at);
    this.kinds[i] = this.#kind;
    this.starts[i] = this.#from;
    this.ends[i] = quoted ? end - 1 : end;
    return end;
  }

  #string(bytes: Uint8Array, at: number): number {
    this.#kind = "t";
    for (;;) {
      at = runEnd(bytes, at);
      if (bytes[at] === BYTE.quote) return at + 1;
      if (bytes[at] !== BYTE.backslash) return -1;
      this.#kind = "e";
      at = escapeEnd(bytes, at + 1);
      if (at < 0) return -1;
    }
  }

  #other(bytes: Uint8Array, at: number): number {
    const word = words.get(bytes[at]!);
    if (!word) return this.#number(bytes, at);
    this.#kind = word[0];
    return skipped(word[1], bytes, at);
  }

  #number(bytes: Uint8Array, at: number): number {
    const first = bytes[at] === BYTE.minus ? at + 1 : at;
    const whole = digitsEnd(bytes, first);
    if (whole === first) return -1;
    if (bytes[first] === BYTE.zero && whole > first + 1) return -1;
    const end = exponentEnd(bytes, fractionEnd(bytes, whole));
    this.#kind = end === whole ? "i" : "r";
    return end === whole && whole - first > safeDigits ? -1 : end;
  }
}

/** Where a run of plain characters ends. */
function runEnd(bytes: Uint8Array, at: number): number {
  while (endsRun[bytes[at]!] === 0) at++;
  return at;
}

function skipped(word: Uint8Array, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < word.length; i++) {
    if (bytes[at + i] !== word[i]) return -1;
  }
  return at + word.length;
}

function escapeEnd(bytes: Uint8Array, at: number): number {
  const letter = bytes[at]!;
  if (letter !== BYTE.u) return isEscape(letter) ? at + 1 : -1;
  for (let i = at + 1; i <= at + 4; i++) {
    if (!isHexDigit(bytes[i]!)) return -1;
  }
  return at + 5;
}

function digitsEnd(bytes: Uint8Array, at: number): number {
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
