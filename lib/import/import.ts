/**
 * Imports a backup into the database, or creates a new one from it. Read this file
 * first; then `restore.ts`, `restore_table.ts`, `load/loader.ts` and `merge/merge.ts`.
 *
 * A row's way from the file into its table:
 *
 * 1. `openSource()` has read the whole file and knows each table's offset.
 * 2. `plan.ts` pairs the backup's tables with those of the database, and puts them
 *    in order; `schema_objects.ts` creates missing tables and drops the triggers.
 * 3. A table that an export would write just as the backup has it is left alone
 *    (`merge/unchanged.ts`).
 * 4. Else `load/loader.ts` takes rows from the file, in batches of JSON or one by
 *    one, and `load/columns.ts` matches their columns with the table's.
 * 5. If the table is empty, the rows go right into it (`load/direct.ts`).
 * 6. If not, they go into a temporary table (`merge/stage.ts`); `merge/changes.ts`
 *    finds what is new and what differs, `merge/apply.ts` upserts it, and
 *    `merge/merge.ts` re-checks the result.
 * 7. `references.ts` looks for orphaned references, and the caller commits.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  beginWriting,
  openForWriting,
  rollBack,
} from "../database/connection.ts";
import type { Omission } from "../export/selection.ts";
import { addContext, withContext } from "../faults.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { openSource } from "../source/open.ts";
import { sourceAt } from "../source/form.ts";
import type { Source } from "../store/catalog.ts";
import { discardTemp } from "../store/files.ts";
import { withFolder } from "../store/folder.ts";
import { asidePath } from "../store/damaged.ts";
import {
  hasDatabase,
  type Installation,
  shownDatabase,
} from "../store/installation.ts";
import type { Session } from "../session.ts";
import { quoted } from "../text.ts";
import { createDatabase } from "./new_database.ts";
import { type ImportOptions, restoreOptions } from "./options.ts";
import { writeRejected } from "./rejected.ts";
import type { TakenRecord } from "./records.ts";
import type { ImportReport } from "./report.ts";
import { restoreBackup, type RestoreOptions } from "./restore.ts";
import {
  commit,
  copyCurrent,
  copyForSnapshot,
  type PendingSnapshot,
  withSnapshotFolder,
} from "./snapshot.ts";

/** What an import came to. */
export interface ImportOutcome extends ImportReport {
  /** The records that were asked for, with what belongs to them. */
  records?: TakenRecord[];
  /** The name of the snapshot that was taken before. */
  snapshot?: string;
  /** Whether an import would stop, since a person has to decide on conflicts. */
  isBlocked?: boolean;
  /** The name of the file with the rows that were left out. */
  rejected?: string;
  /** Where the damaged database is, or would be, that the new one replaces. */
  movedAside?: string;
}

/** One import, as all its steps need it. */
interface Job {
  installation: Installation;
  backup: BackupFile;
  options: ImportOptions;
  restoring: RestoreOptions;
  session: Session;
}

/**
 * Imports a backup, all of it or nothing.
 *
 * @param installation Where the database is, or will be.
 * @param from The backup, or its path.
 * @throws {BackupError} if the file is damaged, or a row of it can't be imported;
 * the database is unchanged then.
 */
export async function importBackup(
  installation: Installation,
  from: Source | string,
  options: ImportOptions,
  session: Session,
): Promise<ImportOutcome> {
  const { force } = options;
  const source = typeof from === "string" ? sourceAt(from) : from;
  const opened = await openSource(source, installation, session, { force });
  const { backup, omitted } = opened;
  try {
    const importing = { installation, backup, options, session };
    const outcome = options.records === undefined
      ? await importOpened(importing)
      : await importRecords(importing, options.records);
    const warnings = [...omittedWarnings(omitted), ...outcome.warnings];
    return { ...outcome, warnings };
  } catch (error) {
    throw addContext(`Cannot import ${quoted(backup.name)}`, error);
  } finally {
    backup.close();
  }
}

async function importOpened(
  importing: Omit<Job, "restoring">,
): Promise<ImportOutcome> {
  const { backup, options, session } = importing;
  const restoring = restoreOptions(backup, options, session);
  const job = { ...importing, restoring };
  return await inSnapshotFolder(job, () => runImport(job));
}

