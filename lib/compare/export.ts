/**
 * A backup that is proved to restore before it counts as one.
 *
 * @module
 */
import type { Prove } from "../export/export.ts";
import { BackupError } from "../errors.ts";
import { BackupFile } from "../format/backup_file.ts";
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { proveRestore } from "./verify.ts";

/**
 * Restores what an export has written and compares it with the database, which
 * still shows the moment of the export.
 *
 * @param place Where the scratch database is made; the export holds its lock.
 */
export function provingExport(
  installation: Installation,
  session: Session,
): Prove {
  const { checkpoint } = session;
  return async (db, path) => {
    const backup = await BackupFile.open(path, { checkpoint });
    try {
      const verdict = await proveRestore(
        backup,
        installation.backups,
        checkpoint,
        db,
      );
      const [problem] = verdict.problems;
      if (!problem) return;
      throw new BackupError(
        `the backup does not restore to what was backed up: ${problem}; ` +
          "please report this",
      );
    } finally {
      backup.close();
    }
  };
}
