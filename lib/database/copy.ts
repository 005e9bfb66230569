/**
 * Copying a whole database by SQLite's online backup, which is correct while other
 * programs use either of the two.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { dirname } from "@std/path";
import { onDisk } from "../faults.ts";
import { quoted } from "../text.ts";
import { retryLocked, rollBack, scalar, type Waiting } from "./connection.ts";

/**
 * Makes one database the same as another, in one transaction of SQLite's. When it is
 * done, the copy survives a power cut.
 *
 * @param source What is copied.
 * @param target What becomes the same, header and all; it keeps its journal mode.
 * @param session Is told that there is a wait for a lock, and may stop it.
 * @param onCopied Called once the target is the same, though a power cut may undo that.
 * @throws {Error} with SQLite's message; the target is unchanged then, unless `onCopied`
 * was called.
 */
export async function copyOver(
  source: Database,
  target: Database,
  session: Waiting,
  onCopied: () => void = () => {},
): Promise<void> {
  // The online backup of one engine waits for locks without end and without a
  // word, so they are waited for before.
  source.exec("BEGIN");
  try {
    const read = () => scalar(source, "SELECT count(*) FROM sqlite_schema");
    await retryLocked(read, session);
    await onDisk(quoted(dirname(target.path)), async () => {
      await retryLocked(
        () => target.exec("BEGIN EXCLUSIVE; ROLLBACK"),
        session,
      );
      await copyPages(source, target, session, onCopied);
      await persist(target, session);
    });
  } finally {
    rollBack(source);
  }
}

async function copyPages(
  source: Database,
  target: Database,
  session: Waiting,
  onCopied: () => void,
): Promise<void> {
  const copy = async () => {
    await source.backup(target);
    onCopied();
  };
  if (!cannotResize(source, target)) return await copy();
  await setJournalMode(target, "delete", session);
  try {
    await copy();
  } catch (error) {
    // What went wrong first matters more.
    await setJournalMode(target, "wal", session).catch(() => {});
    throw error;
  }
  await setJournalMode(target, "wal", session);
}

// In WAL mode a database cannot change the size of its pages, and SQLite's backup
// says only that it is read-only (https://sqlite.org/c3ref/backup_finish.html).
function cannotResize(source: Database, target: Database): boolean {
  const [size, other] = [source, target]
    .map((db) => scalar(db, "PRAGMA page_size"));
  return size !== other && scalar(target, "PRAGMA journal_mode") === "wal";
}

async function setJournalMode(
  db: Database,
  mode: "delete" | "wal",
  session: Waiting,
): Promise<void> {
  await retryLocked(() => {
    // Without the lock that it needs, SQLite leaves the mode as it is.
    if (scalar(db, `PRAGMA journal_mode = ${mode}`) !== mode) {
      throw new Error("database is locked");
    }
  }, session);
}

/**
 * Makes sure that the last commit survives a power cut.
 *
 * A commit deletes the rollback journal. SQLite syncs the folder after that only with
 * `synchronous = EXTRA` (https://sqlite.org/pragma.html#pragma_synchronous); without
 * the sync the journal may come back and undo the commit. The online backup uses a
 * connection of its own, so one more commit, which changes nothing, does the sync.
 */
async function persist(db: Database, session: Waiting): Promise<void> {
  const version = scalar(db, "PRAGMA user_version") as number;
  db.exec("PRAGMA synchronous = EXTRA");
  await retryLocked(() => {
    if (!db.inTransaction) db.exec("BEGIN IMMEDIATE");
    db.exec(`PRAGMA user_version = ${version}; COMMIT`);
  }, session);
}
