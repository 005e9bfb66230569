/**
 * A row where it lies in a file: cells are made only if they are asked for.
 *
 * @module
 */
import { sameBytes } from "../bytes.ts";
import {
  type CellValue,
  freeLarge,
  type Kind,
  type RawRow,
  type Row,
} from "../database/cells.ts";
import type { BackupError } from "../errors.ts";
import { BYTE } from "./json_syntax.ts";
import { RowScan, type ValueKind } from "./row_scan.ts";
import {
  decodeBase64,
  minified,
  parseInteger,
  parseLarge,
  parseReal,
  unescaped,
} from "./values.ts";
import { BASE64 } from "./version1.ts";

/** Finds the members of objects that may stand for a BLOB. */
const members = new RowScan();
const decoder = new TextDecoder();

/** Such values are compared here, which makes no objects, in bytes. */
const short = 64;

/** A row that a scan has found; it holds until the scan looks for another one. */
export class FileRow implements Row {
  #cells: RawRow | undefined;

  /**
   * @param scan Knows where the values are.
   * @param bytes Holds them.
   * @param fault Makes the error for a value that SQLite cannot hold.
   */
  constructor(
    readonly scan: RowScan,
    readonly bytes: Uint8Array,
    readonly fault: (what: string) => BackupError,
  ) {}

  /** The names of the columns. */
  get columns(): readonly string[] {
    return this.scan.columns;
  }

  /** What each cell holds. */
  get kinds(): readonly Kind[] {
    return this.make().kinds;
  }

  /** The cells. */
  get values(): readonly CellValue[] {
    return this.make().values;
  }

  /**
   * Makes the cells.
   *
   * @throws {BackupError} if SQLite cannot hold a value.
   */
  make(): RawRow {
    if (this.#cells) return this.#cells;
    const kinds: Kind[] = [];
    const values: CellValue[] = [];
    for (const n of this.scan.numbers) {
      const [kind, value] = this.#cell(this.scan.kinds[n]!, this.#json(n));
      kinds.push(kind);
      values.push(value);
    }
    return this.#cells = { kinds, values };
  }

  /** Frees what is large of the cells that were made. */
  free(): void {
    if (this.#cells) freeLarge(this.#cells.values, this.bytes.buffer);
  }

  /** Whether a value stands there just as one of another row. */
  isAlike(i: number, other: FileRow, j: number): boolean {
    const n = this.scan.numbers[i]!;
    const m = other.scan.numbers[j]!;
    if (this.scan.kinds[n] !== other.scan.kinds[m]) return false;
    const length = this.#length(n);
    if (length !== other.#length(m)) return false;
    if (length > short) return sameBytes(this.#json(n), other.#json(m));
    const [from, otherFrom] = [this.scan.starts[n]!, other.scan.starts[m]!];
    for (let at = 0; at < length; at++) {
      if (this.bytes[from + at] !== other.bytes[otherFrom + at]) return false;
    }
    return true;
  }

  #length(n: number): number {
    return this.scan.ends[n]! - this.scan.starts[n]!;
  }

  #json(n: number): Uint8Array {
    return this.bytes.subarray(this.scan.starts[n], this.scan.ends[n]);
  }

  #cell(kind: ValueKind, json: Uint8Array): [Kind, CellValue] {
    if (kind === "t") return ["t", json];
    if (kind === "n") return ["n", null];
    if (kind === "i") return this.#integer(json);
    if (kind === "e") return ["t", unescaped(json)];
    if (kind === "r") return ["r", parseReal(json)];
    if (kind === "j") return this.#nested(json);
    return ["i", kind === "true" ? 1 : 0];
  }

  #integer(json: Uint8Array): [Kind, CellValue] {
    const integer = parseInteger(json);
    if (integer !== undefined) return ["i", integer];
    const real = parseLarge(json);
    if (real !== undefined) return ["r", real];
    throw this.fault("an integer that 64 bits do not hold");
  }

  // The form of a BLOB that sqlite-utils writes, or a nested value.
  #nested(json: Uint8Array): [Kind, CellValue] {
    if (json[0] !== BYTE.openBrace || !members.any(json)) {
      return ["t", minified(json)];
    }
    const [marker, data, type] = [BASE64.marker, BASE64.data, BASE64.type]
      .map((name) => memberOf(json, name));
    const isBlob = marker?.kind === "true" && data?.kind === "t" &&
      members.columns.length === (type ? 3 : 2) &&
      (!type ||
        type.kind === "t" && decoder.decode(type.bytes) === BASE64.text);
    if (!isBlob) return ["t", minified(json)];
    const decoded = decodeBase64(data.bytes);
    if (decoded) return [type ? "x" : "b", decoded];
    throw this.fault("malformed base64");
  }
}

function memberOf(json: Uint8Array, name: string) {
  const n = members.numbers[members.columns.indexOf(name)];
  if (n === undefined) return undefined;
  const kind = members.kinds[n];
  const bytes = json.subarray(members.starts[n], members.ends[n]);
  return kind === "e"
    ? { kind: "t", bytes: unescaped(bytes) }
    : { kind, bytes };
}
