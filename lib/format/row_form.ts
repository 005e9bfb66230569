/**
 * Rows that are alike: the same columns in the same order, plain values and the same
 * white space around them. One pass over the bytes checks such a row and finds its
 * values, several times as fast as token by token.
 *
 * @module
 */
import { BYTE } from "./json_syntax.ts";
import { runEnd, spaceEnd, wordEnd } from "./plain_syntax.ts";
import { type PlainKind, PlainValue } from "./plain_value.ts";
import { canonical } from "./strings.ts";

/** Longer pieces are copied by the engine, in bytes. */
const shortPiece = 48;

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
  /** How many bytes the row takes that was matched last. */
  size = 0;
  /** The columns' names. */
  readonly names: string[] = [];
  /** What comes before each value, as `{"id":`, and after the last. */
  #before: Uint8Array[] = [];
  #after: Uint8Array = new Uint8Array(0);
  /** The same without white space. */
  #tight: Uint8Array[] = [];
  #next = new PlainValue();

  private constructor() {}

  /**
   * Learns the form of a row.
   *
   * @param bytes Bytes that hold the row.
   * @param at Where it begins.
   * @returns `undefined` where it is no row of such a form.
   */
  static of(bytes: Uint8Array, at: number): RowForm | undefined {
    const form = new RowForm();
    let end = form.#learn(bytes, at, at, BYTE.openBrace);
    for (;;) {
      if (end < 0) return undefined;
      const next = spaceEnd(bytes, end);
      if (bytes[next] === BYTE.closeBrace) {
        form.#after = bytes.slice(end, next + 1);
        break;
      }
      end = form.#learn(bytes, end, next, BYTE.comma);
    }
    const { names } = form;
    return new Set(names).size < names.length ? undefined : form;
  }

  /** Whether such rows have no white space, as those of an export. */
  get isTight(): boolean {
    return this.#after.length === 1 &&
      this.#before.every((bytes, i) => bytes.length === this.#tight[i]!.length);
  }

  /**
   * Finds the values of a row.
   *
   * @returns Where the row ends; negative where it has not this form.
   */
  match(bytes: Uint8Array, at: number): number {
    const start = at;
    for (let i = 0; i < this.#before.length; i++) {
      at = wordEnd(this.#before[i]!, bytes, at);
      if (at < 0) return -1;
      at = this.#value(bytes, at, i);
      if (at < 0) return -1;
    }
    at = wordEnd(this.#after, bytes, at);
    this.size = at - start;
    return at;
  }

  /**
   * Writes the row that was matched last as an export does, but for the digits of
   * doubles. It is no longer than it was.
   *
   * @param bytes The bytes that it was found in.
   * @param into Where it goes, from `at` on.
   * @returns Where it ends.
   */
  writeTight(bytes: Uint8Array, into: Uint8Array, at: number): number {
    for (let i = 0; i < this.#tight.length; i++) {
      const before = this.#tight[i]!;
      at = copied(before, 0, before.length, into, at);
      at = this.#writeValue(i, bytes, into, at);
    }
    into[at] = BYTE.closeBrace;
    return at + 1;
  }

  #writeValue(
    i: number,
    bytes: Uint8Array,
    into: Uint8Array,
    at: number,
  ): number {
    const [kind, start, end] = [this.kinds[i], this.starts[i]!, this.ends[i]!];
    if (kind === "t") return copied(bytes, start - 1, end + 1, into, at);
    if (kind !== "e") return copied(bytes, start, end, into, at);
    const inside = canonical(bytes.subarray(start, end));
    into[at++] = BYTE.quote;
    at = copied(inside, 0, inside.length, into, at);
    into[at++] = BYTE.quote;
    return at;
  }

  /** Learns a column; gives where its value ends, negative where there is none. */
  #learn(bytes: Uint8Array, from: number, at: number, opens: number): number {
    const open = spaceEnd(bytes, at + 1);
    if (bytes[at] !== opens || bytes[open] !== BYTE.quote) return -1;
    const close = runEnd(bytes, open + 1);
    if (bytes[close] !== BYTE.quote) return -1;
    const colon = spaceEnd(bytes, close + 1);
    if (bytes[colon] !== BYTE.colon) return -1;
    const value = spaceEnd(bytes, colon + 1);
    const quoted = bytes.subarray(open, close + 1);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    this.names.push(decoder.decode(quoted.subarray(1, -1)));
    this.#before.push(bytes.slice(from, value));
    const tight = new Uint8Array(quoted.length + 2).fill(BYTE.colon);
    tight[0] = opens;
    tight.set(quoted, 1);
    this.#tight.push(tight);
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

// A view for each piece would cost more than the bytes of a short one.
function copied(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): number {
  if (end - start > shortPiece) into.set(bytes.subarray(start, end), at);
  else for (let i = start; i < end; i++) into[at + i - start] = bytes[i]!;
  return at + end - start;
}
