/**
 * Memory for pieces of files that is used again: the system takes longer to give new
 * memory than to fill it.
 *
 * @module
 */

/** How large the pieces are, in bytes. */
const pieceSize = 1 << 18;

/** Pieces of memory that are lent, and come back. */
export class Pieces {
  #free: ArrayBuffer[] = [];
  #lent: Set<ArrayBuffer> = new Set();

  /** Lends a piece, to read into. */
  lend(): Uint8Array<ArrayBuffer> {
    const buffer = this.#free.pop() ?? new ArrayBuffer(pieceSize);
    this.#lent.add(buffer);
    return new Uint8Array(buffer);
  }

  /** Takes a piece back, if these bytes are in one that was lent. */
  takeBack(bytes: Uint8Array): void {
    if (this.giveAway(bytes)) this.add(bytes.buffer as ArrayBuffer);
  }

  /**
   * Forgets a piece, since another thread gets it.
   *
   * @returns Whether these bytes are in one that was lent.
   */
  giveAway(bytes: Uint8Array): boolean {
    return this.#lent.delete(bytes.buffer as ArrayBuffer);
  }

  /** Adds memory that was given away and came back. */
  add(buffer: ArrayBuffer): void {
    if (buffer.byteLength === pieceSize) this.#free.push(buffer);
  }
}
