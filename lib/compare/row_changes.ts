/**
 * How many rows of a table are new, changed and gone from one database to another.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { release } from "../database/bind.ts";
import type { RawRow } from "../database/cells.ts";
import { openForWriting, rowsOf } from "../database/connection.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { fingerprint, storedRows } from "./rows.ts";

/** Numbers of rows. */
export interface RowChanges {
  /** Rows that only the second database has. */
  added: number;
  /** Rows with the same key and other values. */
  changed: number;
  /** Rows that only the first database has. */
  removed: number;
}

// Rows of the first database count 1 and those of the second -1: what is left over is
// what differs. The table is temporary, so memory stays flat.
const table = "CREATE TEMP TABLE prints (key BLOB, print BLOB, n INTEGER, " +
  "PRIMARY KEY (key, print)) WITHOUT ROWID";
const count = "INSERT INTO temp.prints VALUES (?, ?, ?) " +
  "ON CONFLICT (key, print) DO UPDATE SET n = n + excluded.n";
const sums = "SELECT ifnull(sum(new - min(new, old)), 0), " +
  "ifnull(sum(min(new, old)), 0), ifnull(sum(old - min(new, old)), 0) FROM " +
  "(SELECT sum(max(n, 0)) AS old, sum(max(-n, 0)) AS new FROM temp.prints " +
  "WHERE n <> 0 GROUP BY key)";

/**
 * Compares a table of two databases row by row, by the columns that both have. Rows are
 * matched by their primary key; a row without one is the same or another.
 *
 * @param before The first database, and its table.
 * @param after The second.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 */
export async function countChanges(
  before: [Database, Table],
  after: [Database, Table],
  checkpoint: (rows: number) => Promise<void>,
): Promise<RowChanges> {
  const others = new Set(after[1].columns.map(({ name }) => foldName(name)));
  const columns = before[1].columns
    .filter(({ name }) => others.has(foldName(name)));
  const scratch = openForWriting(":memory:", { create: true });
  scratch.exec(table);
  const add = scratch.prepare(count);
  try {
    let rows = 0;
    for (const [[db, whole], sign] of [[before, 1], [after, -1]] as const) {
      const narrow = { ...whole, columns };
      for (const row of storedRows(db, narrow, encodingOf(db))) {
        add.run(fingerprint(row, keyMask(narrow, row)), fingerprint(row), sign);
        if (++rows % 1000 === 0) await checkpoint(rows);
      }
    }
    const [[added, changed, removed]] = rowsOf(scratch, sums) as [number[]];
    return { added: added!, changed: changed!, removed: removed! };
  } finally {
    release(add);
    scratch.close();
  }
}

// NULL in a key is equal to nothing: such a row has no key.
function keyMask({ columns }: Table, { kinds }: RawRow): string | undefined {
  const isKey = columns.map(({ key }) => key > 0);
  if (!isKey.includes(true)) return undefined;
  if (isKey.some((key, i) => key && kinds[i] === "n")) return undefined;
  return isKey.map(Number).join("");
}
