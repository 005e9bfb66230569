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
 * How a table stands to what the backup has for it: the same; the same with rows of
 * its own after them, as a log has; or otherwise.
 */
export type Standing = "same" | "longer" | "other";

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
  return await standing(db, table, backup, span, checkpoint) === "same";
}

/**
 * Compares what an export of the table would write with what the backup has for it.
 * The parameters are those of {@linkcode isUnchanged}.
 */
export async function standing(
  db: Database,
  table: Table,
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): Promise<Standing> {
  const source = backup.bytesFrom(span.offset);
  let before = ROWS_START;
  let done = 0;
  try {
    for (const { rows, pieces } of new TableRows(db).read(table)) {
      for (const piece of chain([before], pieces)) {
        const rest = stepOver(source, piece);
        if (rest.length > 0) return endsBefore(source, rest);
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
    return comesNext(source, ROWS_END) ? "same" : "other";
  } finally {
    source.release();
  }
}

function* chain<T>(first: Iterable<T>, then: Iterable<T>): Generator<T> {
  yield* first;
  yield* then;
}

// No line break is part of a row, so what comes before this one is rows, whole.
function endsBefore(source: ByteSource, rest: Uint8Array): Standing {
  const next = rest.subarray(0, ROW_SEPARATOR.length);
  const isRowEnd = sameBytes(next, ROW_SEPARATOR);
  return isRowEnd && comesNext(source, ROWS_END) ? "longer" : "other";
}

function comesNext(source: ByteSource, bytes: Uint8Array): boolean {
  return stepOver(source, bytes).length === 0;
}

/** Steps over bytes as long as they come next; gives the rest, which does not. */
function stepOver(source: ByteSource, bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  while (rest.length > 0 && source.fill()) {
    const length = Math.min(rest.length, source.end - source.pos);
    const next = source.bytes.subarray(source.pos, source.pos + length);
    const same = commonLength(next, rest.subarray(0, length));
    source.pos += same;
    rest = rest.subarray(same);
    if (same < length) break;
  }
  return rest;
}

/** How many bytes two pieces of the same length have in common at their start. */
function commonLength(a: Uint8Array, b: Uint8Array): number {
  if (sameBytes(a, b)) return a.length;
  return a.findIndex((byte, i) => byte !== b[i]);
}
