/**
 * Rows out of a table cell by cell, exact whatever they hold.
 *
 * Text comes over as the bytes that the database stores, since as a string it
 * would end at a NUL and lose what is not valid UTF-8.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { free } from "../bytes.ts";
import type { CellValue, Kind } from "./cells.ts";
import { balanced, identifier } from "./sql.ts";

/** The cells of one row; text is in the database's encoding. */
export interface RawRow {
  kinds: Kind[];
  values: CellValue[];
}

/** A value longer than this is let go of at once, in bytes. */
const large = 1 << 16;

/**
 * Reads rows one by one. A row's bytes are gone when the next one is asked for.
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
      for (const value of values) {
        if (value instanceof Uint8Array && value.length > large) free(value);
      }
    }
  } finally {
    statement.finalize();
  }
}
