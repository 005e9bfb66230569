/**
 * Work on bytes that is not done in JavaScript. Loading these modules takes longer
 * than most commands do, so they come in only with what needs them.
 *
 * @module
 */
const { Buffer, isUtf8 } = await import("node:buffer");

export { isUtf8 };

/**
 * Frees bytes at once, with all of their buffer, where nobody has taken that over. Left to the garbage
 * collector, large ones would pile up by the hundred.
 */
export function letGo(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (!buffer.detached) buffer.transfer(0);
}

/** Whether two pieces of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
