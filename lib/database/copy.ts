/**
 * Copying a whole database by SQLite's online backup, which is right while other
 * programs use either of the two.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { retryLocked, scalar, type Waiting } from "./connection.ts";

/**
 * Makes the one database the same as the other, in one transaction of SQLite's.
 *
 * @param source What is copied.
 * @param target What becomes the same, header and all.
 * @param session Is told that there is a wait for a lock, and may stop it.
 * @throws {Error} with SQLite's message; the target is as it was then.
 */
export async function copyOver(
  source: Database,
  target: Database,
  session: Waiting,
): Promise<void> {
  // The online backup of one engine waits for locks without end and without a
  // word, so they are waited for before.
  source.exec("BEGIN");
  try {
    const read = () => scalar(source, "SELECT count(*) FROM sqlite_schema");
    await retryLocked(read, session);
    await retryLocked(() => target.exec("BEGIN EXCLUSIVE; ROLLBACK"), session);
    await source.backup(target);
  } finally {
    source.exec("ROLLBACK");
  }
}
