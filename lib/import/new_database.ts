/**
 * A database made of a backup alone.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForWriting, openTarget } from "../database/connection.ts";
import { copyOver } from "../database/copy.ts";
import type { BackupFile } from "../format/backup_file.ts";
import {
  createTemp,
  discardTemp,
  syncFolder,
  withFolder,
} from "../store/files.ts";
import { syncedEarly } from "../store/early_sync.ts";
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { mustHaveSchema } from "./plan.ts";

/**
 * Makes the place's database. It grows beside its place, so that it is there whole
 * or not at all, and a fault leaves nothing behind.
 *
 * @param place Where the database will be.
 * @param backup The backup.
 * @param restore Restores the backup into the new database.
 * @param dryRun Whether to throw it away again.
 * @throws {BackupError} where the backup has no schema.
 */
export async function makeDatabase<T>(
  installation: Installation,
  backup: BackupFile,
  restore: (db: Database) => Promise<T>,
  dryRun: boolean,
  session: Session,
): Promise<T> {
  mustHaveSchema(backup);
  return await withFolder(installation.data, session, async () => {
    const temp = createTemp(installation.data);
    try {
      const made = await syncedEarly(
        temp.file,
        () => inNewDatabase(temp.path, backup, restore),
      );
      if (!dryRun) await settle(temp.path, installation, session);
      return made;
    } finally {
      discardTemp(temp);
    }
  });
}

/**
 * Restores a backup into a file that nobody else knows of.
 *
 * @param path An empty file.
 * @param backup The backup.
 * @param restore Restores it, within a transaction.
 */
export async function inNewDatabase<T>(
  path: string,
  { members: { database } }: BackupFile,
  restore: (db: Database) => Promise<T>,
): Promise<T> {
  const db = openForWriting(path);
  try {
    // A file that is not finished is thrown away, so no journal of it is needed but
    // for statements that a row makes fail.
    db.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    // Rows come in the order of one key only; the other indexes are hit at random.
    db.exec("PRAGMA cache_size = -16000");
    if (database) {
      db.exec(
        `PRAGMA encoding = '${database.encoding}'; ` +
          `PRAGMA user_version = ${database.user_version}; ` +
          `PRAGMA application_id = ${database.application_id}`,
      );
    }
    db.exec("BEGIN");
    const made = await restore(db);
    db.exec("COMMIT");
    return made;
  } finally {
    db.close();
  }
}

// The application links to a database elsewhere and may have left an empty file,
// and a lost database a log that must not be played into the new one: such a
// place is filled through SQLite, which knows what to do, else the file gets its
// name.
async function settle(
  path: string,
  installation: Installation,
  session: Session,
): Promise<void> {
  const sidecars = ["", "-wal", "-shm", "-journal"];
  if (sidecars.every((suffix) => isFree(installation.database + suffix))) {
    Deno.linkSync(path, installation.database);
    syncFolder(installation.data);
    return;
  }
  const source = openForWriting(path);
  const target = openTarget(installation.database);
  try {
    await copyOver(source, target, session);
  } finally {
    target.close();
    source.close();
  }
}

function isFree(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}
