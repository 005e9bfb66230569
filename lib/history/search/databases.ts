/**
 * The moments that are databases: the present one, and the application's copies.
 *
 * @module
 */
import { openForReading, retryLocked } from "../../database/connection.ts";
import { schemaEntries } from "../../database/schema.ts";
import { BackupError } from "../../errors.ts";
import { TableRows } from "../../format/table_rows.ts";
import { ROW_SEPARATOR } from "../../format/version1.ts";
import { copyFault, listCopies, momentOfCopy } from "../../store/copies.ts";
import { hasDatabase } from "../../store/installation.ts";
import { readableTables } from "../moment.ts";
import type { LineScan } from "./line_scan.ts";
import type { Visit } from "./visit.ts";

/** Shows the database as it is now. */
export async function showNow<T>(visit: Visit<T>): Promise<void> {
  const { installation, session } = visit.place;
  if (!hasDatabase(installation)) return;
  await visit.attempt("the database", async () => {
    const db = openForReading(installation.database);
    try {
      db.exec("BEGIN");
      const schema = await retryLocked(() => schemaEntries(db), session);
      const seen = { name: "the database", date: undefined };
      await scanDatabase(visit, visit.scanOf(seen, schema), db);
    } finally {
      db.close();
    }
  });
}

/** Shows the application's copies. */
export async function showCopies<T>(visit: Visit<T>): Promise<void> {
  for (const { name, path } of listCopies(visit.place.installation)) {
    if (visit.visitor.isDone()) return;
    await visit.attempt(name, async () => {
      const db = openForReading(path);
      try {
        const seen = { name, date: momentOfCopy(path) };
        await scanDatabase(visit, visit.scanOf(seen, schemaEntries(db)), db);
      } catch (error) {
        if (error instanceof BackupError) throw error;
        throw new BackupError(copyFault(error));
      } finally {
        db.close();
      }
    });
  }
}

async function scanDatabase<T>(
  visit: Visit<T>,
  scan: LineScan<T>,
  db: TableRows["db"],
): Promise<void> {
  for (const table of readableTables(db)) {
    if (!scan.table(table.name)) continue;
    let isFirst = true;
    for (const { pieces } of new TableRows(db).read(table)) {
      if (!isFirst) scan.push(ROW_SEPARATOR);
      isFirst = false;
      for (const piece of pieces) scan.push(piece);
      await visit.checkpoint(table.name, 0);
    }
  }
  scan.end();
}
