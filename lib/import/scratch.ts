/**
 * A backup restored aside: into a scratch database, to be looked into and thrown away.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForReading } from "../database/connection.ts";
import { schemaEntries, type SchemaObject } from "../database/schema.ts";
import { BackupError } from "../errors.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { Checkpoint } from "../session.ts";
import { createTemp, discardTemp } from "../store/files.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import { inNewDatabase } from "./new_database.ts";
import type { ImportReport } from "./report.ts";
import { restoreBackup } from "./restore.ts";

/** How to restore aside. */
export interface ScratchOptions {
  /** Which tables get their rows, by their names in the backup. */
  wants: (table: string) => boolean;
  /** What a progress bar calls the work. */
  doing: string;
  /** Called now and then; throws to stop. */
  checkpoint: Checkpoint;
}

/**
 * Restores a backup into a scratch database, which is gone when the step is done.
 *
 * @param backup The backup; it needs a schema.
 * @param folder Where the database is made, with the folder's lock held.
 * @param step What to do with the database.
 * @returns What the step gives.
 * @throws {BackupError} if no database can hold what the backup says.
 */
export async function inScratchDatabase<T>(
  backup: BackupFile,
  folder: string,
  { wants, doing, checkpoint }: ScratchOptions,
  step: (db: Database, report: ImportReport) => Promise<T>,
): Promise<T> {
  const temp = createTemp(folder);
  try {
    const restore = (db: Database) =>
      restoreBackup(db, backup, {
        newDatabase: true,
        allTables: true,
        create: true,
        exact: false,
        keepNewer: false,
        conflicts: "refuse",
        skipInvalid: false,
        wants,
        doing,
        checkpoint,
      });
    return await inNewDatabase(temp.path, backup, restore, step);
  } finally {
    discardTemp(temp);
  }
}

/**
 * Gives a backup of the old form, which has rows only, the local tables that it would
 * be imported into.
 *
 * @returns Whether it had none of its own.
 * @throws {BackupError} if there is no local database.
 */
export function borrowSchema(
  backup: BackupFile,
  installation: Installation,
): boolean {
  if (backup.members.schema?.length) return false;
  if (!hasDatabase(installation)) {
    throw new BackupError(
      "the file is not damaged, but it has no schema (it has the old hand-made " +
        "form), and there is no local database to take one from",
    );
  }
  const db = openForReading(installation.database);
  try {
    backup.members.schema = schemaEntries(db);
    return true;
  } finally {
    db.close();
  }
}

/**
 * Leaves out of a backup's schema what nobody looks at in a scratch database: views,
 * triggers, and most indexes, which take longer to make than they save.
 */
export function leaveOutExtras({ members }: BackupFile): void {
  const isNeeded = ({ type, sql }: SchemaObject) =>
    type === "table" || /^create\s+unique\b/i.test(sql);
  members.schema = members.schema?.filter(isNeeded) ?? [];
}
