/**
 * The time of the last backup, as the application shows it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  beginWriting,
  openForWriting,
  rowsOf,
} from "../database/connection.ts";
import { literal } from "../database/sql.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import type { Session } from "../session.ts";
import { LAST_BACKUP_KEY, META_TABLE } from "../soy/meta.ts";
import { printable } from "../text.ts";

/**
 * Stamps the moment into `soy_meta`, as the slash command did.
 *
 * @returns Warnings: the backup is complete whether this works or not.
 */
export async function stampDatabase(
  path: string,
  session: Session,
): Promise<string[]> {
  try {
    const db = openForWriting(path);
    try {
      await beginWriting(db, session);
      stamp(db);
    } finally {
      db.close();
    }
    return [];
  } catch (error) {
    const reason = error instanceof InterruptedError
      ? "interrupted"
      : faultOf(error) ?? printable(messageOf(error));
    return [
      "The backup is complete, but its time could not be noted in the " +
      `database: ${reason}`,
    ];
  }
}

// The row is updated if it is there: a replaced one would lose its other columns. A
// transaction that fails ends with the connection.
function stamp(db: Database): void {
  const table = `main.${META_TABLE}`;
  const key = literal(LAST_BACKUP_KEY);
  const dated = rowsOf(
    db,
    "SELECT 1 FROM pragma_table_info(?) WHERE name = 'updated_at'",
    META_TABLE,
  ).length > 0;
  db.exec(
    `UPDATE ${table} SET value = datetime('now')` +
      `${dated ? ", updated_at = datetime('now')" : ""} WHERE key = ${key};` +
      `INSERT INTO ${table} (key, value) ` +
      `SELECT ${key}, datetime('now') WHERE NOT EXISTS ` +
      `(SELECT 1 FROM ${table} WHERE key = ${key}); COMMIT`,
  );
}
