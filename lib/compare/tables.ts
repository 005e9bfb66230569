/**
 * The tables of a restored database, and how far their comparison is.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  describeTable,
  schemaEntries,
  type Table,
} from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import type { Checkpoint } from "../session.ts";

/** The tables of a database by their names in lower case. */
export function tablesOf(db: Database): Map<string, Table> {
  return new Map(
    schemaEntries(db)
      .filter(({ type }) => type === "table")
      .map((entry) => [foldName(entry.name), describeTable(db, entry)]),
  );
}

/** How many bytes a table takes in the file, about. */
export function lengthOf(
  { tables, size }: BackupFile,
  { offset }: TableSpan,
): number {
  const later = tables.map((other) => other.offset)
    .filter((start) => start > offset);
  return Math.min(...later, size) - offset;
}

/**
 * Tells how far the comparison of a table is.
 *
 * @returns To be called now and then with the rows done; throws to stop.
 */
export function teller(
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): (rows: number) => Promise<void> {
  const length = lengthOf(backup, span);
  return (rows) =>
    checkpoint({
      doing: "Comparing",
      table: span.name,
      rows,
      bytes: span.offset + Math.round(length * rows / span.rows),
      total: backup.size,
    });
}
