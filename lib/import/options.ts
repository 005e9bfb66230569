/**
 * How to import.
 *
 * @module
 */
import type { BackupFile } from "../format/backup_file.ts";
import type { Session } from "../session.ts";
import { type TableChoice, tableFilter } from "./plan.ts";
import type { RestoreOptions } from "./restore.ts";

/** How to import. */
export interface ImportOptions extends TableChoice {
  /** Take a file that was edited by hand, whatever its checksum and counts say. */
  force?: boolean;
  /** Only say what an import would do. */
  dryRun?: boolean;
  /** Whether to take a snapshot of the database first; `true` unless told. */
  snapshot?: boolean;
  /** Make the imported tables what the backup says: remove all other rows. */
  exact?: boolean;
  /**
   * What to do about local rows that have the numbers of other records in the backup:
   * keep both, or replace the local ones; unless told, the import stops.
   */
  conflicts?: "keep" | "replace" | undefined;
  /** Import only these records and what belongs to them, as in `contacts:7`. */
  records?: string | undefined;
  /** Let local rows stay that were edited after the backup was made. */
  keepNewer?: boolean;
  /** Whether to create tables that the database doesn't have; `true` unless told. */
  create?: boolean;
  /** Leave out rows that their tables refuse. */
  skipInvalid?: boolean;
  /** Move a damaged database aside, and create a new one. */
  replaceDamaged?: boolean;
}

/** What these options mean for restoring a backup into a database that exists. */
export function restoreOptions(
  backup: BackupFile,
  options: ImportOptions,
  { checkpoint }: Session,
): RestoreOptions {
  return {
    newDatabase: false,
    allTables: false,
    create: options.create ?? true,
    exact: options.exact ?? false,
    keepNewer: options.keepNewer ?? false,
    conflicts: options.conflicts ?? (options.dryRun ? "report" : "refuse"),
    skipInvalid: options.skipInvalid ?? false,
    wants: tableFilter(backup.tables.map(({ name }) => name), options),
    checkpoint,
  };
}
