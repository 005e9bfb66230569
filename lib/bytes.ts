/**
 * Work on bytes that is not done in JavaScript. Loading this takes longer than
 * `status` and `--help` run, so only what reads or writes rows imports it.
 *
 * @module
 */
const [{ Buffer, isUtf8 }, { createHash }] = await Promise.all([
  import("node:buffer"),
  import("node:crypto"),
]);

export { createHash, isUtf8 };

/** Whether two pieces of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/**
 * Frees bytes at once, with all of their buffer, unless it has been transferred.
 * Left to the garbage collector, large ones would pile up by the hundred.
 */
export function free(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (!buffer.detached) buffer.transfer(0);
}
