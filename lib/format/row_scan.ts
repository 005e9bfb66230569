/**
 * Where the values of a row lie. Rows of a table look alike: the same columns in the
 * same order with the same white space. So what comes next is guessed from the rows
 * before, and one pass over the bytes checks a row and finds its values, several times
 * as fast as token by token.
 *
 * @module
 */
import {
  BYTE,
  closingQuote,
  digitsEnd,
  escapeEnd,
  nestedEnd,
  numberEnd,
  runEnd,
  spaceEnd,
  wordEnd,
} from "./json_syntax.ts";
import { unescaped } from "./values.ts";

/** What a value is; `e` is text with escapes, `j` an object or a list. */
export type ValueKind = "n" | "i" | "r" | "t" | "e" | "j" | "true" | "false";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const words = new Map<number, [ValueKind, Uint8Array]>();
for (
  const [kind, word] of [["n", "null"], ["true", "true"], ["false", "false"]]
) {
  const bytes = new TextEncoder().encode(word);
  words.set(bytes[0]!, [kind as ValueKind, bytes]);
}

/** Integers of so many digits fit 64 bits, whichever digits they are. */
const safeDigits = 18;
/** So many names are remembered, which is as many columns as a table can have. */
const mostKnown = 2000;
/** So many names are tried one by one, which takes less time than making a string. */
const fewNames = 64;

/** Where a simple value ends; negative if none is there. */
function simpleEnd(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  if (byte === BYTE.quote) return stringEnd(bytes, at + 1);
  const word = words.get(byte);
  if (word) return wordEnd(word[1], bytes, at);
  const end = numberEnd(bytes, at);
  // Of more characters, it takes a closer look to tell.
  return end - at > safeDigits ? -1 : end;
}

function stringEnd(bytes: Uint8Array, at: number): number {
  for (;;) {
    at = runEnd(bytes, at);
    if (bytes[at] === BYTE.quote) return at + 1;
    if (bytes[at] !== BYTE.backslash) return -1;
    at = escapeEnd(bytes, at + 1);
    if (at < 0) return -1;
  }
}

/** Finds the values of one row after another. */
export class RowScan {
  /** The columns of the row found last; the same list for all rows that have them. */
  columns: readonly string[] = [];
  /** The number of each of these columns, as the following lists have them. */
  numbers: readonly number[] = [];
  /** What a value is, by the number of its column. */
  readonly kinds: ValueKind[] = [];
  /** Where a value begins and ends; for text, what lies between the quotes. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Whether any row had white space between its tokens. */
  hasSpace = false;
  /** Names, and each as in the file, up to its value. */
  #names: string[] = [];
  #numbers = new Map<string, number>();
  #keys: Uint8Array[] = [];
  /** By the number of a name plus one: which name followed it, at 0 the first one. */
  #next: number[] = [];
  /** The names of the last row in its order; none if one came twice. */
  #order: number[] = [];
  /** By the number of a name: the last row that has it. */
  #seen: number[] = [];
  #row = 0;
  /** How many columns the last row has; negative if it was not found. */
  #count = -1;
  #isSame = false;
  #isTwice = false;
  /** Lists of columns by their numbers. */
  #lists = new Map<string, readonly string[]>();
  /** Whether syntax has been checked, so that values need not be simple. */
  #isChecked = false;
  /** Where the value begins whose name was found last. */
  #valueAt = 0;

  /**
   * Finds the values of a row in which each column comes once, and all values are
   * simple: text, numbers of up to 18 digits, `null`, `true`, `false`.
   *
   * @param bytes Bytes with the row and a zero at their end.
   * @param at Where its brace is.
   * @returns Where it ends; negative if it is not such a row.
   */
  simple(bytes: Uint8Array, at: number): number {
    this.#isChecked = false;
    const end = this.#find(bytes, at);
    return this.#isTwice ? -1 : end;
  }

  /**
   * Finds where such a row ends; its values are not found if it looks like the last
   * one.
   *
   * @param bytes Bytes with the row and a zero at their end.
   * @param at Where its brace is.
   * @returns Where it ends; negative if it is not such a row.
   */
  skip(bytes: Uint8Array, at: number): number {
    const end = this.#alikeEnd(bytes, at);
    return end < 0 ? this.simple(bytes, at) : end;
  }

  #alikeEnd(bytes: Uint8Array, at: number): number {
    const order = this.#order;
    for (let i = 0; i < order.length; i++) {
      if (bytes[at] !== (i === 0 ? BYTE.openBrace : BYTE.comma)) return -1;
      at = wordEnd(this.#keys[order[i]!]!, bytes, at + 1);
      if (at < 0) return -1;
      at = simpleEnd(bytes, at);
      if (at < 0) return -1;
    }
    const isEnd = order.length > 0 && bytes[at] === BYTE.closeBrace;
    return isEnd ? at + 1 : -1;
  }

  /**
   * Finds the values of any row.
   *
   * @param bytes The row, whose syntax has been checked.
   * @returns Whether each column comes once.
   */
  any(bytes: Uint8Array): boolean {
    this.#isChecked = true;
    this.#find(bytes, 0);
    return !this.#isTwice;
  }

