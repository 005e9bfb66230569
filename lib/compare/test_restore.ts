/**
 * Proof that a backup restores: it is restored into a scratch database, and the result
 * compared with the file, value by value and type by type.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { saysBrokenRule } from "../database/integrity.ts";
import type { Lacking } from "../database/definitions.ts";
import { encodingOf, schemaEntries, type Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { BackupError, EXIT } from "../errors.ts";
import { selectTables } from "../export/selection.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { rowsIn } from "../format/batches.ts";
import { rowPlace, type TableSpan } from "../format/contents.ts";
import type { FileRow } from "../format/file_row.ts";
import { tableJson } from "../format/table_rows.ts";
import { ColumnMapper } from "../import/load/columns.ts";
import { isUnchanged } from "../import/merge/unchanged.ts";
import type { ImportReport } from "../import/report.ts";
import { inScratchDatabase } from "../import/scratch.ts";
import type { Checkpoint } from "../session.ts";
import { printable, quoted } from "../text.ts";
import {
  compareDatabases,
  type TableDifference,
  tablesByName,
} from "./databases.ts";
import {
  type ComparedRow,
  compareInOrder,
  compareUnordered,
  differenceOf,
} from "./rows.ts";

/** What a test restore found. */
export interface Verdict {
  /** The tables that were compared, with their rows. */
  tables: { name: string; rows: number }[];
  /** Why the backup does not restore to what it says; none: it does. */
  problems: string[];
  /** What of the backup can't be created here, so that it was not compared. */
  lacking: Lacking[];
  /** Orphaned references; the database that was backed up had them too. */
  dangling: number;
}

/**
 * Restores a backup into a scratch database and reads every row back.
 *
 * @param backup The backup; it needs a schema.
 * @param folder Where the scratch database is made, with the folder's lock held.
 * @param source The database that was backed up, at the same moment, if it is at hand:
 * the result is then compared with it, too.
 */
export async function testRestore(
  backup: BackupFile,
  folder: string,
  checkpoint: Checkpoint,
  source?: Database,
): Promise<Verdict> {
  const options = { wants: () => true, doing: "Test restore", checkpoint };
  try {
    return await inScratchDatabase(
      backup,
      folder,
      options,
      (db, report) => examine(db, report, backup, checkpoint, source),
    );
  } catch (error) {
    // No database can hold what the file says.
    if (!(error instanceof BackupError)) throw error;
    if (error.exitCode !== EXIT.failed) throw error;
    const problems = [error.message];
    return { tables: [], problems, lacking: [], dangling: 0 };
  }
}

async function examine(
  db: Database,
  report: ImportReport,
  backup: BackupFile,
  checkpoint: Checkpoint,
  source?: Database,
): Promise<Verdict> {
  const { lacking, leftOut } = report;
  const lost = new Set(lacking.map(({ object }) => foldName(object.name)));
  const whole = leftOut.filter(({ column, count }) => !column && count > 0);
  const { tables, problems } = await compareWithFile(
    db,
    backup,
    new Set([...lost, ...whole.map(({ table }) => foldName(table))]),
    checkpoint,
  );
  return {
    tables,
    problems: [
      ...leftOutProblems(report, lost),
      ...integrityProblems(db),
      ...problems,
      ...(source
        ? await sourceProblems(source, db, backup, lost, checkpoint)
        : []),
    ],
    lacking,
    dangling: orphanedReferences(db),
  };
}

function leftOutProblems(
  { leftOut }: ImportReport,
  lost: Set<string>,
): string[] {
  return leftOut
    .filter(({ table, count }) => count > 0 && !lost.has(foldName(table)))
    .map(({ table, column, reason }) => {
      const what = column ? `column ${quoted(column)} of ` : "";
      return `${what}table ${quoted(table)}: ${reason}`;
    });
}

function integrityProblems(db: Database): string[] {
  return rowsOf<[string]>(db, "PRAGMA integrity_check").flat()
    // Rows that break a rule are compared like all others.
    .filter((line) => line !== "ok" && !saysBrokenRule(line))
    .map((line) => `the restored database: ${printable(line)}`);
}

function orphanedReferences(db: Database): number {
  try {
    return rowsOf(db, "PRAGMA foreign_key_check").length;
  } catch {
    // A foreign key to columns that are not a key cannot be checked at all.
    return 0;
  }
}

