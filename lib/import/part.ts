/**
 * Some rows of a backup as a backup of its own.
 *
 * @module
 */
import { decodeText, type Row } from "../database/cells.ts";
import { foldName } from "../database/sql.ts";
import { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import type { DatabaseFacts } from "../format/members.ts";
import { rowJson } from "../format/row_json.ts";
import type { RowPieces } from "../format/table_rows.ts";
import { BackupWriter, FileSink } from "../format/writer.ts";
import type { Checkpoint, Session } from "../session.ts";
import { createUnnamed } from "../store/files.ts";
import { utcSeconds } from "../store/names.ts";

/** The rows of a table. */
export interface SomeRows {
  /** The column with their numbers; `undefined`: they are numbered from 1 by place. */
  column?: string | undefined;
  numbers: ReadonlySet<bigint>;
}

/** Rows by the folded names of their tables. */
export type RowNumbers = ReadonlyMap<string, SomeRows>;

const noFacts: DatabaseFacts = {
  user_version: 0,
  application_id: 0,
  encoding: "UTF-8",
  sqlite_version: "unknown",
};

/**
 * Writes rows of a backup as they are in it.
 *
 * @param date The moment that is written as the backup's.
 */
export async function writeRows(
  sink: FileSink,
  backup: BackupFile,
  chosen: RowNumbers,
  date: Date,
  checkpoint: Checkpoint,
): Promise<void> {
  const writer = new BackupWriter(sink);
  const { database = noFacts, schema = [] } = backup.members;
  // Not all of the rows are in this file.
  const { rowids: _, ...facts } = database;
  const dated = { date: utcSeconds(date), database: facts };
  writer.begin({ ...dated, schema, sequences: [] });
  for (const span of backup.tables) {
    const some = chosen.get(foldName(span.name));
    if (!some) continue;
    await writer.table(span.name, selectRows(backup, span, some), checkpoint);
  }
  writer.end();
}

function* selectRows(
  backup: BackupFile,
  span: TableSpan,
  { column, numbers }: SomeRows,
): Generator<RowPieces> {
  let place = 0n;
  for (const row of backup.rows(span)) {
    place++;
    const number = column === undefined ? place : numberIn(row, column);
    if (number === undefined || !numbers.has(number)) continue;
    const keys = row.columns.map((name) => JSON.stringify(name));
    yield { rows: 1, pieces: rowJson(keys, row, "UTF-8") };
  }
}

// A column of numbers takes a text with digits as a number.
function numberIn(row: Row, column: string): bigint | undefined {
  const i = row.columns.findIndex((name) =>
    foldName(name) === foldName(column)
  );
  const value = row.values[i];
  if (row.kinds[i] === "i") return BigInt(value as number | bigint);
  const text = value instanceof Uint8Array ? decodeText(value) : String(value);
  return /^-?\d+(\.0+)?$/.test(text)
    ? BigInt(text.replace(/\..*/, ""))
    : undefined;
}

/**
 * Opens some rows of a backup as a backup with the same name and definitions.
 *
 * @param scratch Where its file is made, which has no name.
 * @param force Whether the backup may have been edited by hand.
 */
export async function withRows(
  backup: BackupFile,
  chosen: RowNumbers,
  scratch: string,
  { now, checkpoint }: Session,
  force: boolean,
): Promise<BackupFile> {
  const file = createUnnamed(scratch);
  try {
    const sink = new FileSink(file);
    await writeRows(sink, backup, chosen, now(), checkpoint);
  } catch (error) {
    file.close();
    throw error;
  }
  const part = await BackupFile.of(file, backup.path, { force, checkpoint });
  const { schema, backup_date } = backup.members;
  Object.assign(part.members, { schema, backup_date });
  return part;
}
