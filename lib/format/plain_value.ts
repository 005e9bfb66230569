/**
 * Plain values of JSON: text, numbers that fit, and the three words.
 *
 * @module
 */
import { BYTE } from "./json_syntax.ts";
import {
  digitsEnd,
  escapeEnd,
  exponentEnd,
  fractionEnd,
  runEnd,
  wordEnd,
} from "./plain_syntax.ts";

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
 * The value that was found last. Bytes that it looks at must be followed by a zero, so
 * that looking ends there.
 */
export class PlainValue {
  kind: PlainKind = "n";
  /** Where it begins and ends; for text, what lies between the quotes. */
  start = 0;
  end = 0;

  /**
   * Finds a value.
   *
   * @returns Where it ends, quotes and all; negative where it is no plain one.
   */
  read(bytes: Uint8Array, at: number): number {
    const quoted = bytes[at] === BYTE.quote;
    this.start = quoted ? at + 1 : at;
    const end = quoted ? this.#string(bytes, at + 1) : this.#other(bytes, at);
    this.end = quoted ? end - 1 : end;
    return end;
  }

  #string(bytes: Uint8Array, at: number): number {
    this.kind = "t";
    for (;;) {
      at = runEnd(bytes, at);
      if (bytes[at] === BYTE.quote) return at + 1;
      if (bytes[at] !== BYTE.backslash) return -1;
      this.kind = "e";
      at = escapeEnd(bytes, at + 1);
      if (at < 0) return -1;
    }
  }

  #other(bytes: Uint8Array, at: number): number {
    const word = words.get(bytes[at]!);
    if (!word) return this.#number(bytes, at);
    this.kind = word[0];
    return wordEnd(word[1], bytes, at);
  }

  #number(bytes: Uint8Array, at: number): number {
    const first = bytes[at] === BYTE.minus ? at + 1 : at;
    const whole = digitsEnd(bytes, first);
    if (whole === first) return -1;
    if (bytes[first] === BYTE.zero && whole > first + 1) return -1;
    const end = exponentEnd(bytes, fractionEnd(bytes, whole));
    this.kind = end === whole ? "i" : "r";
    return end === whole && whole - first > safeDigits ? -1 : end;
  }
}
