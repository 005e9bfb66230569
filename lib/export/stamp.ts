/**
 * Noting in the database that there is a backup.
 *
 * @module
 */
import { openForWriting, retryLocked } from "../database/connection.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { LAST_BACKUP_KEY } from "../soy/meta.ts";
import type { Session } from "../session.ts";
import { printable } from "../text.ts";

/**
 * Stamps the moment into `soy_meta`, as the slash command did.
 *
 * @returns Warnings: the backup stands whether this works or not.
 */
export async function stampBackup(
  path: string,
  session: Session,
): Promise<string[]> {
  try {
    const db = openForWriting(path);
    try {
      const stamp = () =>
        db.exec(
          "INSERT OR REPLACE INTO main.soy_meta (key, value) " +
            `VALUES ('${LAST_BACKUP_KEY}', datetime('now'))`,
        );
      await retryLocked(stamp, session);
    } finally {
      db.close();
    }
    return [];
  } catch (error) {
    if (error instanceof InterruptedError) return [unstamped("interrupted")];
    return [unstamped(faultOf(error) ?? printable(messageOf(error)))];
  }
}

function unstamped(reason: string): string {
  return "The backup is complete, but its time could not be noted in the " +
    `database: ${reason}`;
}
