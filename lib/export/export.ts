/**
 * Makes a backup: everything the database holds at one moment, in one file.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { basename } from "@std/path";
import {
  openForReading,
  openForWriting,
  retryLocked,
} from "../database/connection.ts";
import { foldName } from "../database/sql.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { faultOf, withContext } from "../faults.ts";
import { FileSink } from "../format/sink.ts";
import type { Session } from "../session.ts";
import { LAST_BACKUP_KEY } from "../soy/meta.ts";
import { saveBackup } from "../store/backups.ts";
import { listBackups } from "../store/catalog.ts";
import { withFolder } from "../store/files.ts";
import { type Installation, requireDatabase } from "../store/installation.ts";
import { type EmptiedTable, emptiedTables } from "../store/losses.ts";
import { utcSeconds } from "../store/names.ts";
import { printable, quoted } from "../text.ts";
import { type ExportedTable, writeMoment } from "./moment.ts";
import type { Omission } from "./selection.ts";

/** What an export did. */
export interface ExportReport {
  /** Where the backup is. */
  path: string;
  /** Its size in bytes. */
  bytes: number;
  /** Its moment, in UTC with seconds. */
  date: string;
  /** The tables in it, in its order. */
  tables: ExportedTable[];
  /** What could not be carried, and why. */
  omitted: Omission[];
  /** Tables that are empty now, with their rows in the newest earlier backup. */
  emptied: EmptiedTable[];
  /** The name that the newest earlier backup has now. */
  earlier: string | undefined;
  /** What else a person should know. */
  warnings: string[];
}

/**
 * Verifies that a backup restores, before it gets its name.
 *
 * @param db The database that was backed up, still at that moment.
 * @param path The finished file.
 * @throws {BackupError} if it does not.
 */
export type VerifyExport = (db: Database, path: string) => Promise<void>;

/**
 * Backs up the database of an installation.
 *
 * @param verify Checks the file before it becomes a backup.
 * @throws {BackupError} if there is no database, it cannot be read, or the file cannot
 * be written; no partial file has a backup's name then.
 */
export async function exportBackup(
  installation: Installation,
  session: Session,
  verify?: VerifyExport,
): Promise<ExportReport> {
  requireDatabase(installation);
  const { database, backups } = installation;
  const reading = `Cannot back up ${quoted(database)}`;
  const db = await withContext(reading, () => openForReading(database));
  try {
    const step = () => save(db, installation, session, verify);
    const saving = `Cannot save a backup in ${quoted(backups)}`;
    return await withContext(saving, () => withFolder(backups, session, step));
  } finally {
    db.close();
  }
}

async function save(
  db: Database,
  { backups, database }: Installation,
  session: Session,
  verify?: VerifyExport,
): Promise<ExportReport> {
  const earlier = listBackups(backups).backups[0];
  const { path, bytes, written } = await saveBackup(
    backups,
    (file, path) =>
      writeMoment(db, new FileSink(file), session, async () => {
        await verify?.(db, path);
      }),
  );
  const { date, tables, omitted } = written;
  const filled = tables.filter(({ rows }) => rows > 0)
    .map(({ name }) => foldName(name));
  const hasRows = (table: string) => filled.includes(table);
  const emptied = emptiedTables(earlier?.counts(), hasRows);
  return {
    path,
    bytes,
    date: utcSeconds(date),
    tables,
    omitted,
    emptied,
    earlier: emptied.length > 0 ? newestBeside(path, backups) : undefined,
    warnings: await stampDatabase(database, session),
  };
}

// The earlier one may have given its name to the new one.
function newestBeside(path: string, folder: string): string | undefined {
  const { backups } = listBackups(folder);
  return backups.find(({ name }) => name !== basename(path))?.name;
}

/**
 * Stamps the moment into `soy_meta`, as the slash command did.
 *
 * @returns Warnings: the backup stands whether this works or not.
 */
async function stampDatabase(
  path: string,
  session: Session,
): Promise<string[]> {
  try {
    const db = openForWriting(path);
    try {
      await retryLocked(() => stamp(db), session);
    } finally {
      db.close();
    }
    return [];
  } catch (error) {
    const reason = error instanceof InterruptedError
      ? "interrupted"
      : faultOf(error) ?? printable(messageOf(error));
    return [
      "The backup is complete, but its time could not be noted in the " +
      `database: ${reason}`,
    ];
  }
}

function stamp(db: Database): void {
  db.exec(
    "INSERT OR REPLACE INTO main.soy_meta (key, value) " +
      `VALUES ('${LAST_BACKUP_KEY}', datetime('now'))`,
  );
}
