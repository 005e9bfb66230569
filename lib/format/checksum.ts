/**
 * The checksum of a backup, and whether its bytes are UTF-8.
 *
 * @module
 */
import { createHash, isUtf8 } from "../native.ts";

/** SHA-256 over bytes as they pass. */
export class Checksum {
  #hash = createHash("sha256");

  /** Counts these bytes in. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** The checksum of all bytes so far, in hexadecimal; more may follow. */
  soFar(): string {
    return this.#hash.copy().digest("hex");
  }
}

/** Checks bytes that come in pieces for being UTF-8. */
export class Utf8Check {
  #tail: Uint8Array = new Uint8Array(0);
  /** Whether all bytes so far are. */
  valid = true;

  /** Counts these bytes in. */
  update(bytes: Uint8Array): void {
    if (!this.valid || bytes.length === 0) return;
    let piece = bytes;
    if (this.#tail.length > 0) {
      piece = new Uint8Array(this.#tail.length + bytes.length);
      piece.set(this.#tail);
      piece.set(bytes, this.#tail.length);
    }
    const whole = piece.length - unfinished(piece);
    this.#tail = piece.slice(whole);
    this.valid = this.#tail.length < 4 && isUtf8(piece.subarray(0, whole));
  }

  /** Says that there are no more bytes. */
  finish(): void {
    this.valid &&= this.#tail.length === 0;
  }
}

/** How many bytes at the end begin a character that is not all there. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}
