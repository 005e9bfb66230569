/**
 * Whether two databases hold the same rows, some hundreds at a time. Its SQL is its own
 * on purpose: what writes backups has no part in it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { sameBytes } from "../bytes.ts";
import { keepsZeroSign } from "../database/affinity.ts";
import { engineOf } from "../database/engine.ts";
import {
  fixedPace,
  readRanges,
  type RowRange,
} from "../database/rowid_ranges.ts";
import type { Column, Table } from "../database/schema.ts";
import { balanced, identifier } from "../database/sql.ts";

/** How many rows are compared at a time, and how long they may be, in bytes. */
const mostRows = 256;
const mostBytes = 1 << 20;

/**
 * Compares a table of two databases of UTF-8, row by row in the order in which
 * they are stored, by type and by every byte.
 *
 * @param databases The databases, which have the table both.
 * @param table The table.
 * @param size About how many bytes its rows have, and how many they are.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 * @returns `false` also if it cannot be told this way.
 */
export async function haveSameRows(
  databases: [Database, Database],
  table: Table,
  size: { bytes: number; rows: number },
  checkpoint: (rows: number) => Promise<void>,
): Promise<boolean> {
  if (!canTell(databases[0], table)) return false;
  const fitting = Math.floor(mostBytes * size.rows / (size.bytes + 1));
  const step = Math.max(1, Math.min(mostRows, fitting));
  // Only with a fixed pace do both give the same rows at a time: rowids may differ.
  const [mine, others] = databases.map((db) =>
    readRanges(db, table, rowsSql(table), fixedPace(step))
  ) as [Generator<RowRange>, Generator<RowRange>];
  try {
    for (let rows = 0;;) {
      const [a, b] = [mine.next(), others.next()];
      if (a.done || b.done) return a.done === b.done;
      if (!isSame(a.value, b.value)) return false;
      rows += a.value.rows;
      await checkpoint(Math.min(rows, size.rows));
    }
  } finally {
    mine.return(undefined);
    others.return(undefined);
  }
}

/** Whether SQL can tell the values of a table apart, in a database of UTF-8. */
export function canTell(db: Database, { kind, rowid }: Table): boolean {
  if (kind !== "rowid" || !rowid) return false;
  const { exactReals, octetLength } = engineOf(db);
  return exactReals && octetLength;
}

function isSame(a: RowRange, b: RowRange): boolean {
  return a.bytes !== undefined && b.bytes !== undefined &&
    sameBytes(a.bytes, b.bytes);
}

/**
 * The SQL of a range's rows as bytes that tell every value from every other. It binds
 * what `readRanges()` says.
 */
export function rowsSql({ name, rowid, columns }: Table): string {
  return `SELECT CAST(group_concat(${rowSql(columns)}, '') AS BLOB), ` +
    `count(*) FROM main.${identifier(name)} NOT INDEXED ` +
    `WHERE ${rowid} BETWEEN ?2 AND ?3`;
}

/** The SQL of one row as text that tells every value from every other. */
export function rowSql(columns: readonly Column[]): string {
  return balanced(columns.map((column) => cellSql(column)), "||");
}

// With its length before it, no value can be taken for the end of another. Where a
// zero may have a sign, which no function of SQL tells, the statement is stopped.
function cellSql({ name, affinity }: Column): string {
  const cell = identifier(name);
  const real = `'r' || json_quote(${cell}) || ','`;
  const signed = `iif(${cell} = 0, json_array(${cell}, x'ff'), ${real})`;
  return `CASE typeof(${cell}) WHEN 'null' THEN 'n' ` +
    `WHEN 'integer' THEN 'i' || ${cell} || ',' ` +
    `WHEN 'real' THEN ${keepsZeroSign(affinity) ? signed : real} ` +
    `ELSE substr(typeof(${cell}), 1, 1) || octet_length(${cell}) || ',' ` +
    `|| ${cell} END`;
}
