/**
 * Verifying backups: a file by name, and an export before it counts as a backup.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows, openForReading } from "../database/connection.ts";
import { schemaEntries } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import type { VerifyExport } from "../export/export.ts";
import { selectTables } from "../export/selection.ts";
import { withContext } from "../faults.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { Session } from "../session.ts";
import { openBackup } from "../store/backups.ts";
import { REMADE_TABLES } from "../soy/tables.ts";
import { newestBackup } from "../store/catalog.ts";
import { withFolder } from "../store/files.ts";
import { noteProof } from "../store/proofs.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import { quoted } from "../text.ts";
import { testRestore, type Verdict } from "./test_restore.ts";

/** What verifying a file found. */
export interface VerifyReport extends Verdict {
  /** The name of the file. */
  source: string;
  /** The moment of the backup, if it says so. */
  date: string | undefined;
  /** Whether the file has a checksum, which matches then. */
  checksum: boolean;
  /** Whether the tables were made from the local database: the file has no schema. */
  borrowedSchema: boolean;
  /** Local tables with rows that the backup does not have. */
  missing: { name: string; rows: number }[];
  /** What else a person should know. */
  warnings: string[];
}

/**
 * Verifies a backup.
 *
 * @param installation Where the scratch database is made.
 * @param path The backup; by default the newest one.
 * @throws {BackupError} if the file is damaged, or there is none.
 */
export async function verifyFile(
  installation: Installation,
  path: string | undefined,
  session: Session,
): Promise<VerifyReport> {
  const { scratch, backups } = installation;
  const { checkpoint } = session;
  const reading = `Cannot read ${quoted(backups)}`;
  const chosen = path ??
    await withContext(reading, () => newestBackup(installation));
  const backup = await openNoting(installation, chosen, session);
  try {
    return await withContext(
      `Cannot verify ${quoted(backup.name)}`,
      async () => {
        const borrowedSchema = borrowSchema(backup, installation);
        const test = () => testRestore(backup, scratch, checkpoint);
        const verdict = await withFolder(scratch, session, test);
        const ok = verdict.problems.length === 0;
        const date = session.now();
        return {
          ...verdict,
          warnings: noteProof(backups, backup.path, date, ok),
          source: backup.name,
          date: backup.members.backup_date,
          checksum: backup.members.sha256 !== undefined,
          borrowedSchema,
          missing: missingTables(backup, installation),
        };
      },
    );
  } finally {
    backup.close();
  }
}

// A file that is damaged has failed its verification; one that may not be read has not.
async function openNoting(
  { backups }: Installation,
  path: string,
  { checkpoint, now }: Session,
): Promise<BackupFile> {
  try {
    return await openBackup(path, { checkpoint });
  } catch (error) {
    const isDamaged = error instanceof BackupError &&
      error.cause instanceof BackupError;
    if (isDamaged) noteProof(backups, path, now(), false);
    throw error;
  }
}

// The old form has rows only. The local tables are those that it would be imported
// into.
function borrowSchema(
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

// A backup may be intact and lack tables all the same, as one that was made by hand.
// That the local database can't be read says nothing about the backup.
function missingTables(
  backup: BackupFile,
  installation: Installation,
): VerifyReport["missing"] {
  try {
    if (!hasDatabase(installation)) return [];
    const db = openForReading(installation.database);
    try {
      return tablesBeside(backup, db);
    } finally {
      db.close();
    }
  } catch {
    return [];
  }
}

function tablesBeside(
  { tables }: BackupFile,
  db: Database,
): VerifyReport["missing"] {
  const saved = new Set(tables.map(({ name }) => foldName(name)));
  return selectTables(db, schemaEntries(db)).tables
    .map(({ name }) => name)
    .filter((name) => !saved.has(foldName(name)))
    .filter((name) => !REMADE_TABLES.includes(foldName(name)))
    .map((name) => ({ name, rows: countRows(db, name) }))
    .filter(({ rows }) => rows > 0);
}

/**
 * Makes the check of `export --verify`: what was written is restored and compared with
 * the database, which still shows the moment of the export.
 *
 * @param installation Where the scratch database is made; the export holds its lock.
 */
export function exportVerifier(
  { scratch }: Installation,
  { checkpoint }: Session,
): VerifyExport {
  return async (db, path) => {
    const backup = await openBackup(path, { checkpoint });
    try {
      const verdict = await testRestore(backup, scratch, checkpoint, db);
      const [problem] = verdict.problems;
      if (!problem) return;
      throw new BackupError(
        `the backup does not restore to what was backed up: ${problem}; ` +
          "please report this",
      );
    } finally {
      backup.close();
    }
  };
}
