/**
 * The lines of two backups in little more memory than those of one: where lines of the
 * older one have been passed, those of the newer one are put.
 *
 * @module
 */
import { free, sameRange } from "../../bytes.ts";
import { BYTE } from "../../format/json_syntax.ts";
import { byteText } from "./needle.ts";

/** How much of a backup is kept, in bytes; what is beyond that is searched each time. */
const mostKept = 1 << 25;
/** By how much the newer lines may get ahead of the older ones, in bytes, at least. */
const leastGap = 1 << 18;
/** Beside a backup there is room for so many gaps, before its lines have to be moved. */
const gaps = 4;

/** How many bytes are compared at a time, at first and at most. */
const fewestBytes = 1 << 12;
const mostBytes = 1 << 17;
/** So few are compared one by one. */
const byteByByte = 1 << 5;

/** Some bytes of a file's rows, by their places among all of them. */
interface Stretch {
  /** Where in memory the rows begin. */
  start: number;
  /** How many bytes of them are kept. */
  length: number;
}

/** Keeps the lines of one backup, and of the one before what has not been passed yet. */
export class TwoDays {
  #memory = new Uint8Array(0);
  #old: Stretch = { start: 0, length: 0 };
  #now: Stretch = { start: 0, length: 0 };

  /** How many bytes of the newer backup have come, as far as they are kept. */
  get length(): number {
    return this.#now.length;
  }

  /** How many bytes were kept of the older backup. */
  get oldLength(): number {
    return this.#old.length;
  }

  /** Where the first line of the older one is that has not been replaced. */
  get firstLeft(): number {
    const { start, length } = this.#now;
    return Math.max(0, start + length - this.#old.start);
  }

  /**
   * Begins with the next backup.
   *
   * @param size How long it is, in bytes; about.
   * @param keepsOld Whether what came last is wanted.
   */
  begin(size: number, keepsOld: boolean): void {
    const most = Math.min(size, mostKept);
    const gap = Math.max(most >> 5, leastGap);
    const isTooSmall = this.#memory.length < most + gap;
    if (isTooSmall) {
      free(this.#memory);
      this.#memory = new Uint8Array(most + gaps * gap);
    }
    const old = keepsOld && !isTooSmall ? this.#now : { start: 0, length: 0 };
    if (old.length > 0 && old.start < gap) this.#moveBack(old);
    this.#old = old;
    this.#now = { start: Math.max(0, old.start - gap), length: 0 };
  }

  /** Whether what is at a place of the newer one is kept. */
  keeps(at: number): boolean {
    return at < Math.min(mostKept, this.#memory.length - this.#now.start);
  }

  /** Whether a line of the older one begins at a place, and how it begins. */
  isLine(at: number, bytes: Uint8Array, from: number, length: number): boolean {
    return at > this.firstLeft && at + length <= this.#old.length &&
      this.#memory[this.#old.start + at - 1] === BYTE.newline &&
      this.#isSame(at, bytes, from, length);
  }

  #isSame(
    at: number,
    bytes: Uint8Array,
    from: number,
    length: number,
  ): boolean {
    return sameRange(this.#memory, this.#old.start + at, bytes, from, length);
  }

  /** How many bytes from a place on are the same as others, as far as they are there. */
  sameLength(at: number, bytes: Uint8Array, from: number): number {
    if (at < this.firstLeft) return 0;
    const most = Math.min(this.#old.length - at, bytes.length - from);
    let same = 0;
    let size = fewestBytes;
    for (; same < most; size = Math.min(size * 2, mostBytes)) {
      const length = Math.min(size, most - same);
      if (!this.#isSame(at + same, bytes, from + same, length)) break;
      same += length;
    }
    // There is a difference in the next ones, unless all are the same.
    for (; size >= byteByByte; size >>= 1) {
      if (size > most - same) continue;
      if (this.#isSame(at + same, bytes, from + same, size)) same += size;
    }
    const old = this.#memory;
    const start = this.#old.start + at;
    while (same < most && old[start + same] === bytes[from + same]) same++;
    return same;
  }

  /**
   * Finds a line of the older one.
   *
   * @param text How it begins, a character for each byte.
   * @param from From which place on it is looked for.
   * @param to Up to where.
   * @returns Where it begins; negative: it is not there.
   */
  placeOf(text: string, from: number, to: number): number {
    const { start, length } = this.#old;
    const first = Math.max(from, this.firstLeft);
    const end = start + Math.min(to, length);
    const lines = byteText(this.#memory.subarray(start + first, end));
    const found = lines.indexOf("\n" + text);
    return found < 0 ? -1 : first + found + 1;
  }

  /** Takes over bytes of the older one, which are there. */
  repeat(at: number, length: number): void {
    const from = this.#old.start + at;
    this.#memory.copyWithin(this.#end, from, from + length);
    this.#now.length += length;
  }

  /** Adds new bytes. */
  add(bytes: Uint8Array): void {
    const room = Math.min(
      mostKept - this.length,
      this.#memory.length - this.#end,
    );
    const kept = bytes.subarray(0, Math.max(0, room));
    this.#memory.set(kept, this.#end);
    this.#now.length += kept.length;
  }

  get #end(): number {
    return this.#now.start + this.#now.length;
  }

  #moveBack(old: Stretch): void {
    const start = this.#memory.length - old.length;
    this.#memory.copyWithin(start, old.start, old.start + old.length);
    old.start = start;
  }
}
