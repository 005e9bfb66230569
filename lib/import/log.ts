/**
 * The entry that an import makes in the application's log.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hasTable } from "../database/connection.ts";
import { literal } from "../database/sql.ts";
import { BackupError, messageOf } from "../errors.ts";
import { LOG_TABLE } from "../soy/tables.ts";
import { printable } from "../text.ts";
import type { TableReport } from "./report.ts";

/**
 * Notes an import in the log, if there is one.
 *
 * @param origin The file name of the backup, and the name of the snapshot by which an
 * undo knows its import.
 * @returns Warnings: the import is complete whether this works or not.
 * @throws {BackupError} if a rule of the log has ended the transaction.
 */
export function logImport(
  db: Database,
  { source, snapshot }: { source: string; snapshot: string | undefined },
  tables: TableReport[],
): string[] {
  if (!hasTable(db, LOG_TABLE)) return [];
  const count = tables.filter(({ rows }) => rows > 0).length;
  try {
    db.exec(
      `INSERT INTO main.${LOG_TABLE} (entity_type, entity_id, action, details) ` +
        "VALUES ('system', 0, 'backup_imported', " +
        `json_object('source', ${literal(source)}, ` +
        `'tables_imported', ${count}` +
        (snapshot ? `, 'snapshot', ${literal(snapshot)}` : "") + "))",
    );
    return [];
  } catch (error) {
    const reason = printable(messageOf(error));
    // A rule may end the transaction (ON CONFLICT ROLLBACK), and the import with it.
    if (!db.inTransaction) {
      throw new BackupError(
        `a rule of "${LOG_TABLE}" refuses the import's own entry: ${reason}`,
      );
    }
    return [`The import could not be noted in ${LOG_TABLE}: ${reason}`];
  }
}
