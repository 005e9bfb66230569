/**
 * Everything that a database holds, exact and comparable: made by SQLite's own
 * hex() and typeof(), apart from the code under test.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { withDb } from "./scratch.ts";

/**
 * The rows of a table as text, sorted: type and value of every cell.
 *
 * @param table The table's name.
 * @param columns Which columns; all that are not generated unless told.
 */
export function dumpTable(
  db: Database,
  table: string,
  columns = columnsOf(db, table),
): string[] {
  const name = quote(table);
  const cells = columns.map((column) => {
    const cell = quote(column);
    return `typeof(${cell}), CASE typeof(${cell}) ` +
      `WHEN 'real' THEN ${cell} WHEN 'integer' THEN CAST(${cell} AS TEXT) ` +
      `ELSE hex(CAST(${cell} AS BLOB)) END`;
  });
  const rows = db.prepare(`SELECT ${cells.join(", ")} FROM ${name}`).values();
  return rows.map((row) => row.map(String).join(" ")).sort();
}

/** Every ordinary table of a database by name, as {@linkcode dumpTable} has it. */
export function dumpAll(
  path: string,
  leaveOut: string[] = [],
): Record<string, string[]> {
  return withDb(path, (db) => {
    const names = db.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' " +
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    ).values<[string]>().flat();
    return Object.fromEntries(
      names.filter((name) => !leaveOut.includes(name))
        .map((name) => [name, dumpTable(db, name)]),
    );
  });
}

function columnsOf(db: Database, table: string): string[] {
  return db.prepare(
    "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0",
  ).values<[string]>(table).flat();
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
