/**
 * A first look at the database, beside the start of the application: nothing is locked,
 * and nothing is put beside the file.
 *
 * @module
 */
import { RowCounts } from "../database/row_counts.ts";
import type { Session } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import { type BackupState, noteLosses, readState } from "../store/state.ts";
import { stampOf } from "./stamp.ts";

/**
 * Looks at the backups, and at the database's file as it is. It may be half-written, and
 * lacks what is in a log beside it: what it says has to be confirmed.
 *
 * @throws {BackupError} if the folder of the backups cannot be read.
 */
export async function glanceAt(
  installation: Installation,
  session: Session,
): Promise<BackupState> {
  const state = await readState(installation);
  const isSeen = !state.hasDatabase || countInPlace(installation, state);
  return isSeen ? state : await readCopied(installation, session);
}

/** Counts rows where the file is; gives whether all of them are of one moment. */
function countInPlace(installation: Installation, state: BackupState): boolean {
  try {
    const stamp = stampOf(installation);
    using rows = new RowCounts(installation.database);
    noteLosses(state, (table) => rows.of(table));
    return stamp === stampOf(installation);
  } catch {
    // SQLite has words for what is wrong, and can count more kinds of tables.
    return false;
  }
}

// Seldom needed, so SQLite isn't even loaded otherwise.
async function readCopied(
  installation: Installation,
  session: Session,
): Promise<BackupState> {
  const [{ readStatus }, { openCopy }] = await Promise.all([
    import("../store/status.ts"),
    import("./still.ts"),
  ]);
  const open = () => openCopy(installation, session);
  return await readStatus(installation, session, open);
}
