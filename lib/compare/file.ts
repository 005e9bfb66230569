/**
 * Verifying a backup file by name.
 *
 * @module
 */
import { join } from "@std/path";
import { openForReading } from "../database/connection.ts";
import { schemaEntries } from "../database/schema.ts";
import { BackupError } from "../errors.ts";
import { BackupFile } from "../format/backup_file.ts";
import { withContext } from "../faults.ts";
import { withFolder } from "../store/files.ts";
import { listBackups } from "../store/backups.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { quoted } from "../text.ts";
import { proveRestore, type Verdict } from "./verify.ts";

/** What a verification of a file found. */
export interface VerifyReport extends Verdict {
  /** The name of the file. */
  source: string;
  /** The moment of the backup, where it says so. */
  date: string | undefined;
  /** Whether the file has a checksum, which holds then. */
  checksum: boolean;
  /** Whether the tables were made from the database here: the file has no schema. */
  borrowedSchema: boolean;
}

/**
 * Verifies a backup.
 *
 * @param place Where the scratch database is made.
 * @param path The backup; the newest one unless told.
 * @throws {BackupError} where the file is not whole, or there is none.
 */
export async function verifyFile(
  installation: Installation,
  path: string | undefined,
  session: Session,
): Promise<VerifyReport> {
  const { checkpoint } = session;
  const reading = `Cannot read ${quoted(installation.backups)}`;
  const chosen = path ??
    await withContext(reading, () => newestBackup(installation));
  const backup = await BackupFile.open(chosen, { checkpoint });
  try {
    const doing = `Cannot verify ${quoted(backup.name)}`;
    return await withContext(doing, async () => {
      const borrowedSchema = borrowSchema(backup, installation);
      const prove = () =>
        proveRestore(backup, installation.backups, checkpoint);
      const verdict = await withFolder(installation.backups, session, prove);
      return {
        ...verdict,
        source: backup.name,
        date: backup.members.backup_date,
        checksum: backup.members.sha256 !== undefined,
        borrowedSchema,
      };
    });
  } finally {
    backup.close();
  }
}

function newestBackup(installation: Installation): string {
  const newest = listBackups(installation.backups).backups[0];
  if (newest) return join(installation.backups, newest.name);
  throw new BackupError(
    `Cannot verify: there is no backup in ${
      quoted(installation.backups)
    }; make one ` +
      "with export",
  );
}

// The old form has rows only. The tables here are the ones that it would be
// imported into.
function borrowSchema(backup: BackupFile, installation: Installation): boolean {
  if (backup.members.schema?.length) return false;
  if (!hasDatabase(installation)) {
    throw new BackupError(
      "the file is whole, but it has no schema (it is of the old hand-made " +
        "form), and there is no database here to take one from",
    );
  }
  const db = openForReading(installation.database);
  try {
    backup.members.schema = schemaEntries(db);
    return true;
  } finally {
    db.close();
  }
}
