/**
 * Work on bytes that is not done in JavaScript. Loading these modules takes longer
 * than most commands do, so they come in only with what needs them.
 *
 * @module
 */
const { Buffer, isUtf8 } = await import("node:buffer");

export { isUtf8 };

/** Whether two pieces of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
