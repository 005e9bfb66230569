/**
 * The database opened so that no other program fails because of it.
 *
 * The application's migrations don't wait for locks. In rollback mode whoever reads
 * keeps them from committing; in WAL mode whoever closes the database last locks it for
 * a moment (https://sqlite.org/lockingv3.html, https://sqlite.org/wal.html).
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  closing,
  type OpenDatabase,
  openReadOnly,
  openTarget,
  recover,
  retryLocked,
  scalar,
} from "../database/connection.ts";
import { onDisk, withContext } from "../faults.ts";
import type { Session } from "../session.ts";
import {
  copyBytes,
  createTemp,
  discardTemp,
  ensureFolder,
  type TempFile,
} from "../store/files.ts";
import { type Installation, shownDatabase } from "../store/installation.ts";
import { quoted } from "../text.ts";
import { headerOf, stampOf } from "./stamp.ts";

/** How long nobody must have written for the application's start to be over. */
const calm = 400;

/** The same if the file system tells times in seconds only, or in two of them. */
const coarseCalm = 2_100;

/** How long after that nobody must have written to a log beside the file. */
const logCalm = 200;

/**
 * When the application's start, which begins with the hook, has come to its writing: so
 * many milliseconds after the beginning of the process.
 */
const headStart = 800;

/** Time between two looks, in milliseconds. */
const lookEvery = 50;

/** Where the header has its journal mode, and what means WAL and what does not. */
const modeAt = 18;
const [rollbackMode, walMode] = [1, 2];

/**
 * Opens the database when nobody has written to it for a while. In rollback mode that is
 * a copy, which was made while nothing moved.
 *
 * @throws {InterruptedError} if it doesn't come to rest before the session stops.
 * @throws {BackupError} if it can't be read, or the copy not be written.
 */
export async function openStill(
  installation: Installation,
  session: Session,
): Promise<OpenDatabase> {
  const doing = `Cannot read ${shownDatabase(installation)}`;
  return await withContext(doing, async () => {
    for (;;) {
      const stamp = await untilCalm(installation, session);
      // The file must not be looked at any more while SQLite has it open: closing it
      // would end SQLite's locks (https://sqlite.org/howtocorrupt.html, 2.2).
      if (isWal(installation)) return await openLogged(installation, session);
      const copy = await openSettled(installation, session);
      if (stampOf(installation) === stamp) return copy;
      copy[Symbol.dispose]();
    }
  });
}

/** Waits until the file stays as it is; says what is known of it. */
async function untilCalm(
  installation: Installation,
  { checkpoint }: Session,
): Promise<string | undefined> {
  let stamp = stampOf(installation);
  for (let since = performance.now();;) {
    const now = performance.now();
    // Other file systems have such a time once in a thousand times.
    const quiet = stamp?.endsWith("000") ? coarseCalm : calm;
    if (now >= headStart && now - since >= quiet) return stamp;
    await pause();
    await checkpoint();
    const next = stampOf(installation);
    if (next !== stamp) [stamp, since] = [next, performance.now()];
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lookEvery));
}

function isWal({ database }: Installation): boolean {
  return headerOf(database)[modeAt] === walMode;
}

// A connection that may not write doesn't lock the file when it is closed last.
async function openLogged(
  { database }: Installation,
  session: Session,
): Promise<OpenDatabase> {
  const db = openReadOnly(database);
  try {
    await untilUnchanged(db, session);
    return closing(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

// What is written to the log doesn't show in the file. The number changes with each
// commit of another connection (https://sqlite.org/pragma.html#pragma_data_version).
async function untilUnchanged(db: Database, session: Session): Promise<void> {
  const version = () =>
    retryLocked(() => scalar(db, "PRAGMA data_version"), session);
  let last = await version();
  for (let since = performance.now(); performance.now() - since < logCalm;) {
    await pause();
    await session.checkpoint();
    const next = await version();
    if (next !== last) [last, since] = [next, performance.now()];
  }
}

// Whether a program has crashed halfway, the journal beside the file tells, which a link
// may hide. So SQLite looks, with a lock of some microseconds.
async function openSettled(
  installation: Installation,
  session: Session,
): Promise<OpenDatabase> {
  await retryLocked(() => recover(installation.database), session);
  return await openCopy(installation, session);
}

/**
 * Copies the database's file as it is, without asking SQLite, and so without a lock. It
 * may be half-written, and lacks what is in a log beside it: what it says has to be
 * confirmed.
 *
 * @throws {Error} if the file can't be read, or the copy not be written.
 */
export async function openCopy(
  { database, scratch }: Installation,
  session: Session,
): Promise<OpenDatabase> {
  using from = Deno.openSync(database);
  ensureFolder(scratch);
  const temp = createTemp(scratch);
  let db: Database | undefined;
  try {
    // Another run may remove the file at any moment, but not from who has it open.
    db = openTarget(temp.path);
    await onDisk(quoted(scratch), () => fill(temp, from, session));
    db.exec("PRAGMA query_only = ON");
    return copyOf(db, temp);
  } catch (error) {
    db?.close();
    discardTemp(temp);
    throw error;
  }
}

async function fill(
  { file }: TempFile,
  from: Deno.FsFile,
  { checkpoint }: Session,
): Promise<void> {
  await copyBytes(from, file, () => checkpoint());
  // Otherwise SQLite would look for the log.
  file.seekSync(modeAt, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array([rollbackMode!, rollbackMode!]));
}

function copyOf(db: Database, temp: TempFile): OpenDatabase {
  const close = () => {
    db.close();
    discardTemp(temp);
  };
  return { db, [Symbol.dispose]: close };
}
