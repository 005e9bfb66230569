/**
 * Imports a backup: into the database that is here, or into a new one.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { ensureDirSync } from "@std/fs";
import { join } from "@std/path";
import { openForWriting, retryLocked } from "../database/connection.ts";
import { BackupFile } from "../format/backup_file.ts";
import { addContext, withContext } from "../faults.ts";
import { discardTemp, type TempFile, withFolder } from "../store/files.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import {
  copyDatabase,
  nameSnapshot,
  pruneSnapshots,
} from "../store/snapshots.ts";
import { quoted } from "../text.ts";
import { type TableChoice, tableFilter } from "./filter.ts";
import { makeDatabase } from "./new_database.ts";
import { writeRejected } from "./rejected.ts";
import type { ImportReport } from "./report.ts";
import { restoreBackup, type RestoreOptions } from "./restore.ts";

/** How to import. */
export interface ImportOptions extends TableChoice {
  /** Take a file that was edited by hand: checksum and counts need not hold. */
  force?: boolean;
  /** Only say what an import would do. */
  dryRun?: boolean;
  /** Whether to take a snapshot of the database first; `true` unless told. */
  snapshot?: boolean;
  /** Make the imported tables what the backup says, rows only here removed. */
  exact?: boolean;
  /** Whether to make tables that are missing here; `true` unless told. */
  create?: boolean;
  /** Leave out rows that the tables here refuse. */
  skipInvalid?: boolean;
}

/** What an import came to. */
export interface ImportOutcome extends ImportReport {
  /** The name of the snapshot that was taken before. */
  snapshot?: string;
  /** The name of the file with rows that were left out. */
  rejected?: string;
}

/**
 * Imports a backup, all of it or nothing.
 *
 * @param place Where the database is, or will be.
 * @param path The backup.
 * @throws {BackupError} where the file is not whole, or a row of it cannot come
 * in; the database is as it was then.
 */
export async function importBackup(
  installation: Installation,
  path: string,
  options: ImportOptions,
  session: Session,
): Promise<ImportOutcome> {
  const { force } = options;
  const { checkpoint } = session;
  const backup = await BackupFile.open(path, { force, checkpoint });
  try {
    const restoring = restoreOptions(backup, options, session);
    const job = new ImportJob(
      installation,
      backup,
      options,
      restoring,
      session,
    );
    return await job.runLocked();
  } catch (error) {
    throw addContext(`Cannot import ${quoted(backup.name)}`, error);
  } finally {
    backup.close();
  }
}

function restoreOptions(
  backup: BackupFile,
  options: ImportOptions,
  { checkpoint }: Session,
): RestoreOptions {
  return {
    whole: false,
    everything: false,
    create: options.create ?? true,
    exact: options.exact ?? false,
    skipInvalid: options.skipInvalid ?? false,
    wants: tableFilter(backup, options),
    checkpoint,
  };
}

const noSnapshot = "Cannot take a snapshot before the import (--no-snapshot " +
  "does without)";

class ImportJob {
  constructor(
    readonly installation: Installation,
    readonly backup: BackupFile,
    readonly options: ImportOptions,
    readonly restoring: RestoreOptions,
    readonly session: Session,
  ) {}

  /** Runs with the folder of the backups locked, where it is needed. */
  async runLocked(): Promise<ImportOutcome> {
    const { installation: { snapshots }, options, session } = this;
    const { snapshot, dryRun, skipInvalid } = options;
    if (snapshot === false && !dryRun && !skipInvalid) return await this.run();
    await withContext(noSnapshot, () => ensureDirSync(snapshots));
    return await withFolder(snapshots, session, () => this.run());
  }

  async run(): Promise<ImportOutcome> {
    const { installation, options, backup, session } = this;
    const dryRun = options.dryRun ?? false;
    if (!hasDatabase(installation)) {
      const whole = { ...this.restoring, whole: true };
      const restore = (db: Database) => this.#restore(db, whole);
      return await makeDatabase(installation, backup, restore, dryRun, session);
    }
    if (dryRun) return await this.#preview();
    return await withFolder(installation.data, session, () => this.#import());
  }

  async #import(): Promise<ImportOutcome> {
    const { database } = this.installation;
    const opening = `Cannot open ${quoted(database)}`;
    const db = await withContext(opening, () => openForWriting(database));
    let copy: TempFile | undefined;
    try {
      await retryLocked(() => db.exec("BEGIN IMMEDIATE"), this.session);
      // Nobody else can write from here on, so nothing falls between the two.
      copy = await this.#copy();
      const outcome = await this.#restore(db, this.restoring);
      return { ...outcome, ...await this.#commit(db, copy) };
    } catch (error) {
      if (db.inTransaction) db.exec("ROLLBACK");
      throw error;
    } finally {
      db.close();
      if (copy) discardTemp(copy);
    }
  }

  async #copy(): Promise<TempFile | undefined> {
    if (this.options.snapshot === false) return undefined;
    const { installation: { database, snapshots }, session } = this;
    return await withContext(
      noSnapshot,
      () => copyDatabase(database, snapshots, session),
    );
  }

  // The copy becomes a snapshot only with the import: undo must not go back beyond
  // one that came to nothing.
  async #commit(
    db: Database,
    copy: TempFile | undefined,
  ): Promise<{ snapshot?: string }> {
    const { installation: { snapshots }, session } = this;
    const name = copy && await withContext(
      noSnapshot,
      () => nameSnapshot(copy, snapshots, "import", session.now()),
    );
    try {
      await retryLocked(() => db.exec("COMMIT"), session);
    } catch (error) {
      if (name) Deno.removeSync(join(snapshots, name));
      throw error;
    }
    if (!name) return {};
    pruneSnapshots(snapshots);
    return { snapshot: name };
  }

  // A preview is an import into a copy, so it cannot come out differently.
  async #preview(): Promise<ImportOutcome> {
    const { database, snapshots } = this.installation;
    const copy = await copyDatabase(database, snapshots, this.session);
    try {
      const db = openForWriting(copy.path);
      try {
        db.exec("PRAGMA synchronous = OFF; BEGIN");
        return await restoreBackup(db, this.backup, this.restoring);
      } finally {
        db.close();
      }
    } finally {
      discardTemp(copy);
    }
  }

  async #restore(
    db: Database,
    options: RestoreOptions,
  ): Promise<ImportOutcome> {
    const report = await restoreBackup(db, this.backup, options);
    const { refused } = report;
    if (refused.length === 0 || this.options.dryRun) return report;
    const { installation: { snapshots }, backup, session } = this;
    const rejected = await writeRejected(snapshots, backup, refused, session);
    return { ...report, rejected };
  }
}
