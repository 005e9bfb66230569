/**
 * Verifying backups: a file by name, and an export before it counts as a backup.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows, openForReading } from "../database/connection.ts";
import { schemaEntries } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { BackupError, isLocked } from "../errors.ts";
import type { VerifyExport } from "../export/export.ts";
import { selectTables } from "../export/selection.ts";
import { withContext } from "../faults.ts";
import { BackupFile } from "../format/backup_file.ts";
import { readSummary } from "../format/summary.ts";
import { borrowSchema } from "../import/scratch.ts";
import type { Session } from "../session.ts";
import { REMADE_TABLES } from "../soy/tables.ts";
import { newestSource } from "../source/find.ts";
import { sourceAt } from "../source/form.ts";
import { type OpenedSource, openSource } from "../source/open.ts";
import type { BackupEntry, Source } from "../store/catalog.ts";
import { withFolder } from "../store/folder.ts";
import { noteProof } from "../store/proofs.ts";
import { nameIn, noteOpened } from "../store/sealed.ts";
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
 * @param from The backup, or its path; by default the newest one.
 * @throws {BackupError} if the file is damaged, or there is none.
 */
export async function verifyFile(
  installation: Installation,
  from: Source | string | undefined,
  session: Session,
): Promise<VerifyReport> {
  const source = typeof from === "string"
    ? sourceAt(from)
    : from ?? await newestSource(installation, 0, session);
  const open = () => openSource(source, installation, session);
  return await verifySource(installation, source, session, open);
}

/** Opens a backup, of whatever form. */
export type OpenBackup = (
  session: Session,
) => Promise<Pick<OpenedSource, "backup">>;

/**
 * Verifies a backup that is opened in some way.
 *
 * @param source Where it comes from.
 * @param open Opens it.
 * @throws {BackupError} if it is damaged.
 */
export async function verifySource(
  installation: Installation,
  source: Source,
  session: Session,
  open: OpenBackup,
): Promise<VerifyReport> {
  const backup = await openNoting(installation, source, session, open);
  try {
    return await withContext(
      `Cannot verify ${quoted(backup.name)}`,
      async () => ({
        borrowedSchema: borrowSchema(backup, installation),
        ...await testAndNote(installation, source, backup, session),
        source: backup.name,
        date: backup.members.backup_date,
        checksum: backup.members.sha256 !== undefined,
        missing: missingTables(backup, installation),
      }),
    );
  } finally {
    backup.close();
  }
}

// The folder stays locked until the result is noted: an export that notes something at
// the same moment would lose it.
async function testAndNote(
  installation: Installation,
  source: Source,
  backup: BackupFile,
  session: Session,
): Promise<Verdict & Pick<VerifyReport, "warnings">> {
  const { scratch } = installation;
  return await withFolder(scratch, session, async () => {
    const verdict = await testRestore(backup, scratch, session.checkpoint);
    const ok = verdict.problems.length === 0;
    const warnings = noteResult(installation, source, backup, ok, session);
    return { ...verdict, warnings };
  });
}

// A file that is damaged has failed its verification; one that may not be read, or that
// the key doesn't open, has not.
async function openNoting(
  installation: Installation,
  source: Source,
  session: Session,
  open: OpenBackup,
): Promise<BackupFile> {
  try {
    return (await open(session)).backup;
  } catch (error) {
    const isDamaged = error instanceof BackupError &&
      error.cause instanceof BackupError && source.form !== "sqlite" &&
      !isLocked(error);
    if (isDamaged) noteFailure(installation, source, session);
    throw error;
  }
}

function noteFailure(
  { backups }: Installation,
  source: Source | BackupEntry,
  { now }: Session,
): void {
  try {
    const known = "sha256" in source ? source : readSummary(source.path);
    noteProof(backups, known, now(), false);
  } catch { /* without a readable end there is nothing to know it by */ }
}

function noteResult(
  { backups }: Installation,
  { form, encrypted, path }: Source,
  { members, size }: BackupFile,
  ok: boolean,
  { now }: Session,
): string[] {
  // A database has no checksum to know it by.
  if (form === "sqlite") return [];
  const opened = encrypted
    ? noteOpened(
      backups,
      nameIn(backups, path),
      Deno.statSync(path).size,
      now(),
    )
    : [];
  const isPlain = form === "json" && !encrypted;
  const mtime = isPlain ? writtenAt(path) : undefined;
  const backup = { sha256: members.sha256, size, mtime };
  return [...opened, ...noteProof(backups, backup, now(), ok)];
}

function writtenAt(path: string): Date | undefined {
  try {
    return Deno.statSync(path).mtime ?? undefined;
  } catch {
    // It has been moved or removed meanwhile.
    return undefined;
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
    const backup = await BackupFile.open(path, { checkpoint });
    try {
      const verdict = await testRestore(backup, scratch, checkpoint, db);
      return verdict.problems;
    } finally {
      backup.close();
    }
  };
}
