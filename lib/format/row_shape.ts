/**
 * The fast path of reading rows. Most rows of a table have the same shape: the same
 * columns in the same order, simple values (text, numbers of up to 18 digits, `null`,
 * `true`, `false`) and the same white space around them. One pass over the bytes checks
 * such a row and finds its values, several times as fast as token by token.
 *
 * @module
 */
import {
  BYTE,
  digitsEnd,
  escapeEnd,
  exponentEnd,
  fractionEnd,
  runEnd,
  spaceEnd,
  wordEnd,
} from "./json_syntax.ts";

/** What a simple value is; `e` is text with escapes. */
export type SimpleKind = "n" | "i" | "r" | "t" | "e" | "true" | "false";

const words = new Map<number, [SimpleKind, Uint8Array]>();
const encoder = new TextEncoder();
for (
  const [kind, word] of [["n", "null"], ["true", "true"], ["false", "false"]]
) {
  const bytes = encoder.encode(word);
  words.set(bytes[0]!, [kind as SimpleKind, bytes]);
}

/** Integers of so many digits fit 64 bits, whichever digits they are. */
const safeDigits = 18;

/** The value that was found last. */
class SimpleValue {
  kind: SimpleKind = "n";
  /** Where it begins and ends; for text, what lies between the quotes. */
  start = 0;
  end = 0;

  /**
   * Finds a value.
   *
   * @returns Where it ends, quotes and all; negative if it is not a simple one.
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
    const digits = digitsEnd(bytes, first);
    if (digits === first) return -1;
    if (bytes[first] === BYTE.zero && digits > first + 1) return -1;
    const end = exponentEnd(bytes, fractionEnd(bytes, digits));
    this.kind = end === digits ? "i" : "r";
    return end === digits && digits - first > safeDigits ? -1 : end;
  }
}

/** The shape of a row. Bytes that it looks at must be followed by a zero. */
export class RowShape {
  /** What each value is, of the row that was matched last. */
  readonly kinds: SimpleKind[] = [];
  /** Where each value begins and ends; for text, what lies between the quotes. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** The columns' names. */
  readonly names: string[] = [];
  /** What comes before each value, as `{"id":`, and after the last. */
  #before: Uint8Array[] = [];
  #after: Uint8Array = new Uint8Array(0);
  #hasSpace = false;
  #next = new SimpleValue();

  private constructor() {}

  /**
   * Learns the shape of a row.
   *
   * @param bytes Bytes that hold the row.
   * @param at Where it begins.
   * @returns `undefined` if it is not a row of simple values.
   */
  static of(bytes: Uint8Array, at: number): RowShape | undefined {
    const shape = new RowShape();
    let end = shape.#learn(bytes, at, at, BYTE.openBrace);
    for (;;) {
      if (end < 0) return undefined;
      const next = spaceEnd(bytes, end);
      if (bytes[next] === BYTE.closeBrace) {
        shape.#after = bytes.slice(end, next + 1);
        if (next > end) shape.#hasSpace = true;
        break;
      }
      end = shape.#learn(bytes, end, next, BYTE.comma);
    }
    const { names } = shape;
    return new Set(names).size < names.length ? undefined : shape;
  }

  /** Whether such rows have no white space, as those that an export writes. */
  get isCompact(): boolean {
    return !this.#hasSpace;
  }

  /**
   * Finds the values of a row.
   *
   * @returns Where the row ends; negative where it has not this shape.
   */
  match(bytes: Uint8Array, at: number): number {
    for (let i = 0; i < this.#before.length; i++) {
      at = wordEnd(this.#before[i]!, bytes, at);
      if (at < 0) return -1;
      at = this.#value(bytes, at, i);
      if (at < 0) return -1;
    }
    return wordEnd(this.#after, bytes, at);
  }

  /** Learns a column; gives where its value ends, negative if there is none. */
  #learn(bytes: Uint8Array, from: number, at: number, opens: number): number {
    const open = spaceEnd(bytes, at + 1);
    if (bytes[at] !== opens || bytes[open] !== BYTE.quote) return -1;
    const close = runEnd(bytes, open + 1);
    if (bytes[close] !== BYTE.quote) return -1;
    const colon = spaceEnd(bytes, close + 1);
    if (bytes[colon] !== BYTE.colon) return -1;
    const value = spaceEnd(bytes, colon + 1);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    this.names.push(decoder.decode(bytes.subarray(open + 1, close)));
    this.#before.push(bytes.slice(from, value));
    // A brace or comma, the name in its quotes, and a colon.
    if (value - from !== close + 1 - open + 2) this.#hasSpace = true;
    return this.#value(bytes, value, this.names.length - 1);
  }

  #value(bytes: Uint8Array, at: number, i: number): number {
    const end = this.#next.read(bytes, at);
    this.kinds[i] = this.#next.kind;
    this.starts[i] = this.#next.start;
    this.ends[i] = this.#next.end;
    return end;
  }
}
