/**
 * Writing a backup's bytes: small pieces gathered, all counted into the checksum.
 *
 * @module
 */
import type { ByteScribe } from "../bytes/remote_scribe.ts";

/** Small pieces are gathered up to this, in bytes. */
const bufferSize = 1 << 18;

/** Bytes on their way into a file. */
export class FileSink {
  #buffer = new Uint8Array(bufferSize);
  #held = 0;
  #encoder = new TextEncoder();
  /** How many bytes have been written, in all. */
  bytes = 0;

  constructor(readonly scribe: ByteScribe) {}

  /** Writes text. */
  text(text: string): void {
    this.write(this.#encoder.encode(text));
  }

  /**
   * Writes bytes. A large piece that fills its buffer may be taken over; it must
   * not be used afterwards.
   *
   * @throws {Error} where the disk is full or the file too large.
   */
  write(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.#held + bytes.length > bufferSize) this.#flush();
    if (bytes.length >= bufferSize) {
      this.scribe.put(bytes);
    } else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
  }

  /** The checksum of all bytes so far, and whether they are UTF-8. */
  state(): { checksum: string; utf8: boolean } {
    this.#flush();
    return this.scribe.state();
  }

  /** Writes what is held back and makes sure that it is on the disk. */
  finish(): void {
    this.#flush();
    this.scribe.sync();
  }

  /** Begins anew, with an empty file. */
  restart(): void {
    this.#held = 0;
    this.bytes = 0;
    this.scribe.restart();
  }

  #flush(): void {
    if (this.#held === 0) return;
    this.scribe.put(this.#buffer.subarray(0, this.#held));
    // One that was full may have been taken over.
    if (this.#buffer.buffer.detached) this.#buffer = new Uint8Array(bufferSize);
    this.#held = 0;
  }
}