async function compareWithFile(
  db: Database,
  backup: BackupFile,
  lost: Set<string>,
  checkpoint: Checkpoint,
): Promise<Pick<Verdict, "tables" | "problems">> {
  const restored = tablesByName(db);
  const tables: Verdict["tables"] = [];
  const problems: string[] = [];
  for (const span of backup.tables) {
    const { name, rows } = span;
    if (lost.has(foldName(name))) continue;
    const table = restored.get(foldName(name));
    if (!table) {
      if (rows > 0) problems.push(`table ${quoted(name)}: missing`);
      continue;
    }
    const problem = await compareTable(db, table, backup, span, checkpoint);
    if (problem) problems.push(problem);
    tables.push({ name, rows });
  }
  return { tables, problems };
}

// A backup of this program has its rows in the order in which they are stored; in any
// other file the order means nothing.
async function compareTable(
  db: Database,
  table: Table,
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): Promise<string | undefined> {
  if (await exportsTheSame(db, table, backup, span, checkpoint)) return;
  const mapper = new ColumnMapper(table);
  const names = table.columns.map(({ name }) => printable(name));
  const found = () => rowsIn(tableJson(db, table));
  const { difference } = await compareInOrder(
    backup.rows(span),
    found(),
    (row, other) =>
      isAlike(row, other, mapper)
        ? undefined
        : differenceOf(mapper.map(row), other, names),
    progressIn(backup, span, checkpoint),
  );
  if (!difference) return;
  const expected = () => mappedRows(backup.rows(span), mapper);
  if (!compareUnordered(db, expected, found)) return;
  return `${rowPlace(span.name, difference.row)}: ${difference.what}`;
}

/** Whether the restored row is written just as the file's, which takes no memory. */
function isAlike(row: FileRow, other: FileRow, mapper: ColumnMapper): boolean {
  const { indexes } = mapper.mapping(row.columns);
  for (let column = 0; column < indexes.length; column++) {
    const i = indexes[column]!;
    if (i >= 0 && !row.isAlike(i, other, column)) return false;
  }
  return true;
}

function* mappedRows(
  rows: Iterable<FileRow>,
  mapper: ColumnMapper,
): Generator<ComparedRow> {
  for (const row of rows) yield mapper.map(row);
}

// If an export of the restored table would write what the file has, all is the same.
async function exportsTheSame(
  db: Database,
  table: Table,
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const { database } = backup.members;
  if (span.rows === 0 || database?.encoding !== encodingOf(db)) return false;
  return await isUnchanged(db, table, backup, span, checkpoint);
}

/** Reports how far the comparison of a table with the file is, by rows. */
function progressIn(
  { tables, size }: BackupFile,
  { name, offset, rows: all }: TableSpan,
  checkpoint: Checkpoint,
): (rows: number) => Promise<void> {
  const later = tables.map((other) => other.offset)
    .filter((start) => start > offset);
  const length = Math.min(...later, size) - offset;
  return (rows) =>
    checkpoint({
      doing: "Comparing",
      table: name,
      rows,
      bytes: offset + Math.round(length * rows / all),
      total: size,
    });
}

async function sourceProblems(
  source: Database,
  restored: Database,
  backup: BackupFile,
  lost: Set<string>,
  checkpoint: Checkpoint,
): Promise<string[]> {
  const found = await compareDatabases(source, restored, checkpoint);
  const expected = new Set(
    schemaEntries(source)
      .filter(({ name, table }) =>
        [name, table].some((n) => lost.has(foldName(n)))
      )
      .flatMap((
        { type, name },
      ) => [`${type} "${name}"`, `counter of "${name}"`]),
  );
  return [
    ...missingTables(source, backup),
    ...found.beside.filter((name) => !expected.has(name)).map((name) =>
      `${printable(name)} is not as it is in the database`
    ),
    ...found.tables.filter(({ name }) => !lost.has(foldName(name)))
      .map(sourceProblem),
  ];
}

// A table without rows may be missing in the file and restored all the same.
function missingTables(source: Database, { tables }: BackupFile): string[] {
  const saved = new Set(tables.map(({ name }) => foldName(name)));
  return selectTables(source, schemaEntries(source)).tables
    .filter(({ name }) => !saved.has(foldName(name)))
    .map(({ name }) => `the backup has no table ${quoted(name)}`);
}

function sourceProblem({ name, after, first }: TableDifference): string {
  if (after === undefined) {
    return `table ${quoted(name)} of the database is missing`;
  }
  if (!first) return `table ${quoted(name)} is not defined as in the database`;
  return `${
    rowPlace(name, first.row)
  }, compared with the database: ${first.what}`;
}
