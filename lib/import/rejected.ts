/**
 * Rows that the database refused, as a backup of their own, which can be fixed and
 * imported.
 *
 * @module
 */
import { basename } from "@std/path";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import type { DatabaseFacts } from "../format/members.ts";
import { rowJson } from "../format/row_json.ts";
import { BackupWriter, FileSink } from "../format/writer.ts";
import type { Session } from "../session.ts";
import { saveRejected } from "../store/backups.ts";
import { utcSeconds } from "../store/names.ts";
import type { RefusedRow } from "./report.ts";

const noFacts: DatabaseFacts = {
  user_version: 0,
  application_id: 0,
  encoding: "UTF-8",
  sqlite_version: "unknown",
};

/**
 * Writes refused rows into a file `rejected-….json`.
 *
 * @param folder Where; the caller holds its lock.
 * @param backup The backup that has them.
 * @returns The name of the file.
 */
export async function writeRejected(
  folder: string,
  backup: BackupFile,
  refused: RefusedRow[],
  { now, checkpoint }: Session,
): Promise<string> {
  const date = now();
  const { path } = await saveRejected(folder, date, async (file) => {
    const writer = new BackupWriter(new FileSink(file));
    const { database = noFacts, schema = [] } = backup.members;
    // Not all of the rows are in this file.
    const { rowids: _, ...facts } = database;
    const dated = { date: utcSeconds(date), database: facts };
    writer.begin({ ...dated, schema, sequences: [] });
    for (const span of backup.tables) {
      const numbers = numbersOf(span, refused);
      if (numbers.size === 0) continue;
      const rows = selectRows(backup, span, numbers);
      await writer.table(span.name, rows, checkpoint);
    }
    writer.end();
  });
  return basename(path);
}

function numbersOf({ name }: TableSpan, refused: RefusedRow[]): Set<number> {
  return new Set(
    refused
      .filter(({ table }) => foldName(table) === foldName(name))
      .map(({ row }) => row),
  );
}

function* selectRows(
  backup: BackupFile,
  span: TableSpan,
  numbers: Set<number>,
) {
  let n = 0;
  for (const row of backup.rows(span)) {
    n++;
    if (!numbers.has(n)) continue;
    const keys = row.columns.map((name) => JSON.stringify(name));
    yield { rows: 1, pieces: rowJson(keys, row, "UTF-8") };
  }
}
