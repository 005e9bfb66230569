/**
 * Some rows of a backup as a backup of its own.
 *
 * @module
 */
import { decodeText, type Row } from "../database/cells.ts";
import { foldName } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import type { DatabaseFacts } from "../format/members.ts";
import { rowJson } from "../format/row_json.ts";
import type { RowPieces } from "../format/table_rows.ts";
import { BackupWriter, FileSink } from "../format/writer.ts";
import { idText } from "../record/row.ts";
import type { Checkpoint, Session } from "../session.ts";
import { createUnnamed } from "../store/files.ts";
import { utcSeconds } from "../store/names.ts";
import { quoted } from "../text.ts";

/** The rows of a table by their numbers. */
export interface NumberedRows {
  /** The column with their numbers; `undefined`: they are numbered from 1 by place. */
  column?: string | undefined;
  numbers: ReadonlySet<bigint>;
}

/** The rows of a table by their keys. */
export interface KeyedRows {
  /** The columns of the key. */
  key: readonly string[];
  /** The keys, as {@linkcode idText} has them. */
  ids: ReadonlySet<string>;
}

/** Rows by the folded names of their tables. */
export type ChosenRows = ReadonlyMap<string, NumberedRows | KeyedRows>;

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
  chosen: ChosenRows,
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
  some: NumberedRows | KeyedRows,
): Generator<RowPieces> {
  const isChosen = "ids" in some ? keyTest(some) : numberTest(some);
  let chosen = 0;
  for (const row of backup.rows(span)) {
    if (!isChosen(row)) continue;
    chosen++;
    const keys = row.columns.map((name) => JSON.stringify(name));
    yield { rows: 1, pieces: rowJson(keys, row, "UTF-8") };
  }
  if ("ids" in some && chosen < some.ids.size) {
    throw new BackupError(
      `the file has keys of table ${quoted(span.name)} in another form than ` +
        "the table stores them; import all of it with --tables",
    );
  }
}

/** Makes a test of rows that come in the order of the file. */
function numberTest(
  { column, numbers }: NumberedRows,
): (row: Row) => boolean {
  let place = 0n;
  return (row) => {
    place++;
    const number = column === undefined ? place : numberIn(row, column);
    return number !== undefined && numbers.has(number);
  };
}

function keyTest({ key, ids }: KeyedRows): (row: Row) => boolean {
  const names = key.map(foldName);
  return ({ columns, kinds, values }) => {
    const folded = columns.map(foldName);
    const id = names.map((name) => folded.indexOf(name)).map((i) => {
      const value = values[i] ?? null;
      return value instanceof Uint8Array && kinds[i] !== "b"
        ? { text: value }
        : value;
    });
    return ids.has(idText({ id }));
  };
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
  chosen: ChosenRows,
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
