/**
 * Rows out of a backup: JSON objects into cells, or many of them as they are.
 *
 * @module
 */
import type { CellValue, Kind, Row } from "../database/cells.ts";
import type { JsonScanner } from "./json_scanner.ts";
import { BYTE, spaceEnd, wordEnd } from "./json_syntax.ts";
import { RowScan, type ValueKind } from "./row_scan.ts";
import {
  decodeBase64,
  minified,
  parseInteger,
  parseLarge,
  parseReal,
  unescaped,
} from "./values.ts";
import { BASE64, ROW_SEPARATOR } from "./version1.ts";

/** Rows of simple values and of the same columns. */
export interface RowBatch {
  /** The columns in any order; the same list for all batches that have them. */
  columns: readonly string[];
  /** The rows: a JSON array without its brackets. Holds until the next rows are read. */
  json: Uint8Array;
}

/** The most rows stepped over at a time. */
const mostSkipped = 4096;
/** How long a batch should be, in bytes. */
const batchSize = 1 << 19;

const decoder = new TextDecoder();

/** Reads one row after another. */
export class RowReader {
  /** The number of the row that is being read or was last, from 1; 0: none yet. */
  count = 0;
  #scan = new RowScan();
  /** Finds the members of an object that may stand for a BLOB. */
  #members = new RowScan();
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
   * Reads one row, which must come next. Its bytes are views that hold until
   * the next row is read.
   *
   * @throws {BackupError} if it is not an object, a column comes twice, or SQLite
   * cannot hold a value.
   */
  read(): Row {
    this.count++;
    const { source } = this.scanner;
    const end = this.#simpleEnd();
    if (end < 0) return this.#anyRow();
    source.pos = end;
    return this.#row(source.bytes);
  }

  /**
   * Reads the rows that come next: those of simple values and the same columns, about
   * half a megabyte of them, or else one.
   *
   * @throws {BackupError} as `read()` does.
   */
  readSome(): RowBatch | Row {
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
    return this.#scan.simple(bytes, next);
  }

  #anyRow(): Row {
    const { source } = this.scanner;
    source.keep = source.pos;
    this.scanner.value();
    const bytes = source.bytes.subarray(source.keep, source.pos);
    source.keep = -1;
    if (this.#scan.any(bytes)) return this.#row(bytes);
    throw this.scanner.fault("a column that comes twice");
  }

  #row(bytes: Uint8Array): Row {
    const { columns, numbers, starts, ends } = this.#scan;
    const kinds: Kind[] = [];
    const values: CellValue[] = [];
    for (let i = 0; i < columns.length; i++) {
      const n = numbers[i]!;
      const kind = this.#scan.kinds[n]!;
      const json = bytes.subarray(starts[n], ends[n]);
      const simple = simpleCell(kind, json);
      if (simple === undefined) {
        [kinds[i], values[i]] = this.#otherCell(kind, json);
      } else {
        kinds[i] = kindOf(kind);
        values[i] = simple;
      }
    }
    return { columns, kinds, values };
  }

  #otherCell(kind: ValueKind, json: Uint8Array): [Kind, CellValue] {
    if (kind === "i") {
      const real = parseLarge(json);
      if (real !== undefined) return ["r", real];
      throw this.scanner.fault("an integer that 64 bits do not hold");
    }
    const blob = this.#base64(json);
    if (!blob) return ["t", minified(json)];
    const decoded = decodeBase64(blob.encoded);
    if (decoded) return [blob.kind, decoded];
    throw this.scanner.fault("malformed base64");
  }

  // The form of a BLOB that sqlite-utils writes, if it is not just a nested value.
  #base64(
    json: Uint8Array,
  ): { kind: Kind; encoded: Uint8Array } | undefined {
    const scan = this.#members;
    if (json[0] !== BYTE.openBrace || !scan.any(json)) return;
    const find = (name: string, ...kinds: ValueKind[]) => {
      const n = scan.numbers[scan.columns.indexOf(name)] ?? -1;
      if (!kinds.includes(scan.kinds[n]!)) return;
      const bytes = json.subarray(scan.starts[n], scan.ends[n]);
      return scan.kinds[n] === "e" ? unescaped(bytes) : bytes;
    };
    const encoded = find(BASE64.data, "t", "e");
    const type = find(BASE64.type, "t", "e");
    if (!find(BASE64.marker, "true") || !encoded) return;
    if (scan.columns.length !== (type ? 3 : 2)) return;
    if (type && decoder.decode(type) !== BASE64.text) return;
    return { kind: type ? "x" : "b", encoded };
  }
}

function kindOf(kind: ValueKind): Kind {
  if (kind === "e" || kind === "j") return "t";
  return kind === "true" || kind === "false" ? "i" : kind;
}

/** The cell that a value becomes, if it is simple and fits. */
function simpleCell(kind: ValueKind, json: Uint8Array): CellValue | undefined {
  if (kind === "t") return json;
  if (kind === "n") return null;
  if (kind === "i") return parseInteger(json);
  if (kind === "e") return unescaped(json);
  if (kind === "r") return parseReal(json);
  if (kind === "j") return undefined;
  return kind === "true" ? 1 : 0;
}
