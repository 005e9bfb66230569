/**
 * What SQLite stores for cells of a file: it is asked itself, with a plain table
 * that has nothing but the columns' types.
 *
 * @module
 */
import { dumpTable } from "../support/dump.ts";
import { withDb } from "../support/scratch.ts";
import type { Cell } from "./reading.ts";

/** A column of a table. */
export interface ColumnType {
  name: string;
  /** The declared type, none where the table lets every value be. */
  type: string;
}

/**
 * The rows as `dumpTable()` has them.
 *
 * @param columns The columns, whose affinity changes what is stored.
 * @param rows A cell for each column.
 * @param encoding The database's encoding.
 */
export function storedForm(
  columns: ColumnType[],
  rows: Cell[][],
  encoding: string,
): string[] {
  return withDb(":memory:", (db) => {
    db.exec(`PRAGMA encoding = '${encoding}'`);
    const types = columns.map(({ type }, i) => `c${i} ${type}`);
    db.exec(`CREATE TABLE plain (${types.join(", ")})`);
    for (const row of rows) {
      const cells = row.map((cell) => cellSql(cell, encoding));
      db.exec(`INSERT INTO plain VALUES (${cells.join(", ")})`);
    }
    return dumpTable(db, "plain");
  });
}

function cellSql(cell: Cell, encoding: string): string {
  if (cell.kind === "null") return "NULL";
  if (cell.kind === "integer") return integerSql(cell.value);
  if (cell.kind === "real") return realSql(cell.value);
  if (cell.kind === "blob") return `x'${cell.value.toHex()}'`;
  const bytes = typeof cell.value === "string"
    ? textBytes(cell.value, encoding)
    : cell.value;
  return `CAST(x'${bytes.toHex()}' AS TEXT)`;
}

function integerSql(value: bigint): string {
  return value === -(2n ** 63n) ? `(${value + 1n} - 1)` : `${value}`;
}

// SQLite's own reading of decimal digits is not exact in every version; whole
// numbers and powers of two are.
function realSql(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  let [whole, exponent] = [value, 0];
  while (!Number.isInteger(whole)) {
    whole *= 2;
    exponent--;
  }
  while (Math.abs(whole) > Number.MAX_SAFE_INTEGER) {
    whole /= 2;
    exponent++;
  }
  let sql = `CAST(${whole} AS REAL)`;
  for (let left = Math.abs(exponent); left > 0; left -= 62) {
    const power = `CAST(${2n ** BigInt(Math.min(left, 62))} AS REAL)`;
    sql += exponent < 0 ? ` / ${power}` : ` * ${power}`;
  }
  return sql;
}

function textBytes(text: string, encoding: string): Uint8Array {
  if (encoding !== "UTF-8") return utf16(text, encoding === "UTF-16le");
  if (!text.isWellFormed()) throw new Error("half a surrogate pair came in");
  return new TextEncoder().encode(text);
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) {
    view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  }
  return new Uint8Array(view.buffer);
}
