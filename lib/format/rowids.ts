/**
 * Rowids that no column of their table shows. Nothing but SQLite's own `VACUUM` changes
 * them, and an index or another table may hold them, so they are part of a backup: as
 * runs of rowids that follow each other, in the order of the rows.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { hiddenRowid, type Table } from "../database/schema.ts";
import {
  HIGHEST_INTEGER,
  identifier,
  LOWEST_INTEGER,
} from "../database/sql.ts";

/** Rows whose rowids follow each other. */
export interface Run {
  /** The first rowid. */
  first: bigint;
  /** How many rows there are. */
  rows: bigint;
}

/** The most runs of a table that a backup holds; as text they take about 10 MB. */
const mostRuns = 1_000_000;

/**
 * The hidden rowids of a table as text, as in `1+5,8+2` for 1 to 5, 8 and 9.
 *
 * @returns `undefined` if it has none, or if they are 1, 2, 3 and so on, as those of
 * rows that are inserted into an empty table.
 * @throws {RangeError} if they have more gaps than a backup holds.
 */
export function hiddenRowids(db: Database, table: Table): string | undefined {
  const rowid = hiddenRowid(table);
  if (!rowid) return undefined;
  const from = `FROM main.${identifier(table.name)} NOT INDEXED`;
  const ends = `SELECT min(${rowid}), max(${rowid}), count(*) ${from}`;
  const [first, last, rows] = rowsOf<(number | bigint)[]>(db, ends)[0]!;
  if (rows === 0 || (first === 1 && last === rows)) return undefined;
  const starts = rowsOf<[number | bigint, number]>(
    db,
    "SELECT r, n FROM (SELECT r, row_number() OVER (ORDER BY r) AS n, " +
      "lag(r) OVER (ORDER BY r) AS before " +
      `FROM (SELECT ${rowid} AS r ${from})) ` +
      `WHERE before IS NULL OR r <> before + 1 LIMIT ${mostRuns + 1}`,
  );
  if (starts.length > mostRuns) throw new RangeError("too many runs");
  return starts.map(([r, n], i) => {
    const next = starts[i + 1]?.[1] ?? Number(rows) + 1;
    return `${r}+${next - n}`;
  }).join(",");
}

const form = /^(-?\d{1,19})\+([1-9]\d{0,15})$/;

/**
 * Reads such a text.
 *
 * @returns `undefined` if it is malformed: runs are in order and don't overlap.
 */
export function parseRowids(text: string): Run[] | undefined {
  const runs: Run[] = [];
  let free = LOWEST_INTEGER;
  for (const part of text.split(",")) {
    const found = form.exec(part);
    if (!found) return undefined;
    const run = { first: BigInt(found[1]!), rows: BigInt(found[2]!) };
    if (run.first < free) return undefined;
    free = run.first + run.rows;
    if (free > HIGHEST_INTEGER + 1n) return undefined;
    runs.push(run);
  }
  return runs;
}
