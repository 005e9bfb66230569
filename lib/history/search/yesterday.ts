/**
 * The backup that was looked at last. Most lines of the next one are the same, and what
 * they are is known: comparing bytes is many times as fast as searching them.
 *
 * @module
 */
import { BYTE } from "../../format/json_syntax.ts";
import { byteText } from "./needle.ts";
import { TwoDays } from "./two_days.ts";

/** How much is searched at a time if no line is found, in bytes, at least. */
const fewestBytes = 1 << 10;
/** How much of a line is enough to find it again, in bytes. */
const lineStart = 200;
/** How far around its place of yesterday a line is looked for, in bytes. */
const nearest = 1 << 6;
const farthest = 1 << 14;

/** What was found at a place in the bytes. */
interface Mark<T> {
  at: number;
  /** What the line is known as. */
  known: T;
}

/** A table whose rows begin at a place in the bytes. */
interface Chapter {
  at: number;
  table: string;
}

/** Is told what yesterday's lines were. */
export interface Listener<T> {
  /** A table's rows begin. */
  table(name: string): void;
  /** A line that was found yesterday is there again. */
  again(known: T): void;
}

/** What was found in the rows of a backup. */
class Day<T> {
  marks: Mark<T>[] = [];
  chapters: Chapter[] = [];

  constructor(readonly schema: string) {}

  /** The table whose line is at a place. */
  tableAt(at: number): string {
    return this.chapters.findLast((chapter) => chapter.at < at)?.table ?? "";
  }
}

/** Compares the lines of one backup after the other with those of the one before. */
export class Yesterday<T> {
  #lines = new TwoDays();
  #old = new Day<T>("");
  #now = new Day<T>("");
  /** Where in the old bytes the next ones may be. */
  #at = 0;
  /** Whether they are known to be lines of the same table. */
  #isAligned = true;
  /** Whether what came last has been seen to its end. */
  #hasEnded = false;
  /** Whether the next line is known to be another. */
  #isNextOther = false;
  /** How often in a row the next line was not found. */
  #misses = 0;

  /**
   * Begins with the next backup. If its tables are not the same ones, nothing is known.
   *
   * @param schema The definitions of the tables.
   * @param size How long it is, in bytes; about.
   */
  begin(schema: string, size: number): void {
    // What broke off has been put over some of the lines before it.
    const isSame = this.#hasEnded && this.#now.schema === schema;
    this.#old = isSame ? this.#now : new Day(schema);
    this.#now = new Day(schema);
    this.#lines.begin(size, isSame);
    this.#hasEnded = false;
    this.#at = 0;
    this.#isAligned = true;
    this.#isNextOther = false;
    this.#misses = 0;
  }

  /** Ends with a backup that has been seen to its end. */
  end(): void {
    this.#hasEnded = true;
  }

  /** Notes that a table's rows begin after so many more bytes. */
  noteTable(table: string, ahead: number): void {
    this.#now.chapters.push({ at: this.#lines.length + ahead, table });
  }

  /** Notes what was found after so many more bytes. */
  note(known: T, ahead: number): void {
    const at = this.#lines.length + ahead;
    if (this.#lines.keeps(at)) this.#now.marks.push({ at, known });
  }

  /** Keeps lines that have been searched. */
  keep(lines: Uint8Array): void {
    this.#lines.add(lines);
    this.#at += lines.length;
    this.#isAligned = false;
    this.#isNextOther = false;
  }

  /**
   * Steps over lines that are the same as before.
   *
   * @param block Whole lines.
   * @param from Where the next one begins in it.
   * @param table The table that the line before it is of.
   * @returns The length of the lines in bytes; 0 if the next one may not be the same.
   */
  skip(
    block: Uint8Array,
    from: number,
    table: string,
    listener: Listener<T>,
  ): number {
    if (this.#isNextOther) return 0;
    if (!this.#isAligned && !this.#align(block, from, table)) return 0;
    const same = this.#sameLength(block, from);
    if (same <= 0) return 0;
    this.#tell(this.#at, same, listener);
    this.#lines.repeat(this.#at, same);
    this.#at += same;
    this.#misses = 0;
    return same;
  }

  /**
   * How far to search before the next line may be the same again: a line's end. That is
   * one line at first, and more and more if no line is found.
   */
  searchTo(block: Uint8Array, from: number): number {
    const misses = this.#misses++;
    const least = misses === 0 ? 1 : fewestBytes << Math.min(misses, 10);
    if (from + least >= block.length) return block.length;
    return block.indexOf(BYTE.newline, from + least - 1) + 1;
  }

  /** The length of the next lines that are the same. */
  #sameLength(block: Uint8Array, from: number): number {
    const same = this.#lines.sameLength(this.#at, block, from);
    this.#isNextOther = from + same < block.length;
    if (same === 0) return 0;
    return block.lastIndexOf(BYTE.newline, from + same - 1) + 1 - from;
  }

  /** Finds the next line in yesterday's rows of the same table. */
  #align(block: Uint8Array, from: number, table: string): boolean {
    const old = this.#old;
    if (old.tableAt(this.#at) !== table) {
      const chapter = old.chapters.find((chapter) => chapter.table === table);
      if (!chapter) return false;
      this.#at = chapter.at + 1;
    }
    const found = this.#placeOf(block, from);
    if (found < 0 || old.tableAt(found) !== table) return false;
    this.#at = found;
    return this.#isAligned = true;
  }

  #placeOf(block: Uint8Array, from: number): number {
    const [lines, at] = [this.#lines, this.#at];
    const end = block.indexOf(BYTE.newline, from) + 1;
    const length = Math.min(end - from, lineStart);
    if (lines.isLine(at, block, from, length)) return at;
    const far = Math.min(nearest << (2 * this.#misses), farthest);
    const text = byteText(block.subarray(from, from + length));
    return lines.placeOf(text, at - far, at + length + far);
  }

  /** Says again what was found in some lines. */
  #tell(from: number, length: number, listener: Listener<T>): void {
    const { marks, chapters } = this.#old;
    const to = from + length;
    const shift = this.#lines.length - from;
    let chapter = firstFrom(chapters, from);
    for (let i = firstFrom(marks, from);; i++) {
      const mark = marks[i];
      const end = mark && mark.at < to ? mark.at : to;
      for (let next; (next = chapters[chapter]) && next.at < end; chapter++) {
        this.#now.chapters.push({ at: next.at + shift, table: next.table });
        listener.table(next.table);
      }
      if (!mark || end === to) return;
      this.#now.marks.push({ at: mark.at + shift, known: mark.known });
      listener.again(mark.known);
    }
  }
}

/** The index of the first of some places, sorted, that is not before another. */
function firstFrom(places: readonly { at: number }[], from: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.at < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
