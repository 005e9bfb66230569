/**
 * Whether two databases hold the same rows, some hundred at a time. It is a way of
 * its own on purpose: what writes backups has no part in it.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { release } from "../database/bind.ts";
import { engineOf } from "../database/engine.ts";
import type { Table } from "../database/schema.ts";
import { balanced, identifier } from "../database/sql.ts";
import { letGo, sameBytes } from "../native.ts";

/** How many rows are compared at a time, and how long they may be, in bytes. */
const mostRows = 256;
const mostBytes = 1 << 20;

type Rowid = number | bigint;

/**
 * Compares a table of two databases of UTF-8, row by row in the order in which
 * they are stored, by type and by every byte.
 *
 * @param bytes About how many bytes the rows have.
 * @param rows How many rows there are.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 * @returns `false` also where it cannot be told this way.
 */
export async function haveSameRows(
  databases: [Database, Database],
  table: Table,
  { bytes, rows }: { bytes: number; rows: number },
  checkpoint: (rows: number) => Promise<void>,
): Promise<boolean> {
  const { exactReals, octetLength } = engineOf(databases[0]);
  if (!exactReals || !octetLength) return false;
  if (table.kind !== "rowid" || !table.rowid) return false;
  const fitting = Math.floor(mostBytes * rows / (bytes + 1));
  const step = Math.max(1, Math.min(mostRows, fitting));
  const [a, b] = databases.map((db) => new RowBytes(db, table, step));
  try {
    for (let done = 0;; done += step) {
      const [mine, other] = [a!.next(), b!.next()];
      if (!mine || !other) return mine === other;
      const same = sameBytes(mine, other);
      letGo(mine);
      letGo(other);
      if (!same) return false;
      await checkpoint(Math.min(done + step, rows));
    }
  } catch (error) {
    // Rows that are too long together can still be compared one by one.
    if (/too big/.test(String(error))) return false;
    throw error;
  } finally {
    a!.finalize();
    b!.finalize();
  }
}

/** A table's rows as bytes that tell every value from every other. */
class RowBytes {
  #boundary: Statement;
  #rows: Statement;
  #first: Rowid | undefined = -(2n ** 63n);

  constructor(db: Database, table: Table, readonly step: number) {
    const { rowid, columns } = table;
    const from = `FROM main.${identifier(table.name)} NOT INDEXED`;
    this.#boundary = db.prepare(
      `SELECT ${rowid} ${from} WHERE ${rowid} >= ? ` +
        `ORDER BY ${rowid} LIMIT 1 OFFSET ?`,
    );
    const cells = columns.map(({ name }) => cellSql(identifier(name)));
    this.#rows = db.prepare(
      `SELECT CAST(group_concat(${balanced(cells, "||")}, '') AS BLOB) ` +
        `${from} WHERE ${rowid} BETWEEN ? AND ?`,
    );
  }

  /** The next rows, `undefined` after the last. */
  next(): Uint8Array | undefined {
    if (this.#first === undefined) return undefined;
    const first = this.#first;
    this.#first = this.#boundary.value<[Rowid]>(first, this.step)?.[0];
    const last = BigInt(this.#first ?? 2n ** 63n) - 1n;
    const [bytes] = this.#rows.value<[Uint8Array | null]>(first, last)!;
    return bytes ?? undefined;
  }

  finalize(): void {
    release(this.#boundary);
    release(this.#rows);
  }
}

// With its length before it, no value can be taken for the end of another.
function cellSql(cell: string): string {
  return `CASE typeof(${cell}) WHEN 'null' THEN 'n' ` +
    `WHEN 'integer' THEN 'i' || ${cell} || ',' ` +
    `WHEN 'real' THEN 'r' || json_quote(${cell}) || ',' ` +
    `ELSE substr(typeof(${cell}), 1, 1) || octet_length(${cell}) || ',' || ${cell} END`;
}
