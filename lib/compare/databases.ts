/**
 * Two databases table by table, value by value: a database and what was restored from
 * its backup, or the database and a snapshot of it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows, sizeOf } from "../database/connection.ts";
import {
  besideRows,
  encodingOf,
  schemaEntries,
  type Table,
  tablesOf,
} from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { selectTables } from "../export/selection.ts";
import type { Checkpoint } from "../session.ts";
import { printable } from "../text.ts";
import {
  compareInOrder,
  type Difference,
  differenceOf,
  storedRows,
} from "./rows.ts";
import { haveSameRows } from "./same_rows.ts";

/** A table that is not the same in both databases. */
export interface TableDifference {
  name: string;
  /** Rows in the first database; `undefined`: it has no such table. */
  before: number | undefined;
  /** Rows in the second database; `undefined`: it has no such table. */
  after: number | undefined;
  /** The first row that differs; none if the table is missing or defined differently. */
  first: Difference | undefined;
}

/** How two databases differ. */
export interface DatabaseDifferences {
  /** Objects of the schema, counters and header fields that are not the same. */
  beside: string[];
  tables: TableDifference[];
}

/** The tables of a database by their names in lower case. */
export function tablesByName(db: Database): Map<string, Table> {
  return new Map(tablesOf(db).map((table) => [foldName(table.name), table]));
}

/**
 * Compares all that a backup would hold of two databases. Memory stays flat.
 *
 * @param before The first database, in a transaction.
 * @param after The second.
 * @param checkpoint Called now and then; throws to stop.
 */
export async function compareDatabases(
  before: Database,
  after: Database,
  checkpoint: Checkpoint,
): Promise<DatabaseDifferences> {
  const first = countedTables(before);
  const second = countedTables(after);
  const progress = progressOver(before, [...first.values()], checkpoint);
  const tables: TableDifference[] = [];
  for (const name of new Set([...first.keys(), ...second.keys()])) {
    const [a, b] = [first.get(name), second.get(name)];
    const isSame = a && b && a.table.sql === b.table.sql;
    const row = isSame
      ? await firstDifference(before, after, a, progress(a))
      : undefined;
    if (isSame && !row) continue;
    const shown = (a ?? b)!.table.name;
    tables.push({ name: shown, before: a?.rows, after: b?.rows, first: row });
  }
  return { beside: differencesBesideRows(before, after), tables };
}

/** A table and its number of rows. */
export interface CountedTable {
  table: Table;
  rows: number;
}

/** The tables that a backup would hold, by their names in lower case. */
export function savedTables(db: Database): Map<string, Table> {
  const { tables } = selectTables(db, schemaEntries(db));
  return new Map(tables.map((table) => [foldName(table.name), table]));
}

function countedTables(db: Database): Map<string, CountedTable> {
  return new Map(
    [...savedTables(db)].map(([name, table]) => {
      return [name, { table, rows: countRows(db, table.name) }];
    }),
  );
}

/**
 * Reports progress by rows, as if each row had the same share of the database.
 *
 * @param tables The tables that are compared, in order.
 */
export function progressOver(
  db: Database,
  tables: CountedTable[],
  checkpoint: Checkpoint,
): (table: CountedTable) => (rows: number) => Promise<void> {
  const total = sizeOf(db);
  const all = tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  return ({ table, rows: length }: CountedTable) => {
    const start = done;
    done += length;
    return (rows: number) =>
      checkpoint({
        doing: "Comparing",
        table: table.name,
        rows,
        bytes: Math.round(total * (start + rows) / Math.max(all, 1)),
        total,
      });
  };
}

async function firstDifference(
  before: Database,
  after: Database,
  { table, rows }: CountedTable,
  progress: (rows: number) => Promise<void>,
): Promise<Difference | undefined> {
  const [first, second] = [encodingOf(before), encodingOf(after)];
  if (first === "UTF-8" && second === "UTF-8") {
    // No table is longer than its database, so batches stay short enough.
    const size = { bytes: sizeOf(before), rows };
    if (await haveSameRows([before, after], table, size, progress)) return;
  }
  const names = table.columns.map(({ name }) => printable(name));
  const { difference } = await compareInOrder(
    storedRows(before, table, first),
    storedRows(after, table, second),
    (row, other) => differenceOf(row, other, names),
    progress,
  );
  return difference;
}

function differencesBesideRows(before: Database, after: Database): string[] {
  const [first, second] = [besideRows(before), besideRows(after)];
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return [...names].filter((name) => first[name] !== second[name]);
}
