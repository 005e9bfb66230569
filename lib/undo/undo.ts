/**
 * Going back to the state before the last import, and forth again.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { join } from "@std/path";
import { openForReading, retryLocked, scalar } from "../database/connection.ts";
import { copyOver } from "../database/copy.ts";
import { schemaEntries } from "../database/schema.ts";
import { BackupError, messageOf } from "../errors.ts";
import { withContext } from "../faults.ts";
import { discardTemp, PRIVATE_MODE, withFolder } from "../store/files.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { quoted } from "../text.ts";
import { BESIDE_ROWS, type Digests, digestTables } from "./digest.ts";
import { listSnapshots, type Snapshot } from "../store/snapshots.ts";
import { copyDatabase, nameSnapshot, pruneSnapshots } from "../store/take.ts";

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
  /** The name of the snapshot of the replaced state, where there was one. */
  kept: string | undefined;
  /** The tables that are not as they were. */
  tables: UndoneTable[];
}

/**
 * Puts the newest snapshot back through SQLite, so that it is right while other
 * programs have the database open. The replaced state becomes a snapshot.
 *
 * @throws {BackupError} where there is no snapshot, it is damaged, or the database
 * stays locked; the database is as it was then.
 */
export async function undo(
  installation: Installation,
  session: Session,
): Promise<UndoReport> {
  const doing = `Cannot undo in ${quoted(installation.root)}`;
  return await withContext(
    doing,
    () =>
      withFolder(
        installation.backups,
        session,
        () => goBack(installation, session),
      ),
  );
}

async function goBack(
  installation: Installation,
  session: Session,
): Promise<UndoReport> {
  const { target, halfway } = chooseTarget(listSnapshots(installation.backups));
  const source = openForReading(target.path);
  try {
    refuseDamaged(source, target);
    const { tables, same, before } = await compare(
      installation,
      source,
      session,
    );
    // An undo that was killed after its work has nothing left to keep or put back.
    const done = halfway !== undefined && same;
    const kept = done
      ? halfway.name
      : await keepState(installation, target, session);
    if (halfway && !done) await dropIfSame(halfway, before, session);
    if (!done) await exchange(source, installation, kept, session);
    Deno.removeSync(target.path);
    pruneSnapshots(installation.backups);
    const { name, stamp } = target;
    return { restored: name, stamp, kept, tables };
  } finally {
    source.close();
  }
}

// The snapshot that an undo makes names the one that it puts back, and that one
// goes when the undo is complete: where both are there, an undo was killed.
function chooseTarget(snapshots: Snapshot[]) {
  const newest = snapshots[0];
  if (!newest) {
    throw new BackupError("there is no snapshot; import makes one each time");
  }
  const partner = snapshots.find(({ stamp }) => stamp === newest.of);
  return partner
    ? { target: partner, halfway: newest }
    : { target: newest, halfway: undefined };
}

function refuseDamaged(db: Database, { name }: Snapshot): void {
  const verdict = quickCheck(db, name);
  // An empty file is a database to SQLite, but never a snapshot.
  const objects = scalar(db, "SELECT count(*) FROM sqlite_schema");
  if (verdict === "ok" && objects !== 0) return;
  throw new BackupError(`the snapshot ${quoted(name)} is damaged; remove it`);
}

function quickCheck(db: Database, name: string): unknown {
  try {
    return scalar(db, "PRAGMA quick_check(1)");
  } catch (error) {
    if (!/unknown function/.test(messageOf(error))) throw error;
    throw new BackupError(
      `the snapshot ${
        quoted(name)
      } cannot be checked: it uses a function that ` +
        "only the program that made it knows",
    );
  }
}

async function compare(
  installation: Installation,
  snapshot: Database,
  session: Session,
): Promise<{ tables: UndoneTable[]; same: boolean; before: Digests }> {
  const after = await digestTables(snapshot, session.checkpoint);
  let before: Digests = new Map();
  if (hasDatabase(installation)) {
    const db = openForReading(installation.database);
    try {
      db.exec("BEGIN");
      await retryLocked(() => schemaEntries(db), session);
      before = await digestTables(db, session.checkpoint);
    } finally {
      db.close();
    }
  }
  const different = [...new Set([...after.keys(), ...before.keys()])]
    .filter((name) => before.get(name)?.checksum !== after.get(name)?.checksum);
  const tables = different.filter((name) => name !== BESIDE_ROWS);
  return {
    before,
    same: different.length === 0,
    tables: tables.map((name) => ({
      name,
      before: before.get(name)?.rows,
      after: after.get(name)?.rows,
    })),
  };
}

// The undo that was killed has kept a state; where that is the present one, one copy
// of it is enough.
async function dropIfSame(
  halfway: Snapshot,
  present: Digests,
  { checkpoint }: Session,
): Promise<void> {
  const db = openForReading(halfway.path);
  let kept: Digests;
  try {
    kept = await digestTables(db, checkpoint);
  } finally {
    db.close();
  }
  const same = kept.size === present.size &&
    [...kept].every(([name, { checksum }]) =>
      present.get(name)?.checksum === checksum
    );
  if (same) Deno.removeSync(halfway.path);
}

async function keepState(
  installation: Installation,
  target: Snapshot,
  session: Session,
): Promise<string | undefined> {
  if (!hasDatabase(installation)) return undefined;
  const { database, snapshots } = installation;
  const copy = await copyDatabase(database, snapshots, session);
  try {
    return nameSnapshot(copy, snapshots, "undo", session.now(), target.stamp);
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
  try {
    await putBack(source, database, session);
  } catch (error) {
    // Nothing was replaced, so there is nothing to keep.
    if (kept) Deno.removeSync(join(snapshots, kept));
    throw error;
  }
}

async function putBack(
  source: Database,
  path: string,
  session: Session,
): Promise<void> {
  makePrivate(path);
  const target = new Database(path, { int64: true, parseJson: false });
  try {
    await copyOver(source, target, session);
  } finally {
    target.close();
  }
}

/** Makes the file where there is none, so that only its owner may read it. */
function makePrivate(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: PRIVATE_MODE })
      .close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
