/**
 * The way of a database through a backup: out, into nothing, and in again.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { exportBackup, type ExportReport } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { ImportReport } from "../../lib/import/report.ts";
import { dumpAll } from "../support/dump.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";

/** What a round trip left behind. */
export interface Trip {
  /** The database that was backed up. */
  here: string;
  /** The database that the backup made. */
  there: string;
  /** The backup's text. */
  text: string;
  exported: ExportReport;
  imported: ImportReport;
}

/** What is not as it is with most databases. */
export interface TripOptions {
  /** Tables whose rows need not be the same, such as the shadows of an index. */
  leaveOut?: string[];
  /** Looks at more than the rows. */
  check?: (trip: Trip) => void;
}

/**
 * Backs a database up, restores it into nothing and proves that both hold the
 * same; then imports the file again and proves that nothing changes.
 *
 * @param sql Makes the database.
 */
export async function roundTrip(
  sql: string,
  { leaveOut = [], check = () => {} }: TripOptions = {},
): Promise<void> {
  await inScratch(async (folder) => {
    const here = makeInstallation(folder, "here");
    const there = makeInstallation(folder, "there");
    withDb(here.database, (db) => db.exec(sql));
    const before = dumpAll(here.database, leaveOut);
    const exported = await exportBackup(here, session());
    assertEquals(exported.omitted, []);
    const imported = await importBackup(there, exported.path, {}, session());
    assertEquals(imported.leftOut, []);
    assertEquals(dumpAll(there.database, leaveOut), before);
    assertEquals(schemaOf(there.database), schemaOf(here.database));
    check({
      here: here.database,
      there: there.database,
      text: Deno.readTextFileSync(exported.path),
      exported,
      imported,
    });
    await importAgain(there, exported.path);
    assertEquals(dumpAll(there.database, leaveOut), before);
  });
}

async function importAgain(there: Installation, path: string): Promise<void> {
  const { tables } = await importBackup(there, path, {}, session());
  for (const { name, rows, unchanged } of tables) {
    assertEquals({ name, unchanged }, { name, unchanged: rows });
  }
}

/** The objects of a schema with their SQL, whatever order they were made in. */
function schemaOf(path: string): unknown[][] {
  return rowsIn(
    path,
    "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
  );
}

/** Backs a database up and gives the text of the file. */
export async function exportText(sql: string): Promise<string> {
  let text = "";
  await atInstallation(sql, async (installation) => {
    const { path } = await exportBackup(installation, session());
    text = Deno.readTextFileSync(path);
  });
  return text;
}

/** The JSON text of the last cell of a table's one row. */
export function lastCell(text: string, column: string): string {
  const key = `,${JSON.stringify(column)}:`;
  const line = text.split("\n").find((line) => line.includes(key)) ?? "";
  return line.slice(line.lastIndexOf(key) + key.length, -1);
}

/**
 * SQL that puts a cell into a column of every affinity (`loose`; `x` has none) and
 * into a STRICT table (`hard`).
 */
export function inEveryColumn(cell: string): string {
  const cells = Array(6).fill(cell).join(", ");
  return "CREATE TABLE loose (id INTEGER PRIMARY KEY, i INTEGER, r REAL, " +
    "t TEXT, b BLOB, n NUMERIC, x); " +
    "CREATE TABLE hard (id INTEGER PRIMARY KEY, a ANY) STRICT; " +
    `INSERT INTO loose VALUES (1, ${cells}); ` +
    `INSERT INTO hard VALUES (1, ${cell})`;
}