// Single records come from a backup that has no others.
async function importRecords(
  importing: Omit<Job, "restoring">,
  typed: string,
): Promise<ImportOutcome> {
  const { installation, backup, options, session } = importing;
  const { takeRecords } = await import("./records.ts");
  const taken = await takeRecords(
    backup,
    typed,
    installation,
    session,
    options.force ?? false,
  );
  try {
    const part = { ...importing, backup: taken.backup };
    const outcome = await importOpened(part);
    // What else the whole backup has is not known.
    const tables = outcome.tables.map((table) => ({ ...table, localOnly: 0 }));
    return { ...outcome, tables, records: taken.records };
  } finally {
    taken.backup.close();
  }
}

// A backup that is a database may hold what a plain file can't carry.
function omittedWarnings(omitted: Omission[]): string[] {
  return omitted.map(({ table, reason }) =>
    `Cannot be taken from the copy: table ${quoted(table)}: ${reason}`
  );
}

// Locks the folder of the snapshots, if the import may write into it.
async function inSnapshotFolder<T>(
  job: Job,
  step: () => Promise<T>,
): Promise<T> {
  const { snapshot, dryRun, skipInvalid, replaceDamaged } = job.options;
  const writes = snapshot !== false || dryRun || skipInvalid || replaceDamaged;
  return writes ? await withSnapshotFolder(job, step) : await step();
}

async function runImport(job: Job): Promise<ImportOutcome> {
  const { installation, options, session } = job;
  if (options.replaceDamaged) {
    const aside = asidePath(installation, session.now());
    return { ...await importIntoNothing(job, aside), movedAside: aside };
  }
  if (!hasDatabase(installation)) return await importIntoNothing(job);
  if (options.dryRun) return await preview(job);
  const importing = () => importIntoDatabase(job);
  return await withFolder(installation.data, session, importing);
}

async function importIntoNothing(
  job: Job,
  aside?: string,
): Promise<ImportOutcome> {
  const { installation, options, backup, session } = job;
  const restoring = { ...job.restoring, newDatabase: true };
  const restore = (db: Database) => restoreInto(db, { ...job, restoring });
  const creating = { dryRun: options.dryRun ?? false, aside };
  return await createDatabase(
    installation,
    backup,
    restore,
    creating,
    session,
  );
}

async function importIntoDatabase(job: Job): Promise<ImportOutcome> {
  const { installation, session } = job;
  const { database } = installation;
  const opening = `Cannot open ${shownDatabase(installation)}`;
  const db = await withContext(opening, () => openForWriting(database));
  let pending: PendingSnapshot | undefined;
  try {
    await beginWriting(db, session);
    // Nobody else can write from here on, so the copy is what the import starts from.
    if (job.options.snapshot !== false) pending = await copyForSnapshot(job);
    const restoring = { ...job.restoring, snapshot: pending?.name };
    const outcome = await restoreInto(db, { ...job, restoring });
    return { ...outcome, ...await commit(db, pending, job) };
  } catch (error) {
    rollBack(db);
    throw error;
  } finally {
    db.close();
    if (pending) discardTemp(pending);
  }
}

// A preview is an import into a copy, so it can't come out differently.
async function preview(job: Job): Promise<ImportOutcome> {
  const copy = await copyCurrent(job, "Cannot copy the database for a preview");
  try {
    const db = openForWriting(copy.path);
    try {
      db.exec("PRAGMA synchronous = OFF; BEGIN");
      const report = await restoreBackup(db, job.backup, job.restoring);
      const isBlocked = job.restoring.conflicts === "report" &&
        report.conflicts.length > 0;
      return isBlocked ? { ...report, isBlocked } : report;
    } finally {
      db.close();
    }
  } finally {
    discardTemp(copy);
  }
}

async function restoreInto(db: Database, job: Job): Promise<ImportOutcome> {
  const { installation: { snapshots }, backup, options, session } = job;
  const report = await restoreBackup(db, backup, job.restoring);
  const { refused } = report;
  if (refused.length === 0 || options.dryRun) return report;
  session.finishing();
  const rejected = await writeRejected(snapshots, backup, refused, session);
  return { ...report, rejected };
}
