/**
 * A new database, created from a backup alone.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { dirname } from "@std/path";
import {
  closing,
  openForWriting,
  openTarget,
  retryLocked,
  scalar,
} from "../database/connection.ts";
import { copyOver } from "../database/copy.ts";
import { BackupError } from "../errors.ts";
import { onDisk, TEMPORARY } from "../faults.ts";
import { entryAt } from "../file.ts";
import type { BackupFile } from "../format/backup_file.ts";
import {
  createTemp,
  discardTemp,
  SIDECARS,
  syncedEarly,
  syncFolder,
} from "../store/files.ts";
import { withFolder } from "../store/folder.ts";
import { copyDamaged, keepDamaged, requireDamaged } from "../store/damaged.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import { quoted } from "../text.ts";
import { type Session, stepOf } from "../session.ts";

/**
 * Creates the installation's database. It grows in a temporary file, so that it
 * appears whole or not at all.
 *
 * @param installation Where the database will be.
 * @param backup The backup.
 * @param restore Restores the backup into the new database.
 * @param creating Whether to throw the database away again, and where a damaged one
 * goes that it replaces.
 * @returns What `restore` gave.
 * @throws {BackupError} if the backup has no schema, or the database that it should
 * replace is not damaged.
 */
export async function createDatabase<T>(
  installation: Installation,
  backup: BackupFile,
  restore: (db: Database) => Promise<T>,
  { dryRun, aside }: { dryRun: boolean; aside?: string | undefined },
  session: Session,
): Promise<T> {
  mustHaveSchema(backup);
  return await withFolder(installation.data, session, async () => {
    const damaged = aside &&
      await copyDamaged(installation, aside, session);
    const temp = createTemp(installation.data);
    try {
      // Another import may have held the lock until now.
      if (damaged) await requireDamaged(installation, session);
      else if (hasDatabase(installation)) throw appeared(installation);
      const restored = await syncedEarly(
        temp.file,
        () => inNewDatabase(temp.path, backup, restore, (_, done) => done),
      );
      if (dryRun) return restored;
      await session.checkpoint(stepOf("Saving"));
      session.finishing();
      if (damaged) keepDamaged(installation, damaged, aside);
      await publish(temp.path, installation, session);
      return restored;
    } finally {
      discardTemp(temp);
      if (damaged) discardTemp(damaged);
    }
  });
}

// The old hand-made form has rows only.
function mustHaveSchema(backup: BackupFile): void {
  if (backup.members.schema?.some(({ type }) => type === "table")) return;
  throw new BackupError(
    "there is no database yet, and the file has no schema to create one from " +
      "(it has the old hand-made form); start Software of You once, so that " +
      "it creates its tables, then import again",
  );
}

/**
 * Restores a backup into a file that nobody else knows of.
 *
 * @param path An empty file.
 * @param backup The backup.
 * @param restore Restores it, within a transaction.
 * @param use Uses the database once it is committed: what it says is not followed by
 * the news that the disk is full.
 * @returns What `use` gives.
 */
export async function inNewDatabase<R, T>(
  path: string,
  backup: BackupFile,
  restore: (db: Database) => Promise<R>,
  use: (db: Database, restored: R) => T | Promise<T>,
): Promise<T> {
  // What writes to one of the two only says so itself.
  const places = `${quoted(dirname(path))} or of ${TEMPORARY}`;
  return await onDisk(places, () => fillDatabase(path, backup, restore, use));
}

async function fillDatabase<R, T>(
  path: string,
  { members: { database } }: BackupFile,
  restore: (db: Database) => Promise<R>,
  use: (db: Database, restored: R) => T | Promise<T>,
): Promise<T> {
  const db = openForWriting(path);
  try {
    // An unfinished file is thrown away, so it needs a journal only to undo a single
    // statement that fails.
    db.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    // 16 MB: rows come in the order of one key; other indexes are hit at random.
    db.exec("PRAGMA cache_size = -16000");
    if (database) {
      db.exec(
        `PRAGMA encoding = '${database.encoding}'; ` +
          `PRAGMA user_version = ${database.user_version}; ` +
          `PRAGMA application_id = ${database.application_id}`,
      );
    }
    db.exec("BEGIN");
    const restored = await restore(db);
    await onDisk(quoted(dirname(path)), () => db.exec("COMMIT"));
    return await use(db, restored);
  } finally {
    db.close();
  }
}

// If nothing is in the way, the file gets its name. But the database may be a link to
// elsewhere or an empty file of the application's, and a lost database may have left
// a log, which must not be replayed into the new one: SQLite knows how to write there.
async function publish(
  path: string,
  installation: Installation,
  session: Session,
): Promise<void> {
  if (
    !["", ...SIDECARS].some((suffix) => entryAt(installation.database + suffix))
  ) {
    giveName(path, installation);
    syncFolder(installation.data);
    return;
  }
  using source = closing(openForWriting(path));
  using target = closing(openTarget(installation.database));
  await retryLocked(() => {
    if (hasObjects(target.db)) throw appeared(installation);
  }, session);
  await copyOver(source.db, target.db, session);
}

// A link never replaces a file, as a rename does; some file systems have no links.
function giveName(path: string, installation: Installation): void {
  const { database } = installation;
  try {
    Deno.linkSync(path, database);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || entryAt(database)) {
      throw appeared(installation);
    }
    Deno.renameSync(path, database);
  }
}

function hasObjects(db: Database): boolean {
  return scalar(db, "SELECT count(*) FROM sqlite_schema") !== 0;
}

function appeared({ database }: Installation): BackupError {
  return new BackupError(
    `${
      quoted(database)
    } appeared while the import was waiting or working, and ` +
      "was not changed; import again to restore into it",
  );
}
