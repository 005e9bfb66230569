/**
 * Writing a backup's bytes: buffered, and counted into the checksum.
 *
 * @module
 */
import { Checksum } from "../format/checksum.ts";

/** Small pieces are gathered up to this, in bytes. */
const bufferSize = 1 << 18;

/** Bytes on their way into a file. */
export class FileSink {
  #checksum = new Checksum();
  #buffer = new Uint8Array(bufferSize);
  #held = 0;
  #encoder = new TextEncoder();
  /** How many bytes have been written, in all. */
  bytes = 0;

  constructor(readonly file: Deno.FsFile) {}

  /** Writes text. */
  text(text: string): void {
    this.write(this.#encoder.encode(text));
  }

  /**
   * Writes bytes.
   *
   * @throws {Error} where the disk is full or the file too large.
   */
  write(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.#held + bytes.length > bufferSize) this.#flush();
    if (bytes.length >= bufferSize) {
      this.#put(bytes);
    } else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
  }

  /** The checksum of all bytes so far, in hexadecimal. */
  checksum(): string {
    this.#flush();
    return this.#checksum.soFar();
  }

  /** Writes what is held back and makes sure that it is on the disk. */
  finish(): void {
    this.#flush();
    this.file.syncSync();
  }

  #flush(): void {
    const held = this.#buffer.subarray(0, this.#held);
    this.#held = 0;
    this.#put(held);
  }

  #put(bytes: Uint8Array): void {
    this.#checksum.update(bytes);
    for (let at = 0; at < bytes.length;) {
      at += this.file.writeSync(bytes.subarray(at));
    }
  }
}
