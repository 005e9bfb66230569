/**
 * A file that gives the same bytes at every reading, or none.
 *
 * A backup is read once to be checked and again to be applied, and between the two an
 * import may wait for a lock, for minutes. If somebody rewrites the file in place
 * meanwhile, what is applied would not be what was checked. So each block has its
 * checksum taken the first time that it is read, and compared every other time before
 * any of it is used. A time of modification would not do: it can be kept.
 *
 * A CRC-32 is enough for that and takes a tenth of the time of SHA-256. It does not stop
 * somebody who forges a file, but who may do that here may as well forge the backup
 * before it is checked.
 *
 * @module
 */
import { crc32 } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { readInto } from "../file.ts";
import type { ByteReader } from "./byte_source.ts";

/** What a checksum is taken of, in bytes; all that a small table needs. */
const blockSize = 1 << 16;
/** The most that is read at a time, in bytes. */
const mostHeld = 1 << 20;

/** Reads a file. The first reading must go from its start to its end. */
export class CheckedFile implements ByteReader {
  /** The checksums of the blocks, as far as the first reading has come. */
  #sums: number[] = [];
  /** The size of the file, once the first reading has come to its end. */
  #end = Infinity;
  #at = 0;
  /** Bytes that have been read, and their offset. */
  #held = new Uint8Array(0);
  #start = 0;

  /** @param file The file; nobody else may move its position. */
  constructor(readonly file: Deno.FsFile) {}

  /** Reads from another offset next. */
  seek(offset: number): void {
    this.#at = offset;
  }

  /**
   * Fills a part of `into`.
   *
   * @returns The number of bytes; `null` at the end.
   * @throws {BackupError} if the file has changed since the first reading.
   */
  readSync(into: Uint8Array): number | null {
    if (this.#at >= this.#end || into.length === 0) return null;
    const isHeld = this.#at >= this.#start &&
      this.#at < this.#start + this.#held.length;
    if (!isHeld) this.#read(into.length);
    const from = this.#at - this.#start;
    const some = this.#held.subarray(from, from + into.length);
    into.set(some);
    this.#at += some.length;
    return some.length || null;
  }

  /** Closes the file. */
  close(): void {
    this.file.close();
  }

  /** Reads the blocks from the present offset on, about as many as are asked for. */
  #read(asked: number): void {
    const first = Math.floor(this.#at / blockSize);
    const blocks = Math.ceil(Math.min(asked, mostHeld) / blockSize);
    this.#start = first * blockSize;
    const length = Math.min(blocks * blockSize, this.#end - this.#start);
    const buffer = this.#held.buffer.byteLength < length
      ? new ArrayBuffer(length)
      : this.#held.buffer;
    const room = new Uint8Array(buffer, 0, length);
    this.#held = room.subarray(0, readInto(room, this.file, this.#start));
    const isShort = this.#held.length < length;
    if (isShort && this.#end < Infinity) throw changed();
    if (isShort) this.#end = this.#start + this.#held.length;
    for (let i = 0; i * blockSize < this.#held.length; i++) {
      const from = i * blockSize;
      this.#check(first + i, this.#held.subarray(from, from + blockSize));
    }
  }

  #check(block: number, bytes: Uint8Array): void {
    const sum = crc32(bytes);
    if ((this.#sums[block] ??= sum) !== sum) throw changed();
  }
}

function changed(): BackupError {
  return new BackupError(
    "the file was changed while it was being read; try again when nothing " +
      "writes to it",
  );
}
