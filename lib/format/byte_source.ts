/**
 * A file's bytes through a window that moves on, so that memory stays flat
 * whatever the file's size.
 *
 * @module
 */

import { free } from "../bytes.ts";

/** How much is read at first, which is all that a small table needs, in bytes. */
const firstSize = 1 << 16;

/** How much is read at a time from then on, in bytes. */
const readSize = 1 << 20;

/** A longer line need not stay in the window from its start, in bytes. */
const keptLine = 1 << 16;

const newline = 0x0a;

/** What the source reads from: a file, or bytes in memory. */
export interface ByteReader {
  /** Fills a part of `into`; gives the number of bytes, `null` at the end. */
  readSync(into: Uint8Array): number | null;
}

/** The window. `bytes[pos]` is the next byte while `pos < end`. */
export class ByteSource {
  /** The window's bytes; valid up to `end`, followed by a zero. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(firstSize);
  /** Where the next byte is in the window. */
  pos = 0;
  /** Where the window's valid bytes end. */
  end = 0;
  /** Bytes from here on survive `fill()`; negative: none need to. */
  keep: number = -1;
  /** Where the window starts, counted from the first byte read. */
  #start = 0;
  #startsLine = true;
  #begun = false;
  #done = false;

  /**
   * @param reader Where the bytes come from.
   * @param origin The offset in the file of the first byte read.
   * @param onPassed Called with every byte that leaves the window, in order.
   */
  constructor(
    readonly reader: ByteReader,
    readonly origin = 0,
    readonly onPassed: (bytes: Uint8Array) => void = () => {},
  ) {}

  /** The offset in the file of the next byte. */
  get offset(): number {
    return this.origin + this.#start + this.pos;
  }

  /**
   * Reads on, once the window is used up. Positions in the window change;
   * what lies at `keep` stays in it.
   *
   * @returns Whether there is a next byte.
   */
  fill(): boolean {
    return this.pos < this.end || this.more();
  }

  /**
   * Reads on though the window may not be used up. Positions in it change.
   *
   * @returns Whether more bytes came.
   */
  more(): boolean {
    if (this.#done) return false;
    this.#pass(this.#passable());
    this.#grow();
    const free = this.bytes.subarray(this.end, -1);
    const count = this.reader.readSync(free);
    if (!count) this.#done = true;
    else this.end += count;
    this.bytes[this.end] = 0;
    return !this.#done;
  }

  /**
   * Reads on if the window ends soon, so that what comes next is all in it, unless it
   * is long.
   *
   * @returns Whether more bytes came.
   */
  lookAhead(): boolean {
    let came = false;
    while (this.end - this.pos < readSize && this.more()) came = true;
    return came;
  }

  /** Frees the window; nothing more can be read. */
  release(): void {
    this.#done = true;
    this.pos = this.end;
    free(this.bytes);
  }

  /**
   * Passes on the bytes up to the start of the current line.
   *
   * @returns `false` if later bytes had been passed on before.
   */
  passLine(): boolean {
    const start = this.#lineStart();
    if (start >= 0) this.#pass(start);
    return start >= 0;
  }

  // A checksum counts up to the start of a line, so the current line waits, as
  // long as it is short. In what is kept it need not be looked for.
  #passable(): number {
    const { keep, pos } = this;
    if (keep >= 0 && pos - keep >= keptLine) return keep;
    const start = this.#lineStart();
    const passable = start >= 0 && pos - start < keptLine ? start : pos;
    return keep < 0 ? passable : Math.min(passable, keep);
  }

  #lineStart(): number {
    const at = this.pos > 0
      ? this.bytes.lastIndexOf(newline, this.pos - 1)
      : -1;
    if (at >= 0) return at + 1;
    return this.#startsLine ? 0 : -1;
  }

  #pass(count: number): void {
    if (count === 0) return;
    this.onPassed(this.bytes.subarray(0, count));
    this.#startsLine = this.bytes[count - 1] === newline;
    this.bytes.copyWithin(0, count, this.end);
    this.#start += count;
    this.pos -= count;
    this.end -= count;
    this.bytes[this.end] = 0;
    if (this.keep >= 0) this.keep -= count;
  }

  #grow(): void {
    const isFirst = !this.#begun;
    this.#begun = true;
    if (isFirst || this.bytes.length - this.end > readSize / 2) return;
    const larger = new Uint8Array(Math.max(readSize, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}
