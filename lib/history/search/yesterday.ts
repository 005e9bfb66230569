/**
 * The backup that was looked at last. Most lines of the next one are the same, and what
 * they are is known: comparing bytes is many times as fast as searching them.
 *
 * @module
 */
import { sameBytes } from "../../bytes.ts";
import { BYTE } from "../../format/json_syntax.ts";
import { byteText } from "./needle.ts";

/** How much of a backup is kept, in bytes; what is beyond that is searched each time. */
const mostKept = 1 << 25;
/** How many bytes are compared at a time, at most and at least. */
const mostBytes = 1 << 16;
const fewestBytes = 1 << 12;
/** How much of a line is enough to find it again, in bytes. */
const lineStart = 200;
/** How far a line is looked for before and after its place of yesterday, in bytes. */
const farBack = 1 << 13;
const farAhead = 1 << 16;

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

/** The rows of a backup, and what was found in them. */
class Day<T> {
  schema = "";
  length = 0;
  marks: Mark<T>[] = [];
  chapters: Chapter[] = [];
  #memory = new Uint8Array(0);

  begin(schema: string, size: number): void {
    this.schema = schema;
    this.length = 0;
    this.marks = [];
    this.chapters = [];
    const needed = Math.min(size, mostKept);
    if (this.#memory.length < needed) this.#memory = new Uint8Array(needed);
  }

  add(bytes: Uint8Array): void {
    const room = this.#memory.length - this.length;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#memory.set(kept, this.length);
    this.length += kept.length;
  }

  bytes(from: number, to: number): Uint8Array {
    return this.#memory.subarray(Math.max(from, 0), Math.min(to, this.length));
  }

  /** Whether what is at a place is kept. */
  keeps(at: number): boolean {
    return at < this.#memory.length;
  }

  /** The table whose line is at a place. */
  tableAt(at: number): string {
    return this.chapters.findLast((chapter) => chapter.at < at)?.table ?? "";
  }
}

/** Compares the lines of one backup after the other with those of the one before. */
export class Yesterday<T> {
  #old = new Day<T>();
  #now = new Day<T>();
  /** Where in the old bytes the next ones may be. */
  #at = 0;
  /** Whether they are known to be lines of the same table. */
  #isAligned = true;
  #step = mostBytes;
  /** How often in a row the next line was not found. */
  #misses = 0;

  /**
   * Begins with the next backup. If its tables are not the same ones, nothing is known.
   *
   * @param schema The definitions of the tables.
   * @param size How long it is, in bytes; about.
   */
  begin(schema: string, size: number): void {
    this.#now.begin(schema, size);
    if (this.#old.schema !== schema) this.#old.begin(schema, 0);
    this.#at = 0;
    this.#isAligned = true;
    this.#misses = 0;
  }

  /** Ends with a backup that has been seen to its end. */
  end(): void {
    [this.#old, this.#now] = [this.#now, this.#old];
  }

  /** Notes that a table's rows begin after so many more bytes. */
  noteTable(table: string, ahead: number): void {
    this.#now.chapters.push({ at: this.#now.length + ahead, table });
  }

  /** Notes what was found after so many more bytes. */
  note(known: T, ahead: number): void {
    const at = this.#now.length + ahead;
    if (this.#now.keeps(at)) this.#now.marks.push({ at, known });
  }

  /** Keeps lines that have been searched. */
  keep(lines: Uint8Array): void {
    this.#now.add(lines);
    this.#at += lines.length;
    this.#isAligned = false;
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
    if (!this.#isAligned && !this.#align(block, from, table)) return 0;
    const same = this.#sameLength(block, from);
    if (same === 0) return 0;
    this.#repeat(this.#at, same, listener);
    this.#now.add(block.subarray(from, from + same));
    this.#at += same;
    this.#misses = 0;
    return same;
  }

  /** How far to search before the next line may be the same again: a line's end. */
  searchTo(block: Uint8Array, from: number): number {
    const least = from + (fewestBytes << Math.min(this.#misses++, 8));
    if (least >= block.length) return block.length;
    return block.indexOf(BYTE.newline, least - 1) + 1;
  }

  #sameLength(block: Uint8Array, from: number): number {
    for (let size = this.#step;; size >>= 2) {
      const most = this.#old.bytes(this.#at, this.#at + size);
      const next = block.subarray(from, from + most.length);
      const old = most.subarray(0, next.length);
      if (sameBytes(next, old)) {
        this.#step = Math.min(mostBytes, size * 2);
        return next.lastIndexOf(BYTE.newline) + 1 ||
          this.#sameLine(block, from);
      }
      this.#step = Math.max(size >> 2, fewestBytes);
      if (size <= fewestBytes) return 0;
    }
  }

  /** The length of a long line, if it is the same. */
  #sameLine(block: Uint8Array, from: number): number {
    const end = block.indexOf(BYTE.newline, from) + 1;
    const old = this.#old.bytes(this.#at, this.#at + end - from);
    return sameBytes(block.subarray(from, end), old) ? end - from : 0;
  }

  /** Finds the next line in yesterday's rows of the same table. */
  #align(block: Uint8Array, from: number, table: string): boolean {
    const end = block.indexOf(BYTE.newline, from) + 1;
    const line = block.subarray(from, Math.min(end, from + lineStart));
    const old = this.#old;
    if (old.tableAt(this.#at) !== table) {
      const chapter = old.chapters.find((chapter) => chapter.table === table);
      if (!chapter) return false;
      this.#at = chapter.at + 1;
    }
    const found = this.#isThere(line) ? this.#at : this.#placeOf(line);
    if (found < 0 || old.tableAt(found) !== table) return false;
    this.#at = found;
    return this.#isAligned = true;
  }

  #isThere(line: Uint8Array): boolean {
    const old = this.#old.bytes(this.#at - 1, this.#at + line.length);
    return old[0] === BYTE.newline && sameBytes(old.subarray(1), line);
  }

  #placeOf(line: Uint8Array): number {
    const start = Math.max(0, this.#at - farBack);
    const near = this.#old.bytes(start, this.#at + farAhead);
    const found = byteText(near).indexOf("\n" + byteText(line));
    return found < 0 ? -1 : start + found + 1;
  }

  /** Says again what was found in some lines. */
  #repeat(from: number, length: number, listener: Listener<T>): void {
    const [old, now] = [this.#old, this.#now];
    const shift = now.length - from;
    const chapters = between(old.chapters, from, from + length);
    const marks = between(old.marks, from, from + length);
    let next = chapters.next().value;
    const turnTo = (at: number) => {
      for (; next && next.at < at; next = chapters.next().value) {
        now.chapters.push({ at: next.at + shift, table: next.table });
        listener.table(next.table);
      }
    };
    for (const { at, known } of marks) {
      turnTo(at);
      now.marks.push({ at: at + shift, known });
      listener.again(known);
    }
    turnTo(Infinity);
  }
}

/** Those of a list, sorted by their places, that are at some places. */
function* between<P extends { at: number }>(
  places: readonly P[],
  from: number,
  to: number,
): Generator<P, undefined> {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.at < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < places.length; i++) {
    const place = places[i]!;
    if (place.at >= to) return;
    yield place;
  }
}
