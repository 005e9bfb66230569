/**
 * What changed in one table from one database to another.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows } from "../database/connection.ts";
import { keysOf } from "../database/keys.ts";
import type { Column, Table } from "../database/schema.ts";
import { onDisk, TEMPORARY } from "../faults.ts";
import { foldName } from "../database/sql.ts";
import { collect, collectLines } from "./collect.ts";
import { Leftovers, type RowChange, type RowCounts } from "./leftovers.ts";
import type { Lines } from "./lines.ts";
import type { Side } from "./unequal.ts";

/** A table that is not the same in both moments. */
export interface TableDiff {
  name: string;
  /** Its rows in the first moment; `undefined`: there is no such table. */
  before: number | undefined;
  /** Its rows in the second moment; `undefined`: there is no such table. */
  after: number | undefined;
  counts: RowCounts;
  /** Rows that are the same in both. */
  unchanged: number;
  /** Columns that only the first has. */
  dropped: string[];
  /** Columns that only the second has. */
  added: string[];
  /** The rows that are not the same; none if one of the two has no such table. */
  changes(): Iterable<RowChange>;
}

/** What comparing the rows of one table needs. */
export interface DiffContext {
  /** A database for temporary tables. */
  work: Database;
  /** Tells the tables of one comparison apart. */
  number: number;
  /** The numbers of rows. */
  rows: [before: number, after: number];
  /** The rows as lines, if they are to be compared so. */
  lines: [Lines, Lines] | undefined;
  /** Called now and then with the rows done; throws to stop. */
  checkpoint: (rows: number) => Promise<void>;
}

/** A table that only one of the two databases has. */
export function onlyInOne(
  { db, table }: Side,
  which: "before" | "after",
): TableDiff {
  const rows = countRows(db, table.name);
  return {
    name: table.name,
    before: which === "before" ? rows : undefined,
    after: which === "after" ? rows : undefined,
    counts: { new: 0, changed: 0, gone: 0 },
    unchanged: 0,
    dropped: [],
    added: [],
    changes: () => [],
  };
}

/**
 * Compares a table that both have, by the columns that both have.
 *
 * @returns `undefined` if it is the same.
 */
export async function diffTable(
  [before, after]: [Side, Side],
  context: DiffContext,
): Promise<TableDiff | undefined> {
  const dropped = columnsBeside(before.table, after.table);
  const added = columnsBeside(after.table, before.table);
  const { counts, changes } = await onDisk(
    TEMPORARY,
    () => diffRows(inCommon(before, after), context),
  );
  const differs = counts.new + counts.changed + counts.gone > 0;
  if (!differs && dropped.length + added.length === 0) return undefined;
  const [rows, now] = context.rows;
  return {
    name: after.table.name,
    before: rows,
    after: now,
    counts,
    unchanged: rows - counts.gone - counts.changed,
    dropped,
    added,
    changes,
  };
}

async function diffRows(
  sides: [Side, Side],
  { work, number, rows: [gone, added], lines, checkpoint }: DiffContext,
): Promise<Pick<TableDiff, "counts" | "changes">> {
  const [, after] = sides;
  // Without a common column no row is the same.
  if (after.table.columns.length === 0) {
    return { counts: { new: added, changed: 0, gone }, changes: () => [] };
  }
  const leftovers = new Leftovers(work, after.table, number);
  await (lines
    ? collectLines(lines, after.table, leftovers, checkpoint)
    : collect(sides, leftovers, checkpoint));
  const counts = leftovers.match(keysOf(after.db, after.table));
  return { counts, changes: () => leftovers.changes() };
}

function columnsBeside(table: Table, other: Table): string[] {
  const names = new Set(other.columns.map(({ name }) => foldName(name)));
  return table.columns.map(({ name }) => name)
    .filter((name) => !names.has(foldName(name)));
}

/** The tables with the columns that both have, in the order of the second. */
function inCommon(before: Side, after: Side): [Side, Side] {
  const own = new Map(
    before.table.columns.map((column) => [foldName(column.name), column]),
  );
  const pairs = after.table.columns.flatMap((column): [Column, Column][] => {
    const other = own.get(foldName(column.name));
    return other ? [[other, column]] : [];
  });
  const withColumns = ({ db, table }: Side, columns: Column[]): Side => ({
    db,
    table: { ...table, columns },
  });
  return [
    withColumns(before, pairs.map(([column]) => column)),
    withColumns(after, pairs.map(([, column]) => column)),
  ];
}
