/**
 * Which backups there are, and what the database has lost since.
 *
 * @module
 */
import { withContext } from "../faults.ts";
import { quoted } from "../text.ts";
import { type Catalog, listBackups } from "./catalog.ts";
import { hasDatabase, type Installation } from "./installation.ts";
import { type Loss, lossesSince, referenceBackup } from "./losses.ts";
import { type Proofs, readProofs } from "./proofs.ts";

/** What there is of backups, and what is wrong. */
export interface BackupState {
  catalog: Catalog;
  /** Which of them were verified. */
  proofs: Proofs;
  hasDatabase: boolean;
  /** Tables that have lost many or all of their rows since the reference backup. */
  losses: Loss[];
  /** The name of the last backup without such a loss. */
  reference: string | undefined;
  /** What could not be read. */
  faults: string[];
}

/**
 * Looks at the files; the database is left alone.
 *
 * @throws {BackupError} if the folder of the backups cannot be read.
 */
export async function readState(
  installation: Installation,
): Promise<BackupState> {
  const { backups } = installation;
  const reading = `Cannot look into ${quoted(backups)}`;
  return {
    catalog: await withContext(reading, () => listBackups(backups)),
    proofs: readProofs(backups),
    hasDatabase: hasDatabase(installation),
    losses: [],
    reference: undefined,
    faults: [],
  };
}

/**
 * Compares the database with the reference backup.
 *
 * @param state Is told what is lost.
 * @param rowsNow Gives a table's rows now by its name in lower case; 0 without it.
 */
export function noteLosses(
  state: BackupState,
  rowsNow: (table: string) => number,
): void {
  const reference = referenceBackup(state.catalog.backups);
  state.reference = reference?.name;
  state.losses = lossesSince(reference?.counts(), rowsNow);
}
