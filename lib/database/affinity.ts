/**
 * What SQLite makes of a value that is put into a column, by the column's type
 * (https://sqlite.org/datatype3.html).
 *
 * @module
 */
import type { CellValue, Kind } from "./cells.ts";

/** The type that a column would like its values to have. */
export type Affinity = "BLOB" | "TEXT" | "NUMERIC" | "INTEGER" | "REAL";

/**
 * The affinity of a column.
 *
 * @param type The declared type.
 * @param isStrict Whether the table is STRICT, in which `ANY` takes what comes.
 */
export function affinityOf(type: string, isStrict: boolean): Affinity {
  if (/INT/i.test(type)) return "INTEGER";
  if (/CHAR|CLOB|TEXT/i.test(type)) return "TEXT";
  if (type === "" || /BLOB/i.test(type)) return "BLOB";
  if (/REAL|FLOA|DOUB/i.test(type)) return "REAL";
  return isStrict && /^ANY$/i.test(type) ? "BLOB" : "NUMERIC";
}

const ascii = new TextDecoder("latin1");
const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
/** Longer text is not looked at. */
const longest = 1000;

/**
 * Whether a column may hold a value otherwise than it was given; `false` is certain.
 *
 * @param kind What the value is.
 */
export function mayAlter(
  affinity: Affinity,
  kind: Kind,
  value: CellValue,
): boolean {
  if (kind === "i") return affinity === "TEXT" || affinity === "REAL";
  if (kind === "r") return affinity !== "BLOB" && affinity !== "REAL";
  if (kind !== "t" || affinity === "BLOB" || affinity === "TEXT") return false;
  const text = value as Uint8Array;
  return text.length > longest || number.test(ascii.decode(text));
}

/**
 * SQL for the same, of a value of JSON: whether a column may hold it otherwise.
 *
 * @param cell SQL for the value; none is a BLOB.
 * @param isUntyped Whether the same number as another type is the same value.
 * @returns `0` if a column of the affinity alters nothing.
 */
export function mayAlterSql(
  affinity: Affinity,
  cell: string,
  isUntyped: boolean,
): string {
  if (affinity === "BLOB") return "0";
  // Numbers sort before text, and comparing is cheaper than asking for the type.
  if (affinity === "TEXT") return `${cell} < ''`;
  // Compared with a number, text that looks like one is taken as one.
  const numeric = `(${cell} >= '' AND CAST(${cell} AS NUMERIC) = ${cell})`;
  if (affinity !== "REAL") {
    return isUntyped ? numeric : `(typeof(${cell}) = 'real' OR ${numeric})`;
  }
  const other = `(typeof(${cell}) = 'integer' OR ${numeric})`;
  const most = Number.MAX_SAFE_INTEGER;
  return isUntyped
    ? `(${cell} NOT BETWEEN -${most} AND ${most} AND ${other})`
    : other;
}

/**
 * Whether a column can hold -0.0: those of other affinities make a plain zero of it.
 */
export function keepsZeroSign(affinity: Affinity): boolean {
  return affinity === "BLOB" || affinity === "NUMERIC";
}
