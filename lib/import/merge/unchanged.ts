/**
 * The everyday case of an import: a table is still what it was when the backup was
 * made. Then the lines that an export would write for it are those of the backup,
 * byte for byte, and no row needs to be taken apart.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { TableRows } from "../../format/table_rows.ts";
import { ROW_SEPARATOR, ROWS_END, ROWS_START } from "../../format/version1.ts";
import type { Table } from "../../database/schema.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import type { ByteSource } from "../../format/byte_source.ts";
import type { TableSpan } from "../../format/contents.ts";
import { sameBytes } from "../../bytes.ts";
import type { Checkpoint } from "../../session.ts";

/**
 * Whether an export of the table would write just what the backup has for it.
 *
 * @param db The database, with the encoding of the one that was backed up.
 * @param table A table with rows.
 * @param checkpoint Called now and then; throws to stop.
 * @returns `false` also if the backup has the same rows in another layout, in
 * another order or with other digits.
 */
export async function isUnchanged(
  db: Database,
  table: Table,
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const source = backup.bytesFrom(span.offset);
  let before = ROWS_START;
  let done = 0;
  try {
    for (const { rows, pieces } of new TableRows(db).read(table)) {
      if (!comesNext(source, before)) return false;
      for (const piece of pieces) {
        if (!comesNext(source, piece)) return false;
      }
      before = ROW_SEPARATOR;
      await checkpoint({
        doing: "Comparing",
        table: span.name,
        rows: done += rows,
        bytes: source.offset,
        total: backup.size,
      });
    }
    return comesNext(source, ROWS_END);
  } finally {
    source.release();
  }
}

/** Steps over bytes if they come next. */
function comesNext(source: ByteSource, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    if (!source.fill()) return false;
    const length = Math.min(bytes.length - at, source.end - source.pos);
    const next = source.bytes.subarray(source.pos, source.pos + length);
    if (!sameBytes(next, bytes.subarray(at, at + length))) return false;
    source.pos += length;
    at += length;
  }
  return true;
}
