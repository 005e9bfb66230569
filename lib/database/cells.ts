/**
 * Values of SQLite outside of SQLite, exact: what they are, and how to read them.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { free } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { balanced, identifier } from "./sql.ts";

/**
 * What a cell holds: `n` NULL, `i` INTEGER, `r` REAL, `t` TEXT as UTF-8, `x` TEXT
 * that is not valid UTF-8 as the database's own bytes, `b` BLOB.
 */
export type Kind = "n" | "i" | "r" | "t" | "x" | "b";

/** What SQLite's `typeof()` says of a value of each kind, in capitals. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  n: "NULL",
  i: "INTEGER",
  r: "REAL",
  t: "TEXT",
  x: "TEXT",
  b: "BLOB",
};

/** An INTEGER is a number if a double holds it, else a bigint. */
export type CellValue = null | number | bigint | Uint8Array;

/** The cells of one row. */
export interface RawRow {
  /** What each cell holds. */
  kinds: readonly Kind[];
  values: readonly CellValue[];
}

/** One row with the names of its columns; text is UTF-8. */
export interface Row extends RawRow {
  columns: readonly string[];
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of valid UTF-8 bytes; a byte order mark is part of the text.
 *
 * @throws {BackupError} if the bytes are not valid UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BackupError("it has text that is not valid Unicode");
  }
}

/** Longer values are freed at once, in bytes. */
const large = 1 << 16;

/**
 * Frees the long values of a row.
 *
 * @param window The buffer of values that are views; it stays.
 */
export function freeLarge(
  values: readonly CellValue[],
  window?: ArrayBufferLike,
): void {
  for (const value of values) {
    if (!(value instanceof Uint8Array) || value.length <= large) continue;
    if (value.buffer !== window) free(value);
  }
}

/**
 * Reads rows one by one, exact whatever they hold. A row's bytes are gone when the next
 * one is asked for.
 *
 * Text comes over as the bytes that the database stores, in its encoding, since as a string it would
 * end at a NUL and lose what is not valid UTF-8.
 *
 * @param db The database.
 * @param columns The columns to read.
 * @param from What follows `FROM` in the query.
 * @param params What it binds.
 */
export function* readCells(
  db: Database,
  columns: readonly string[],
  from: string,
  ...params: BindValue[]
): Generator<RawRow> {
  const names = columns.map(identifier);
  const types = names.map((name) => `substr(typeof(${name}), 1, 1)`);
  // Hostile names stay out of the result: one engine makes code of them.
  const cells = names.map((name, i) =>
    `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ` +
    `ELSE ${name} END AS c${i}`
  );
  const statement = db.prepare(
    `SELECT ${balanced(types, "||")} AS kinds, ${
      cells.join(", ")
    } FROM ${from}`,
  );
  try {
    for (const row of statement.iter(...params)) {
      const kinds = [...row.kinds as string] as Kind[];
      const values = columns.map((_, i) => row[`c${i}`] as CellValue);
      yield { kinds, values };
      freeLarge(values);
    }
  } finally {
    statement.finalize();
  }
}

/**
 * The same row with text as the bytes of UTF-8 if it is valid.
 *
 * @param encoding The encoding of the database that it comes from.
 */
export function inUtf8(row: RawRow, encoding: string): RawRow {
  if (encoding === "UTF-8") return row;
  const { kinds, values } = row;
  const options = { fatal: true, ignoreBOM: true };
  const decoder = new TextDecoder(encoding.toLowerCase(), options);
  const decoded = values.map((value, i) => {
    if (kinds[i] !== "t") return value;
    try {
      return new TextEncoder().encode(decoder.decode(value as Uint8Array));
    } catch {
      return value;
    }
  });
  return { kinds, values: decoded };
}
