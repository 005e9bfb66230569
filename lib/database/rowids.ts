/**
 * Ranges of rowids: a large table is read a piece at a time.
 *
 * @module
 */
import type { Table } from "./schema.ts";
import { identifier } from "./sql.ts";

/** A rowid; beyond the digits of a double it comes as `bigint`. */
export type Rowid = number | bigint;

/** The lowest that there can be. */
export const LOWEST_ROWID = -(2n ** 63n);
/** The highest. */
export const HIGHEST_ROWID = 2n ** 63n - 1n;

/**
 * The SQL that finds the rowid which follows so many rows, where there is one.
 * It binds the first rowid and the number of rows.
 *
 * @param table A table with rowids.
 */
export function boundarySql({ name, rowid }: Table): string {
  return `SELECT ${rowid} FROM main.${identifier(name)} NOT INDEXED ` +
    `WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ?`;
}
