/**
 * Imports a backup: into the database that is here, or into a new one.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForWriting, patiently } from "../database/connection.ts";
import { BackupFile } from "../format/backup_file.ts";
import { explain } from "../io_errors.ts";
import { createTemp, discardTemp, withFolder } from "../output/folder.ts";
import { hasDatabase, type Place } from "../output/place.ts";
import type { Session } from "../session.ts";
import { quoted } from "../text.ts";
import { mustHaveSchema } from "./plan.ts";
import type { ImportReport } from "./report.ts";
import { restoreBackup, type RestoreOptions } from "./restore.ts";

/** How to import. */
export interface ImportOptions {
  /** Take a file that was edited by hand: checksum and counts need not hold. */
  force?: boolean;
}

/**
 * Imports a backup, all of it or nothing.
 *
 * @param place Where the database is, or will be.
 * @param path The backup.
 * @throws {BackupError} where the file is not whole, or a row of it cannot come
 * in; the database is as it was then.
 */
export async function importBackup(
  place: Place,
  path: string,
  options: ImportOptions,
  session: Session,
): Promise<ImportReport> {
  const { force } = options;
  const { checkpoint } = session;
  const backup = await BackupFile.open(path, { force, checkpoint });
  try {
    return hasDatabase(place)
      ? await intoExisting(place, backup, session)
      : await withFolder(place.data, () => intoNew(place, backup, session));
  } catch (error) {
    throw explain(`Cannot import ${quoted(backup.name)}`, error);
  } finally {
    backup.close();
  }
}

async function intoExisting(
  place: Place,
  backup: BackupFile,
  session: Session,
): Promise<ImportReport> {
  const db = openForWriting(place.database);
  try {
    return await inTransaction(db, backup, session, false);
  } finally {
    db.close();
  }
}

async function inTransaction(
  db: Database,
  backup: BackupFile,
  session: Session,
  whole: boolean,
): Promise<ImportReport> {
  const { onWait, checkpoint } = session;
  const options: RestoreOptions = { whole, checkpoint };
  await patiently(() => db.exec("BEGIN IMMEDIATE"), onWait, checkpoint);
  try {
    const report = await restoreBackup(db, backup, options);
    await patiently(() => db.exec("COMMIT"), onWait, checkpoint);
    return report;
  } catch (error) {
    if (db.inTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

// The new database grows beside its place, so that it is there whole or not at
// all; a fault leaves nothing behind.
async function intoNew(
  place: Place,
  backup: BackupFile,
  session: Session,
): Promise<ImportReport> {
  mustHaveSchema(backup);
  const temp = createTemp(place.data);
  try {
    const db = openForWriting(temp.path);
    try {
      prepareNew(db, backup);
      const report = await inTransaction(db, backup, session, true);
      temp.file.syncSync();
      await settle(db, temp.path, place);
      return report;
    } finally {
      db.close();
    }
  } finally {
    discardTemp(temp);
  }
}

function prepareNew(db: Database, { members }: BackupFile): void {
  // Nobody else sees the file, and one that is not finished is thrown away.
  db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  const facts = members.database;
  if (!facts) return;
  db.exec(
    `PRAGMA encoding = '${facts.encoding}'; ` +
      `PRAGMA user_version = ${facts.user_version}; ` +
      `PRAGMA application_id = ${facts.application_id}`,
  );
}

// The application links to a database elsewhere and may have left an empty file:
// such a place is filled through SQLite, else the file gets its name.
async function settle(
  db: Database,
  path: string,
  place: Place,
): Promise<void> {
  try {
    Deno.lstatSync(place.database);
  } catch {
    Deno.linkSync(path, place.database);
    return;
  }
  const dest = openForWriting(place.database, { create: true });
  try {
    await db.backup(dest);
  } finally {
    dest.close();
  }
}
