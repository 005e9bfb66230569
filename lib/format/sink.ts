/**
 * A backup's bytes on their way into its file.
 *
 * @module
 */
import { createHash } from "../bytes.ts";

/** Small pieces are gathered up to this, in bytes. */
const bufferSize = 1 << 18;

/** Gathers small pieces, counts all bytes into the checksum and writes them. */
export class FileSink {
  #hash = createHash("sha256");
  #encoder = new TextEncoder();
  #buffer = new Uint8Array(bufferSize);
  #held = 0;
  /** How many bytes have been taken, in all. */
  bytes = 0;

  /** @param file Where the bytes go. */
  constructor(readonly file: Deno.FsFile) {}

  /** Takes text. */
  text(text: string): void {
    this.write(this.#encoder.encode(text));
  }

  /**
   * Takes bytes.
   *
   * @throws {Error} if the disk is full or the file too large.
   */
  write(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.#held + bytes.length > bufferSize) this.flush();
    if (bytes.length >= bufferSize) this.#put(bytes);
    else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
  }

  /** The SHA-256 of all bytes so far, in hexadecimal; more may follow. */
  checksum(): string {
    this.flush();
    return this.#hash.copy().digest("hex");
  }

  /** Writes what is held back. */
  flush(): void {
    this.#put(this.#buffer.subarray(0, this.#held));
    this.#held = 0;
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (let at = 0; at < bytes.length;) {
      at += this.file.writeSync(bytes.subarray(at));
    }
  }
}
