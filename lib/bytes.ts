/**
 * Work on bytes that is not done in JavaScript. Loading this takes longer than
 * `status` and `--help` run, so only what reads or writes rows imports it.
 *
 * @module
 */
const [{ Buffer, isUtf8 }, { createHash }, zlib] = await Promise.all([
  import("node:buffer"),
  import("node:crypto"),
  import("node:zlib"),
]);

export { createHash, isUtf8 };

/** The CRC-32 of some bytes. */
export const crc32: (bytes: Uint8Array) => number = zlib.crc32;

/** Whether two pieces of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Whether as many bytes from a place on are the same in both. */
export function sameRange(
  a: Uint8Array,
  from: number,
  b: Uint8Array,
  fromB: number,
  length: number,
): boolean {
  const [end, endB] = [from + length, fromB + length];
  return Buffer.prototype.compare.call(a, b, fromB, endB, from, end) === 0;
}

/**
 * Frees bytes at once, with all of their buffer, unless it has been transferred.
 * Left to the garbage collector, large ones would pile up by the hundred.
 */
export function free(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (!buffer.detached) buffer.transfer(0);
}

/** Checks bytes that come in pieces for being UTF-8. */
export class Utf8Check {
  #tail: Uint8Array = new Uint8Array(0);
  #valid = true;

  /** Whether all bytes so far are, the last character whole. */
  get valid(): boolean {
    return this.#valid && this.#tail.length === 0;
  }

  /** Counts these bytes in. */
  update(bytes: Uint8Array): void {
    if (!this.#valid || bytes.length === 0) return;
    const rest = this.#finishCharacter(bytes);
    const whole = rest.length - unfinished(rest);
    this.#valid &&= isUtf8(rest.subarray(0, whole));
    if (whole < rest.length) this.#tail = rest.slice(whole);
  }

  /** Completes the character that the last piece broke off; gives what follows it. */
  #finishCharacter(bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (this.#tail.length > 0 && at < bytes.length) {
      const longer = new Uint8Array([...this.#tail, bytes[at++] ?? 0]);
      const open = unfinished(longer);
      this.#valid &&= open > 0 ? open === longer.length : isUtf8(longer);
      this.#tail = open > 0 && this.#valid ? longer : new Uint8Array(0);
    }
    return bytes.subarray(at);
  }
}

/** How many bytes at the end begin a character that is not all there. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}
