/**
 * Rows that are alike in whatever layout, as the lines that an export writes of them.
 *
 * @module
 */
import type { ByteReader, ByteSource } from "./byte_source.ts";
import { BYTE } from "./json_syntax.ts";
import { JsonScanner } from "./json_scanner.ts";
import { RowReader } from "./row_reader.ts";

/** So many bytes are given at a time, about. */
const enough = 1 << 15;
/** How long the comma and the newline are. */
const betweenSize = 2;

/** Gives the rows' bytes: a line each, with a comma between one and the next. */
export class TightRows implements ByteReader {
  #rows: RowReader;
  #left: number;
  #isFirst = true;
  /** What has been written, and how much of it has been given. */
  #held = new Uint8Array(2 * enough);
  #given = 0;
  #end = 0;

  /**
   * @param source Where the rows are, at the first row's first byte.
   * @param rows How many there are.
   */
  constructor(source: ByteSource, rows: number) {
    this.#rows = new RowReader(new JsonScanner(source));
    this.#left = rows;
  }

  /** Gives the next bytes, as a file does. */
  readSync(into: Uint8Array): number | null {
    let count = 0;
    while (count < into.length) {
      if (this.#given === this.#end && !this.#write()) break;
      const length = Math.min(this.#end - this.#given, into.length - count);
      const next = this.#held.subarray(this.#given, this.#given + length);
      into.set(next, count);
      count += length;
      this.#given += length;
    }
    return count > 0 ? count : null;
  }

  /** Frees its memory. */
  release(): void {
    this.#rows.scanner.source.release();
  }

  /** Writes the next rows; `false` where there are none. */
  #write(): boolean {
    this.#given = this.#end = 0;
    for (; this.#left > 0 && this.#end < enough; this.#left--) this.#writeRow();
    return this.#end > 0;
  }

  #writeRow(): void {
    const { scanner } = this.#rows;
    if (!this.#isFirst) scanner.expect(BYTE.comma);
    const form = this.#rows.plain();
    if (!form) throw scanner.fault("a row unlike the others");
    this.#reserve(form.size + betweenSize);
    if (!this.#isFirst) {
      this.#held[this.#end++] = BYTE.comma;
      this.#held[this.#end++] = BYTE.newline;
    }
    this.#isFirst = false;
    const { bytes } = scanner.source;
    this.#end = form.writeTight(bytes, this.#held, this.#end);
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#held.length) return;
    const longer = new Uint8Array(this.#end + count);
    longer.set(this.#held.subarray(0, this.#end));
    this.#held = longer;
  }
}
