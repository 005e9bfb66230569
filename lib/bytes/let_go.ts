/**
 * Memory that is freed before the garbage collector comes to it.
 *
 * @module
 */

/**
 * Frees bytes at once, with all of their buffer, where nobody has taken that over.
 * Left to the garbage collector, large ones would pile up by the hundred.
 */
export function letGo(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (!buffer.detached) buffer.transfer(0);
}
