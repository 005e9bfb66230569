/**
 * The snapshot before an import, and other copies of the database as it is.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { join } from "@std/path";
import { retryLocked } from "../database/connection.ts";
import { addContext, isDamage, onDisk, withContext } from "../faults.ts";
import { type Session, stepOf } from "../session.ts";
import { quoted } from "../text.ts";
import { ensureFolder, type TempFile } from "../store/files.ts";
import { withFolder } from "../store/folder.ts";
import { type Installation, shownDatabase } from "../store/installation.ts";
import {
  copyDatabase,
  nameSnapshot,
  pruneSnapshots,
  snapshotName,
} from "../store/snapshots.ts";

/** What the work on an installation needs. */
export interface Work {
  installation: Installation;
  session: Session;
}

const noSnapshot = "Cannot take a snapshot before the import (--no-snapshot " +
  "imports without one)";

/** Does an import with the folder of the snapshots locked. */
export async function withSnapshotFolder<T>(
  { installation: { snapshots }, session }: Work,
  step: () => Promise<T>,
): Promise<T> {
  await withContext(noSnapshot, () => ensureFolder(snapshots));
  return await withFolder(snapshots, session, step);
}

/**
 * Copies the database as it is.
 *
 * @param doing What a failure of it means.
 * @throws {BackupError} if it cannot be read or the copy not written.
 */
export async function copyCurrent(
  { installation, session }: Work,
  doing: string,
): Promise<TempFile> {
  const { database, snapshots } = installation;
  try {
    return await copyDatabase(database, snapshots, session);
  } catch (error) {
    const reading = `Cannot read ${shownDatabase(installation)}`;
    throw addContext(isDamage(error) ? reading : doing, error);
  }
}

/** A copy that becomes a snapshot if the import is committed. */
export interface PendingSnapshot extends TempFile {
  /** The name that it will have, which the import notes in the log. */
  name: string;
}

/** Copies the database as it is, to be its snapshot. */
export async function copyForSnapshot(work: Work): Promise<PendingSnapshot> {
  const { installation: { snapshots }, session } = work;
  const copy = await copyCurrent(work, noSnapshot);
  const name = snapshotName(snapshots, "import", session.now());
  return { ...copy, name };
}

/**
 * Commits an import. The copy becomes a snapshot only together with it: undo must not
 * go back to before an import that failed.
 *
 * @param pending The database as it was, if the import takes a snapshot.
 * @returns The name of the snapshot.
 */
export async function commit(
  db: Database,
  pending: PendingSnapshot | undefined,
  { installation: { data, snapshots }, session }: Work,
): Promise<{ snapshot?: string }> {
  await session.checkpoint(stepOf("Saving"));
  session.finishing();
  if (pending) {
    await withContext(
      noSnapshot,
      () => nameSnapshot(pending, snapshots, pending.name),
    );
  }
  try {
    await onDisk(
      quoted(data),
      () => retryLocked(() => db.exec("COMMIT"), session),
    );
  } catch (error) {
    if (pending) Deno.removeSync(join(snapshots, pending.name));
    throw error;
  }
  if (!pending) return {};
  pruneSnapshots(snapshots, pending.name);
  return { snapshot: pending.name };
}
