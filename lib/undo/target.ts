/**
 * Which snapshot an undo goes back to.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForReading, scalar } from "../database/connection.ts";
import { structuralDamage } from "../database/integrity.ts";
import { BackupError } from "../errors.ts";
import { isDamage } from "../faults.ts";
import { type Session, stepOf } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import {
  findSnapshot,
  listSnapshots,
  type Snapshot,
} from "../store/snapshots.ts";
import { printable, quoted } from "../text.ts";
import { isKnown } from "./origin.ts";

/**
 * Chooses the snapshot to go back to.
 *
 * The snapshot that an undo takes names the one that it restores, and that one is
 * removed when the undo is complete: if both are there, an undo was killed.
 *
 * @param name The snapshot, by its name or path; the newest unless told.
 * @returns The snapshot, and the one that a killed undo to it has taken.
 * @throws {BackupError} if there is no such snapshot, or the newest belongs to no
 * import that the database knows of.
 */
export function chooseTarget(
  { snapshots: folder, database }: Installation,
  { now }: Session,
  name: string | undefined,
): { target: Snapshot; halfway: Snapshot | undefined } {
  const snapshots = listSnapshots(folder);
  const newest = snapshots[0];
  if (!newest) {
    throw new BackupError("there is no snapshot; import makes one each time");
  }
  const isOurs = (snapshot: Snapshot) => isKnown(snapshot, database, now());
  if (name === undefined && !isOurs(newest)) {
    throw new BackupError(strange(newest, snapshots.find(isOurs)));
  }
  const partner = snapshots.find(({ stamp }) => stamp === newest.of);
  const target = name === undefined
    ? partner ?? newest
    : findSnapshot(snapshots, name);
  return { target, halfway: target === partner ? newest : undefined };
}

function strange(newest: Snapshot, other: Snapshot | undefined): string {
  const wayOut = other
    ? `the newest that does is ${quoted(other.name)}: undo ${other.name}`
    : "undo --list shows all, undo NAME goes back to one of them";
  return `the newest snapshot, ${quoted(newest.name)}, belongs to no import ` +
    `that this database knows of; ${wayOut}`;
}

/**
 * Opens a snapshot to read from.
 *
 * @param database The path of the database: if it is damaged itself, its snapshot may
 * have been so from the start.
 * @throws {BackupError} if it is not a whole database.
 */
export async function openSnapshot(
  { name, path }: Snapshot,
  database: string,
  { checkpoint }: Session,
): Promise<Database> {
  const { size } = Deno.statSync(path);
  await checkpoint(stepOf("Checking the snapshot", "", size));
  let db: Database | undefined;
  try {
    db = openForReading(path);
    // An empty file is a database to SQLite, but never a snapshot.
    const objects = scalar(db, "SELECT count(*) FROM sqlite_schema");
    const damage = objects === 0 ? "it is empty" : structuralDamage(db);
    if (!damage || (objects !== 0 && isDamaged(database))) return db;
    throw new BackupError(damagedSnapshot(name, damage));
  } catch (error) {
    db?.close();
    throw isDamage(error)
      ? new BackupError(damagedSnapshot(name, "it cannot be read"))
      : error;
  }
}

function damagedSnapshot(name: string, damage: string): string {
  return `the snapshot ${quoted(name)} is damaged (${printable(damage)}); ` +
    "undo --list shows the others";
}

function isDamaged(path: string): boolean {
  try {
    const db = openForReading(path);
    try {
      return structuralDamage(db) !== undefined;
    } finally {
      db.close();
    }
  } catch {
    // Nothing can be said of a database that is gone or can't be read.
    return false;
  }
}
