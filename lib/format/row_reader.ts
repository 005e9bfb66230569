/**
 * Rows out of a backup: JSON objects into cells, or many of them as they are.
 *
 * @module
 */
import { FileRow } from "./file_row.ts";
import type { JsonScanner } from "./json_scanner.ts";
import { BYTE, spaceEnd, wordEnd } from "./json_syntax.ts";
import { RowScan } from "./row_scan.ts";
import { ROW_SEPARATOR } from "./version1.ts";

/** Rows of simple values and of the same columns. */
export interface RowBatch {
  /** The columns in any order; the same list for all batches that have them. */
  columns: readonly string[];
  /** The rows: a JSON array without its brackets. Holds until the next rows are read. */
  json: Uint8Array;
}

/** The most rows stepped over at a time. */
const mostSkipped = 4096;
/** How long a batch should be, in bytes: statements that are kept hold their last one. */
const batchSize = 1 << 17;

/** Reads one row after another. */
export class RowReader {
  /** The number of the row that is being read or was last, from 1; 0: none yet. */
  count = 0;
  #scan = new RowScan();
  /** The columns that all rows should have. */
  #columns: readonly string[] | undefined;
  #isUniform = true;

  constructor(readonly scanner: JsonScanner) {}

  /**
   * The columns of the rows stepped over if these are lines as an export writes them,
   * all with the same columns and simple values.
   */
  get uniform(): readonly string[] | undefined {
    return this.#isUniform && !this.#scan.hasSpace ? this.#columns : undefined;
  }

  /**
   * Steps over one row, which must come next.
   *
   * @throws {BackupError} if the next value is not a JSON object.
   */
  skip(): void {
    this.count++;
    const end = this.#simpleEnd();
    this.#isUniform &&= end >= 0 && this.#hasColumns();
    if (end >= 0) this.scanner.source.pos = end;
    else this.scanner.value();
  }

  /**
   * Steps over rows of simple values that follow, and the commas before them.
   *
   * @returns Whether more of them may follow: only some thousands are stepped over.
   */
  skipSimple(): boolean {
    for (let rows = 0; rows < mostSkipped; rows++) {
      const end = this.#nextEnd();
      if (end < 0) return false;
      this.#isUniform &&= this.#hasColumns();
      this.scanner.source.pos = end;
      this.count++;
    }
    return true;
  }

  /**
   * Reads one row, which must come next. It holds until the next row is read.
   *
   * @throws {BackupError} if it is not an object or a column comes twice. That SQLite
   * cannot hold a value may show only if the cells are asked for.
   */
  read(): FileRow {
    this.count++;
    const { source } = this.scanner;
    const end = this.#simpleEnd();
    if (end < 0) return this.#anyRow();
    source.pos = end;
    return this.#row(source.bytes);
  }

  /**
   * Reads the rows that come next: those of simple values and the same columns, up to
   * some hundred of them, or else one.
   *
   * @throws {BackupError} as `read()` does.
   */
  readSome(): RowBatch | FileRow {
    this.count++;
    const { source } = this.scanner;
    let end = this.#simpleEnd();
    if (end < 0) return this.#anyRow();
    const { columns } = this.#scan;
    source.keep = source.pos;
    source.pos = end;
    while (source.pos - source.keep < batchSize) {
      end = this.#nextEnd();
      if (end < 0 || this.#scan.columns !== columns) break;
      source.pos = end;
      this.count++;
    }
    const json = source.bytes.subarray(source.keep, source.pos);
    source.keep = -1;
    return { columns, json };
  }

  /** Whether the last row has the columns of the first one. */
  #hasColumns(): boolean {
    this.#columns ??= this.#scan.columns;
    return this.#columns === this.#scan.columns;
  }

  /** Where the next row ends; negative if it has values that are not simple. */
  #simpleEnd(): number {
    const { source } = this.scanner;
    if (this.scanner.peek() !== BYTE.openBrace) {
      throw this.scanner.fault("a row that is no object");
    }
    const end = this.#scan.simple(source.bytes, source.pos);
    if (end >= 0 || !source.lookAhead()) return end;
    return this.#scan.simple(source.bytes, source.pos);
  }

  /** Where the row after the next comma ends; negative if its values are not simple. */
  #nextEnd(): number {
    const end = this.#endAfterComma();
    if (end >= 0 || !this.scanner.source.lookAhead()) return end;
    return this.#endAfterComma();
  }

  #endAfterComma(): number {
    const { bytes, pos } = this.scanner.source;
    const comma = spaceEnd(bytes, pos);
    if (bytes[comma] !== BYTE.comma) return -1;
    const next = spaceEnd(bytes, comma + 1);
    if (bytes[next] !== BYTE.openBrace) return -1;
    if (next !== wordEnd(ROW_SEPARATOR, bytes, pos)) this.#isUniform = false;
    return this.#scan.skip(bytes, next);
  }

  #anyRow(): FileRow {
    const { source } = this.scanner;
    source.keep = source.pos;
    this.scanner.value();
    const bytes = source.bytes.subarray(source.keep, source.pos);
    source.keep = -1;
    if (!this.#scan.any(bytes)) {
      throw this.scanner.fault("a column that comes twice");
    }
    const row = this.#row(bytes);
    row.make();
    return row;
  }

  #row(bytes: Uint8Array): FileRow {
    return new FileRow(this.#scan, bytes, (what) => this.scanner.fault(what));
  }
}
