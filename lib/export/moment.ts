/**
 * Everything that a database holds at one moment, written as a backup.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  hasTable,
  retryLocked,
  rollBack,
  rowsOf,
  scalar,
  sizeOf,
} from "../database/connection.ts";
import { type Lacking, lackingIn } from "../database/definitions.ts";
import { identifier } from "../database/sql.ts";
import {
  encodingOf,
  schemaEntries,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
import { addContext, isFullDisk, withContext } from "../faults.ts";
import { utcSeconds } from "../store/names.ts";
import type { Session } from "../session.ts";
import { quoted } from "../text.ts";
import type { FileSink } from "../format/writer.ts";
import { type Omission, selectTables } from "./selection.ts";
import type { DatabaseFacts } from "../format/members.ts";
import { hiddenRowids } from "../format/rowids.ts";
import { TableRows } from "../format/table_rows.ts";
import { BackupWriter } from "../format/writer.ts";

/** A table in a backup. */
export interface ExportedTable {
  name: string;
  rows: number;
}

/** What a backup holds. */
export interface ExportedMoment {
  /** Its moment. */
  date: Date;
  tables: ExportedTable[];
  /** What could not be carried, and why. */
  omitted: Omission[];
  /** What is in it and could not be created by a restore, and why. */
  lacking: Lacking[];
}

/**
 * Writes the database as it is at one moment, whatever other programs write
 * meanwhile: all is read in one transaction.
 *
 * @param afterwards Called when all is written, while the database still shows the
 * same moment.
 * @throws {Error} if the database cannot be read or the file not written.
 */
export async function writeMoment(
  db: Database,
  sink: FileSink,
  session: Session,
  afterwards: () => Promise<void> = async () => {},
): Promise<ExportedMoment> {
  db.exec("BEGIN");
  try {
    // The first read fixes the moment.
    const schema = await withContext(
      `Cannot back up ${quoted(db.path)}`,
      () => retryLocked(() => schemaEntries(db), session),
    );
    const moment = await writeBackup(db, schema, sink, session);
    await afterwards();
    return moment;
  } finally {
    rollBack(db);
  }
}

async function writeBackup(
  db: Database,
  schema: SchemaObject[],
  sink: FileSink,
  session: Session,
): Promise<ExportedMoment> {
  const date = session.now();
  const { tables, omitted } = selectTables(db, schema);
  const lacking = lackingBeside(omitted, schema);
  const hidden = rowidsOf(db, tables);
  const preamble = {
    date: utcSeconds(date),
    database: { ...factsOf(db), ...hidden.facts },
    schema,
    sequences: sequencesOf(db),
  };
  // A backup is about as large as its database.
  const writer = new BackupWriter(sink, sizeOf(db));
  writer.begin(preamble);
  const rows = new TableRows(db);
  const written = await writeTables(writer, rows, tables, session);
  writer.end();
  return {
    date,
    tables: written,
    omitted: [...omitted, ...hidden.omitted],
    lacking,
  };
}

// A table that is left out as a whole has been named.
function lackingBeside(
  omitted: Omission[],
  schema: SchemaObject[],
): Lacking[] {
  const named = new Set(omitted.map(({ table }) => table));
  return lackingIn(schema).filter(({ object }) => !named.has(object.table));
}

async function writeTables(
  writer: BackupWriter,
  rows: TableRows,
  tables: Table[],
  session: Session,
): Promise<ExportedTable[]> {
  const written: ExportedTable[] = [];
  for (const table of tables) {
    const count = await writeTable(writer, rows, table, session);
    written.push({ name: table.name, rows: count });
  }
  return written;
}

async function writeTable(
  writer: BackupWriter,
  rows: TableRows,
  table: Table,
  session: Session,
): Promise<number> {
  try {
    const { checkpoint } = session;
    const count = await writer.table(table.name, rows.read(table), checkpoint);
    mustHaveRows(rows.db, table, count);
    return count;
  } catch (error) {
    // Whoever knows the folder names it.
    if (isFullDisk(error)) throw error;
    throw addContext(`Cannot back up table ${quoted(table.name)}`, error);
  }
}

// A damaged tree may give other rows by rowid than it has from end to end, and no
// word of it. An index counts fast, but may be what is damaged.
function mustHaveRows(db: Database, { name, kind }: Table, rows: number): void {
  if (kind === "virtual") return;
  const counting = `SELECT count(*) FROM main.${identifier(name)}`;
  if (scalar(db, counting) === rows) return;
  if (scalar(db, `${counting} NOT INDEXED`) === rows) return;
  throw new Error("database disk image is malformed");
}

function factsOf(db: Database) {
  return {
    user_version: scalar(db, "PRAGMA user_version") as number,
    application_id: scalar(db, "PRAGMA application_id") as number,
    encoding: encodingOf(db),
    sqlite_version: scalar(db, "SELECT sqlite_version()") as string,
  };
}

// Few tables have hidden rowids, and fewer such with gaps.
function rowidsOf(
  db: Database,
  tables: Table[],
): { facts: Pick<DatabaseFacts, "rowids">; omitted: Omission[] } {
  const rowids: [string, string][] = [];
  const omitted: Omission[] = [];
  for (const table of tables) {
    try {
      const text = hiddenRowids(db, table);
      if (text) rowids.push([table.name, text]);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const reason =
        "the rowids of its rows have too many gaps to be kept, so " +
        "a restore gives it others (its rows are in the backup)";
      omitted.push({ table: table.name, reason });
    }
  }
  const facts = rowids.length > 0 ? { rowids: Object.fromEntries(rowids) } : {};
  return { facts, omitted };
}

function sequencesOf(db: Database): [string, number | bigint][] {
  if (!hasTable(db, "sqlite_sequence")) return [];
  return rowsOf<[string, number | bigint]>(
    db,
    "SELECT name, max(seq) FROM main.sqlite_sequence " +
      "WHERE typeof(seq) = 'integer' GROUP BY name ORDER BY min(rowid)",
  );
}
