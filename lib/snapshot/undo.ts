/**
 * Going back to the state before the last import, and forth again.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { openForReading, patiently, scalar } from "../database/connection.ts";
import { BackupError } from "../errors.ts";
import { explained } from "../io_errors.ts";
import { discardTemp, PRIVATE_MODE, withFolder } from "../output/folder.ts";
import { hasDatabase, type Place } from "../output/place.ts";
import type { Session } from "../session.ts";
import { quoted } from "../text.ts";
import { BESIDE_ROWS, digestTables, type TableDigest } from "./digest.ts";
import { listSnapshots, type Snapshot } from "./list.ts";
import { copyDatabase, nameSnapshot, pruneSnapshots } from "./take.ts";

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
  place: Place,
  session: Session,
): Promise<UndoReport> {
  const doing = `Cannot undo in ${quoted(place.root)}`;
  return await explained(
    doing,
    () => withFolder(place.output, session, () => goBack(place, session)),
  );
}

async function goBack(place: Place, session: Session): Promise<UndoReport> {
  const { target, halfway } = chooseTarget(listSnapshots(place.output));
  const source = openForReading(target.path);
  try {
    refuseDamaged(source, target);
    const { tables, same } = await compare(place, source, session);
    // An undo that was killed after its work has nothing left to keep or put back.
    const done = halfway !== undefined && same;
    const kept = done ? halfway.name : await keepState(place, target, session);
    if (!done) await putBack(source, place.database, session);
    Deno.removeSync(target.path);
    pruneSnapshots(place.output);
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
  const verdict = scalar(db, "PRAGMA quick_check(1)");
  // An empty file is a database to SQLite, but never a snapshot.
  const objects = scalar(db, "SELECT count(*) FROM sqlite_schema");
  if (verdict === "ok" && objects !== 0) return;
  throw new BackupError(`the snapshot ${quoted(name)} is damaged; remove it`);
}

async function compare(
  place: Place,
  snapshot: Database,
  { checkpoint }: Session,
): Promise<{ tables: UndoneTable[]; same: boolean }> {
  const after = await digestTables(snapshot, checkpoint);
  let before = new Map<string, TableDigest>();
  if (hasDatabase(place)) {
    const db = openForReading(place.database);
    try {
      before = await digestTables(db, checkpoint);
    } finally {
      db.close();
    }
  }
  const different = [...new Set([...after.keys(), ...before.keys()])]
    .filter((name) => before.get(name)?.checksum !== after.get(name)?.checksum);
  const tables = different.filter((name) => name !== BESIDE_ROWS);
  return {
    same: different.length === 0,
    tables: tables.map((name) => ({
      name,
      before: before.get(name)?.rows,
      after: after.get(name)?.rows,
    })),
  };
}

async function keepState(
  place: Place,
  target: Snapshot,
  { now, checkpoint }: Session,
): Promise<string | undefined> {
  if (!hasDatabase(place)) return undefined;
  const { database, output } = place;
  const copy = await copyDatabase(database, output, checkpoint);
  try {
    return nameSnapshot(copy, output, "undo", now(), target.stamp);
  } finally {
    discardTemp(copy);
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
    // The online backup of one engine waits for locks without end and without a
    // word, so they are waited for before.
    await patiently(
      () => target.exec("BEGIN EXCLUSIVE; ROLLBACK"),
      session,
    );
    await source.backup(target);
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
