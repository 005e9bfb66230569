/**
 * The snapshot before an import, and other copies of the database as it is.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { ensureDirSync } from "@std/fs";
import { join } from "@std/path";
import { retryLocked } from "../database/connection.ts";
import { addContext, isDamage, withContext } from "../faults.ts";
import { type Session, stepOf } from "../session.ts";
import { type TempFile, withFolder } from "../store/files.ts";
import { type Installation, shownDatabase } from "../store/installation.ts";
import {
  copyDatabase,
  nameSnapshot,
  pruneSnapshots,
} from "../store/snapshots.ts";

/** What the work on an installation needs. */
interface Work {
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
  await withContext(noSnapshot, () => ensureDirSync(snapshots));
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
  doing: string = noSnapshot,
): Promise<TempFile> {
  const { database, snapshots } = installation;
  try {
    return await copyDatabase(database, snapshots, session);
  } catch (error) {
    const reading = `Cannot read ${shownDatabase(installation)}`;
    throw addContext(isDamage(error) ? reading : doing, error);
  }
}

/**
 * Commits an import. The copy becomes a snapshot only together with it: undo must not
 * go back to before an import that failed.
 *
 * @param copy The database as it was, if the import takes a snapshot.
 * @returns The name of the snapshot.
 */
export async function commit(
  db: Database,
  copy: TempFile | undefined,
  { installation: { snapshots }, session }: Work,
): Promise<{ snapshot?: string }> {
  await session.checkpoint(stepOf("Saving"));
  session.finishing();
  const name = copy && await withContext(
    noSnapshot,
    () => nameSnapshot(copy, snapshots, "import", session.now()),
  );
  try {
    await retryLocked(() => db.exec("COMMIT"), session);
  } catch (error) {
    if (name) Deno.removeSync(join(snapshots, name));
    throw error;
  }
  if (!name) return {};
  pruneSnapshots(snapshots);
  return { snapshot: name };
}
