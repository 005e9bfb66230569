/**
 * Whether two databases hold the same rows, some hundreds at a time. It is a way of
 * its own on purpose: what writes backups has no part in it.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { free } from "../bytes.ts";
import { prepareAll, release } from "../database/bind.ts";
import { engineOf } from "../database/engine.ts";
import { keepsZeroSign } from "../format/row_sql.ts";
import {
  boundarySql,
  HIGHEST_ROWID,
  LOWEST_ROWID,
  type Rowid,
} from "../database/rowids.ts";
import type { Column, Table } from "../database/schema.ts";
import { balanced, identifier } from "../database/sql.ts";
import { sameBytes } from "../bytes.ts";

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
 * @returns `false` also where it cannot be told this way.
 */
export async function haveSameRows(
  databases: [Database, Database],
  table: Table,
  size: { bytes: number; rows: number },
  checkpoint: (rows: number) => Promise<void>,
): Promise<boolean> {
  const { exactReals, octetLength } = engineOf(databases[0]);
  if (!exactReals || !octetLength) return false;
  if (table.kind !== "rowid" || !table.rowid) return false;
  const fitting = Math.floor(mostBytes * size.rows / (size.bytes + 1));
  const step = Math.max(1, Math.min(mostRows, fitting));
  const readers: RowBytes[] = [];
  try {
    for (const db of databases) readers.push(new RowBytes(db, table, step));
    for (let rows = 0; nextAreSame(readers); rows += step) {
      if (readers.every(({ ended }) => ended)) return true;
      await checkpoint(Math.min(rows + step, size.rows));
    }
    return false;
  } finally {
    for (const reader of readers) reader.finalize();
  }
}

function nextAreSame(readers: RowBytes[]): boolean {
  const [a, b] = readers.map((reader) => reader.next());
  if (!a || !b) return false;
  const same = sameBytes(a, b);
  free(a);
  free(b);
  return same;
}

/** A table's rows as bytes that tell every value from every other. */
class RowBytes {
  #statements: Statement[];
  #first: Rowid = LOWEST_ROWID;
  /** Whether there are no more rows. */
  ended = false;

  constructor(db: Database, table: Table, readonly step: number) {
    const texts = [boundarySql(table), rowsSql(table)];
    this.#statements = prepareAll(db, texts);
  }

  /** The next rows; `undefined` where they cannot be told this way. */
  next(): Uint8Array | undefined {
    const [boundary, rows] = this.#statements;
    const next = boundary!.value<[Rowid]>(this.#first, this.step)?.[0];
    const last = next === undefined ? HIGHEST_ROWID : BigInt(next) - 1n;
    this.ended = next === undefined;
    try {
      const [bytes] = rows!.value<[Uint8Array | null]>(this.#first, last)!;
      this.#first = next ?? last;
      return bytes ?? new Uint8Array(0);
    } catch {
      // If it is another fault, comparing cell by cell finds it again.
      return undefined;
    }
  }

  finalize(): void {
    for (const statement of this.#statements) release(statement);
  }
}

function rowsSql({ name, rowid, columns }: Table): string {
  const cells = columns.map((column) => cellSql(column));
  return `SELECT CAST(group_concat(${balanced(cells, "||")}, '') AS BLOB) ` +
    `FROM main.${identifier(name)} NOT INDEXED ` +
    `WHERE ${rowid} BETWEEN ? AND ?`;
}

// With its length before it, no value can be taken for the end of another. Where a
// zero may have a sign, which no function of SQL tells, the statement is stopped.
function cellSql({ name, type }: Column): string {
  const cell = identifier(name);
  const real = `'r' || json_quote(${cell}) || ','`;
  const signed = `iif(${cell} = 0, json_array(${cell}, x'ff'), ${real})`;
  return `CASE typeof(${cell}) WHEN 'null' THEN 'n' ` +
    `WHEN 'integer' THEN 'i' || ${cell} || ',' ` +
    `WHEN 'real' THEN ${keepsZeroSign(type) ? signed : real} ` +
    `ELSE substr(typeof(${cell}), 1, 1) || octet_length(${cell}) || ',' ` +
    `|| ${cell} END`;
}
