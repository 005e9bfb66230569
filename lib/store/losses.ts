/**
 * Data that a backup has and the database has no longer: how a loss shows.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { REMADE_TABLES } from "../soy/tables.ts";

/** A table without rows, and how many a backup has of it. */
export interface EmptiedTable {
  name: string;
  rows: number;
}

/**
 * The tables that had rows in a backup and have none now.
 *
 * @param counts The backup's rows by table, if it tells them.
 * @param hasRows Whether a table has rows now, by its name in lower case.
 */
export function emptiedTables(
  counts: Map<string, bigint> = new Map(),
  hasRows: (table: string) => boolean,
): EmptiedTable[] {
  return [...counts]
    .filter(([name, rows]) =>
      rows > 0n && !REMADE_TABLES.includes(name) && !hasRows(foldName(name))
    )
    .map(([name, rows]) => ({ name, rows: Number(rows) }));
}
