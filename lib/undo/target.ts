/**
 * Which snapshot an undo goes back to.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { scalar } from "../database/connection.ts";
import { structuralDamage } from "../database/integrity.ts";
import { BackupError } from "../errors.ts";
import { findSnapshot, type Snapshot } from "../store/snapshots.ts";
import { printable, quoted } from "../text.ts";

/**
 * Chooses the snapshot to go back to.
 *
 * The snapshot that an undo takes names the one that it restores, and that one is
 * removed when the undo is complete: if both are there, an undo was killed.
 *
 * @param name The snapshot, by its name or path; the newest unless told.
 * @returns The snapshot, and the one that a killed undo to it has taken.
 * @throws {BackupError} if there is no such snapshot.
 */
export function chooseTarget(
  snapshots: Snapshot[],
  name: string | undefined,
): { target: Snapshot; halfway: Snapshot | undefined } {
  const newest = snapshots[0];
  if (!newest) {
    throw new BackupError("there is no snapshot; import makes one each time");
  }
  const partner = snapshots.find(({ stamp }) => stamp === newest.of);
  const target = name === undefined
    ? partner ?? newest
    : findSnapshot(snapshots, name);
  return { target, halfway: target === partner ? newest : undefined };
}

/**
 * Makes sure that a snapshot is a whole database.
 *
 * @throws {BackupError} if it is not.
 */
export function refuseDamaged(db: Database, { name }: Snapshot): void {
  // An empty file is a database to SQLite, but never a snapshot.
  const objects = scalar(db, "SELECT count(*) FROM sqlite_schema");
  const damage = objects === 0 ? "it is empty" : structuralDamage(db);
  if (!damage) return;
  throw new BackupError(
    `the snapshot ${quoted(name)} is damaged (${printable(damage)}); move it ` +
      "to another folder to undo to the one before it",
  );
}