  #find(bytes: Uint8Array, at: number): number {
    this.#begin();
    const last = this.#count;
    this.#count = -1;
    let count = 0;
    let name = -1;
    let end = this.#spaceEnd(bytes, at + 1);
    if (bytes[end] !== BYTE.closeBrace) {
      for (end = at;; count++) {
        name = this.#name(bytes, end + 1, name);
        if (name < 0) return -1;
        if (this.#seen[name] === this.#row) this.#isTwice = true;
        this.#seen[name] = this.#row;
        end = this.#value(bytes, this.#valueAt, name);
        if (end < 0) return -1;
        end = this.#spaceEnd(bytes, end);
        if (bytes[end] !== BYTE.comma) break;
      }
      if (bytes[end] !== BYTE.closeBrace) return -1;
      count++;
    }
    this.#count = count;
    if (!this.#isSame || count !== last) {
      this.#setColumns();
      this.#setOrder();
    }
    return end + 1;
  }

  #begin(): void {
    if (this.#lists.size > mostKnown) this.#lists.clear();
    if (this.#names.length > mostKnown) this.#forgetNames();
    this.#row++;
    this.#isSame = true;
    this.#isTwice = false;
  }

  #forgetNames(): void {
    const lists = [this.#names, this.#keys, this.#next, this.#seen];
    for (const list of lists) list.length = 0;
    this.#numbers.clear();
    this.#lists.clear();
    this.columns = this.numbers = this.#order = [];
  }

  #setColumns(): void {
    const isSeen = (number: number) => this.#seen[number] === this.#row;
    if (this.numbers.length === this.#count && this.numbers.every(isSeen)) {
      return;
    }
    const numbers = [...this.#names.keys()].filter(isSeen);
    const key = numbers.join();
    const known = this.#lists.get(key);
    this.columns = known ?? numbers.map((number) => this.#names[number]!);
    this.numbers = numbers;
    if (!known) this.#lists.set(key, this.columns);
  }

  #setOrder(): void {
    this.#order = [];
    if (this.#isTwice) return;
    for (let name = -1; this.#order.length < this.#count;) {
      name = this.#next[name + 1]!;
      this.#order.push(name);
    }
  }

  /** Steps over a name; gives its number, negative if none comes that is plain. */
  #name(bytes: Uint8Array, at: number, last: number): number {
    const open = this.#spaceEnd(bytes, at);
    const guess = this.#next[last + 1];
    if (guess !== undefined && this.#isAt(guess, bytes, open)) return guess;
    this.#isSame = false;
    let name = this.#knownAt(bytes, open);
    if (name < 0) name = this.#newAt(bytes, open);
    if (name >= 0) this.#next[last + 1] = name;
    return name;
  }

  #isAt(name: number, bytes: Uint8Array, at: number): boolean {
    this.#valueAt = wordEnd(this.#keys[name]!, bytes, at);
    // More white space than before may come.
    return bytes[this.#valueAt]! > 0x20;
  }

  #knownAt(bytes: Uint8Array, at: number): number {
    const few = Math.min(fewNames, this.#names.length);
    for (let name = 0; name < few; name++) {
      if (this.#isAt(name, bytes, at)) return name;
    }
    return -1;
  }

  #newAt(bytes: Uint8Array, open: number): number {
    if (bytes[open] !== BYTE.quote) return -1;
    const close = this.#isChecked
      ? closingQuote(bytes, open + 1)
      : runEnd(bytes, open + 1);
    if (bytes[close] !== BYTE.quote) return -1;
    const colon = this.#spaceEnd(bytes, close + 1);
    if (bytes[colon] !== BYTE.colon) return -1;
    this.#valueAt = this.#spaceEnd(bytes, colon + 1);
    const number = this.#numberOf(bytes.subarray(open + 1, close));
    this.#keys[number] = bytes.slice(open, this.#valueAt);
    return number;
  }

  #numberOf(bytes: Uint8Array): number {
    const isPlain = !bytes.includes(BYTE.backslash);
    const name = decoder.decode(isPlain ? bytes : unescaped(bytes));
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  #spaceEnd(bytes: Uint8Array, at: number): number {
    const end = spaceEnd(bytes, at);
    if (end > at) this.hasSpace = true;
    return end;
  }

  #value(bytes: Uint8Array, at: number, i: number): number {
    const isText = bytes[at] === BYTE.quote;
    const end = isText
      ? this.#string(bytes, at + 1, i)
      : this.#other(bytes, at, i);
    this.starts[i] = isText ? at + 1 : at;
    this.ends[i] = isText ? end - 1 : end;
    return end;
  }

  #string(bytes: Uint8Array, at: number, i: number): number {
    this.kinds[i] = "t";
    for (;;) {
      at = runEnd(bytes, at);
      if (bytes[at] === BYTE.quote) return at + 1;
      if (bytes[at] !== BYTE.backslash) return -1;
      this.kinds[i] = "e";
      at = escapeEnd(bytes, at + 1);
      if (at < 0) return -1;
    }
  }

  #other(bytes: Uint8Array, at: number, i: number): number {
    const byte = bytes[at]!;
    const word = words.get(byte);
    if (word) {
      this.kinds[i] = word[0];
      return wordEnd(word[1], bytes, at);
    }
    if (byte !== BYTE.openBrace && byte !== BYTE.openBracket) {
      return this.#number(bytes, at, i);
    }
    this.kinds[i] = "j";
    return this.#isChecked ? nestedEnd(bytes, at) : -1;
  }

  #number(bytes: Uint8Array, at: number, i: number): number {
    const end = numberEnd(bytes, at);
    const first = bytes[at] === BYTE.minus ? at + 1 : at;
    const isInteger = digitsEnd(bytes, first) === end;
    this.kinds[i] = isInteger ? "i" : "r";
    const isLong = isInteger && end - first > safeDigits;
    return isLong && !this.#isChecked ? -1 : end;
  }
}
