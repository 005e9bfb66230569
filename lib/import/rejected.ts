/**
 * Rows that the database refused, as a backup of their own, which can be fixed and
 * imported.
 *
 * @module
 */
import { basename } from "@std/path";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { FileSink } from "../format/writer.ts";
import type { Session } from "../session.ts";
import { saveRejected } from "../store/backups.ts";
import { writeRows } from "./part.ts";
import type { RefusedRow } from "./report.ts";

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
  const byTable = Map.groupBy(refused, ({ table }) => foldName(table));
  const chosen = new Map(
    [...byTable].map(([table, rows]) => [
      table,
      { numbers: new Set(rows.map(({ row }) => BigInt(row))) },
    ]),
  );
  const { path } = await saveRejected(
    folder,
    date,
    (file) => writeRows(new FileSink(file), backup, chosen, date, checkpoint),
  );
  return basename(path);
}
