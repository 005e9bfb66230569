/**
 * Makes a backup: everything the database holds at one moment, in one file.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { basename } from "@std/path";
import { openForReading } from "../database/connection.ts";
import { foldName } from "../database/sql.ts";
import { withContext } from "../faults.ts";
import { createTemp, discardTemp, withFolder } from "../store/files.ts";
import { syncedEarly } from "../store/early_sync.ts";
import { listBackups } from "../store/backups.ts";
import { utcSeconds } from "../store/names.ts";
import { type Installation, mustHaveDatabase } from "../store/installation.ts";
import { publish } from "../store/publish.ts";
import type { Session } from "../session.ts";
import { REMADE_TABLES } from "../soy/tables.ts";
import { quoted } from "../text.ts";
import { FileSink } from "../format/writer.ts";
import type { Omission } from "./selection.ts";
import { type ExportedTable, writeSnapshot } from "./moment.ts";
import { stampBackup } from "./stamp.ts";

/** What an export did. */
export interface ExportReport {
  /** Where the backup is. */
  path: string;
  /** Its size in bytes. */
  bytes: number;
  /** Its moment, in UTC with seconds. */
  date: string;
  /** The tables in it, in its order. */
  tables: ExportedTable[];
  /** What could not be carried, and why. */
  omitted: Omission[];
  /** Tables that are empty now, with the rows of the newest earlier backup. */
  emptied: ExportedTable[];
  /** The name that the newest earlier backup has now. */
  earlier: string | undefined;
  /** What a person should know besides. */
  warnings: string[];
}

/**
 * Proves that a backup restores, before it gets its name.
 *
 * @param db The database that was backed up, still at that moment.
 * @param path The finished file.
 * @throws {BackupError} where it does not.
 */
export type Prove = (db: Database, path: string) => Promise<void>;

/**
 * Makes a backup of the installation's database among its backups.
 *
 * @param prove Looks at the file before it becomes a backup.
 * @throws {BackupError} where there is no database, it cannot be read, or the file
 * cannot be written; no half file has a backup's name then.
 */
export async function exportBackup(
  installation: Installation,
  session: Session,
  prove?: Prove,
): Promise<ExportReport> {
  mustHaveDatabase(installation);
  const reading = `Cannot back up ${quoted(installation.database)}`;
  const db = await withContext(
    reading,
    () => openForReading(installation.database),
  );
  try {
    const saving = `Cannot save a backup in ${quoted(installation.backups)}`;
    return await withContext(
      saving,
      () =>
        withFolder(
          installation.backups,
          session,
          () => save(db, installation, session, prove),
        ),
    );
  } finally {
    db.close();
  }
}

async function save(
  db: Database,
  installation: Installation,
  session: Session,
  prove?: Prove,
): Promise<ExportReport> {
  const earlier = listBackups(installation.backups).backups[0];
  const temp = createTemp(installation.backups);
  try {
    const { date, tables, omitted } = await syncedEarly(
      temp.file,
      () =>
        writeSnapshot(
          db,
          new FileSink(temp.file),
          session,
          () => prove ? prove(db, temp.path) : Promise.resolve(),
        ),
    );
    const bytes = Deno.statSync(temp.path).size;
    const path = publish(temp, installation.backups, date);
    const emptied = emptiedSince(earlier?.counts(), tables);
    return {
      path,
      bytes,
      date: utcSeconds(date),
      tables,
      omitted,
      emptied,
      earlier: emptied.length > 0
        ? newestBeside(path, installation)
        : undefined,
      warnings: await stampBackup(installation.database, session),
    };
  } finally {
    discardTemp(temp);
  }
}

// The earlier one may have given its name to the new one.
function newestBeside(
  path: string,
  installation: Installation,
): string | undefined {
  const { backups } = listBackups(installation.backups);
  return backups.find(({ name }) => name !== basename(path))?.name;
}

/** Tables that had rows then and have none now: that is how data loss shows. */
function emptiedSince(
  counts: Map<string, bigint> | undefined,
  tables: ExportedTable[],
): ExportedTable[] {
  const filled = new Set(
    tables.filter(({ rows }) => rows > 0).map(({ name }) => foldName(name)),
  );
  return [...counts ?? []]
    .filter(([name, rows]) =>
      rows > 0n && !filled.has(foldName(name)) && !REMADE_TABLES.includes(name)
    )
    .map(([name, rows]) => ({ name, rows: Number(rows) }));
}
