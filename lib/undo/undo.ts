/**
 * Going back to the state before the last import, and forward again.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { join } from "@std/path";
import { compareDatabases } from "../compare/databases.ts";
import {
  closing,
  openForReading,
  openForWriting,
  openTarget,
  retryLocked,
} from "../database/connection.ts";
import { copyOver } from "../database/copy.ts";
import { schemaEntries } from "../database/schema.ts";
import { withContext } from "../faults.ts";
import { type Checkpoint, type Session, stepOf } from "../session.ts";
import { discardTemp, PRIVATE_MODE } from "../store/files.ts";
import { withFolder } from "../store/folder.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import {
  copyDatabase,
  nameSnapshot,
  pruneSnapshots,
  type Snapshot,
  snapshotName,
} from "../store/snapshots.ts";
import { quoted } from "../text.ts";
import { chooseTarget, openSnapshot } from "./target.ts";

/** A table that an undo changed. */
export interface UndoneTable {
  name: string;
  /** Rows before; `undefined`: there was no such table. */
  before: number | undefined;
  /** Rows after; `undefined`: there is no such table. */
  after: number | undefined;
}

/** What an undo did. */
export interface UndoReport {
  /** The name of the snapshot that was put back. */
  restored: string;
  /** When it was taken, in local time, as in `2026-02-19-153000`. */
  stamp: string;
  /** The name of the snapshot of the replaced state, if there was a database. */
  kept: string | undefined;
  /** The tables that are not as they were. */
  tables: UndoneTable[];
}

/**
 * Restores a snapshot through SQLite, so that it is correct while other
 * programs have the database open. The replaced state becomes a snapshot.
 *
 * @param name The snapshot, by its name or path; the newest unless told.
 * @throws {BackupError} if there is no such snapshot, it is damaged, or the database stays
 * locked; the database is unchanged then, or the next undo completes this one.
 */
export async function undo(
  installation: Installation,
  session: Session,
  name?: string,
): Promise<UndoReport> {
  const { root, snapshots } = installation;
  const step = () => goBack(installation, session, name);
  return await withContext(
    `Cannot undo in ${quoted(root)}`,
    () => withFolder(snapshots, session, step),
  );
}

async function goBack(
  installation: Installation,
  session: Session,
  chosen: string | undefined,
): Promise<UndoReport> {
  const { snapshots } = installation;
  const { target, halfway } = chooseTarget(installation, session, chosen);
  const source = await openSnapshot(
    target,
    installation.database,
    session,
  );
  try {
    const { tables, isSame } = await compare(installation, source, session);
    // An undo that was killed after its work has nothing left to keep or restore.
    const done = halfway !== undefined && isSame;
    const kept = done
      ? halfway.name
      : await keepState(installation, target, session);
    session.finishing();
    if (halfway && kept && !done) {
      await dropIfSame(halfway, join(snapshots, kept), session);
    }
    if (!done) await exchange(source, installation, kept, session);
    Deno.removeSync(target.path);
    pruneSnapshots(snapshots, kept);
    const { name, stamp } = target;
    return { restored: name, stamp, kept, tables };
  } finally {
    source.close();
  }
}

async function compare(
  installation: Installation,
  snapshot: Database,
  session: Session,
): Promise<{ tables: UndoneTable[]; isSame: boolean }> {
  const db = await openState(installation, session);
  try {
    const { checkpoint } = session;
    const found = await compareDatabases(db, snapshot, checkpoint);
    return {
      isSame: found.tables.length + found.beside.length === 0,
      tables: found.tables.map(({ name, before, after }) => ({
        name,
        before,
        after,
      })),
    };
  } finally {
    db.close();
  }
}

/** Opens the database at one moment; an empty one if there is none. */
export async function openState(
  installation: Installation,
  session: Session,
): Promise<Database> {
  const db = hasDatabase(installation)
    ? openForReading(installation.database)
    : openForWriting(":memory:", { create: true });
  try {
    db.exec("BEGIN");
    await retryLocked(() => schemaEntries(db), session);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

// The undo that was killed has kept a state, too; if it is the same as what is kept
// now, one copy is enough.
async function dropIfSame(
  halfway: Snapshot,
  kept: string,
  { checkpoint }: Session,
): Promise<void> {
  if (await holdTheSame(halfway.path, kept, checkpoint)) {
    Deno.removeSync(halfway.path);
  }
}

async function holdTheSame(
  path: string,
  other: string,
  checkpoint: Checkpoint,
): Promise<boolean> {
  using first = closing(openForReading(path));
  using second = closing(openForReading(other));
  const found = await compareDatabases(first.db, second.db, checkpoint);
  return found.beside.length + found.tables.length === 0;
}

async function keepState(
  installation: Installation,
  target: Snapshot,
  session: Session,
): Promise<string | undefined> {
  if (!hasDatabase(installation)) return undefined;
  const { database, snapshots } = installation;
  const copy = await copyDatabase(database, snapshots, session);
  session.finishing();
  try {
    const now = session.now();
    const name = snapshotName(snapshots, "undo", now, target);
    nameSnapshot(copy, snapshots, name);
    return name;
  } finally {
    discardTemp(copy);
  }
}

async function exchange(
  source: Database,
  { database, snapshots }: Installation,
  kept: string | undefined,
  session: Session,
): Promise<void> {
  let isReplaced = false;
  try {
    await putBack(source, database, session, () => isReplaced = true);
  } catch (error) {
    // If nothing was replaced, there is nothing to keep.
    if (kept && !isReplaced) Deno.removeSync(join(snapshots, kept));
    throw error;
  }
}

async function putBack(
  source: Database,
  path: string,
  session: Session,
  onCopied: () => void,
): Promise<void> {
  await session.checkpoint(stepOf("Putting the snapshot back"));
  makePrivate(path);
  const target = openTarget(path);
  try {
    await copyOver(source, target, session, onCopied);
  } finally {
    target.close();
  }
}

/** Creates the file if it is missing, so that only its owner may read it. */
function makePrivate(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: PRIVATE_MODE })
      .close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
