/**
 * The rows of a file and those of a table, side by side.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { foldName } from "../../lib/database/sql.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { dumpTable } from "../support/dump.ts";
import { withDb } from "../support/scratch.ts";
import type { FileRow } from "./reading.ts";
import { type ColumnType, storedForm } from "./stored.ts";

/** A column, and whether SQLite computes it. */
export interface TableColumn extends ColumnType {
  generated: boolean;
}

/** The columns of a table. */
export function columnsOf(
  installation: Installation,
  table: string,
): TableColumn[] {
  return withDb(installation.database, (db) => {
    const strict = db.prepare(
      "SELECT strict FROM pragma_table_list(?) WHERE schema = 'main'",
    ).value<[number]>(table)?.[0] === 1;
    return db.prepare("SELECT name, type, hidden FROM pragma_table_xinfo(?)")
      .values<[string, string, number]>(table)
      .map(([name, type, hidden]) => ({
        name,
        type: strict && type.toUpperCase() === "ANY" ? "" : type,
        generated: hidden !== 0,
      }));
  });
}

/** Rows with the same columns. */
export interface Group {
  columns: ColumnType[];
  rows: FileRow[];
}

/** The rows by the columns that they have; what they have besides must be told. */
export function groupsOf(
  rows: FileRow[],
  columns: TableColumn[],
  lost: Set<string | undefined>,
): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const folded = new Map(
      [...row].map(([name, cell]) => [foldName(name), cell]),
    );
    const known = columns.filter(({ name }) => folded.has(foldName(name)));
    const names = known.map(({ name }) => foldName(name));
    for (const name of row.keys()) {
      const told = names.includes(foldName(name)) || lost.has(name);
      assert(told, `nothing is said of column ${name}`);
    }
    const stored = known.filter(({ generated }) => !generated);
    const key = JSON.stringify(stored.map(({ name }) => name));
    const group = groups.get(key) ?? { columns: stored, rows: [] };
    group.rows.push(folded);
    groups.set(key, group);
  }
  return groups.values();
}

/** Makes sure that a table has these rows. */
export function assertThere(
  installation: Installation,
  table: string,
  { columns, rows }: Group,
) {
  withDb(installation.database, (db) => {
    const [encoding] = db.prepare("PRAGMA encoding").value<[string]>()!;
    const cells = rows.map((row) =>
      columns.map(({ name }) => row.get(foldName(name))!)
    );
    const names = columns.map(({ name }) => name);
    const left = dumpTable(db, table, names);
    const missing = storedForm(columns, cells, encoding).filter((row) => {
      const at = left.indexOf(row);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    assertEquals(missing, [], `not in ${table}`);
  });
}
