/**
 * Makes a backup: everything the database holds at one moment, in one file.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForReading } from "../database/connection.ts";
import type { Lacking } from "../database/definitions.ts";
import { foldName } from "../database/sql.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { addContext, faultOf, isDamage, withContext } from "../faults.ts";
import { FileSink } from "../format/writer.ts";
import { type FileSummary, readSummary } from "../format/summary.ts";
import { type Session, stepOf } from "../session.ts";
import {
  saveBackup,
  type Saved,
  saveEncrypted,
  type Seal,
} from "../store/backups.ts";
import { type BackupEntry, listBackups } from "../store/catalog.ts";
import { withFolder } from "../store/folder.ts";
import {
  type Installation,
  requireDatabase,
  shownDatabase,
} from "../store/installation.ts";
import { type Loss, lossesSince, referenceBackup } from "../store/losses.ts";
import { utcSeconds } from "../store/names.ts";
import { noteProof } from "../store/proofs.ts";
import { printable, quoted } from "../text.ts";
import {
  type ExportedMoment,
  type ExportedTable,
  writeMoment,
} from "./moment.ts";
import { contentDigest } from "./content.ts";
import type { Omission } from "./selection.ts";
import { stampDatabase } from "./stamp.ts";

/** What a verification has found. */
export interface Proof {
  /** Why the backup does not restore to what was backed up, if it was verified. */
  problems: string[];
  /** Whether that only says why it could not be found out. */
  isUnknown: boolean;
}

/** What an export did. */
export interface ExportReport extends Proof {
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
  /** What is in the backup and could not be created by a restore, and why. */
  lacking: Lacking[];
  /** Tables that have lost many or all of their rows since the reference backup. */
  losses: Loss[];
  /** The name of the last backup without such a loss. */
  reference: string | undefined;
  /** What else a person should know. */
  warnings: string[];
}

/** How to export. */
export interface ExportOptions {
  /** Checks the file before it gets its name. */
  verify?: VerifyExport | undefined;
  /** Take it that rows which are gone since the reference backup were deleted. */
  acceptLoss?: boolean;
  /** Encrypts the backup. */
  seal?: Seal | undefined;
  /**
   * What to read instead of opening the installation's database, which is then not even
   * touched to note the time of the backup.
   */
  from?: Database | undefined;
}

/**
 * Verifies that a backup restores, before it gets its name.
 *
 * @param db The database that was backed up, still at that moment.
 * @param path The finished file.
 * @returns Why it does not restore; nothing: it does.
 * @throws {Error} if that can't be found out.
 */
export type VerifyExport = (db: Database, path: string) => Promise<string[]>;

/** Why no backup was made: the newest one is young enough, or nothing has changed. */
export interface Unneeded {
  unneeded: "recent" | "unchanged";
  /** The newest backup. */
  newest: BackupEntry;
}

/**
 * Finds out whether a backup is needed, while no other run can make one.
 *
 * @param db The database.
 * @param backups The backups that there are, newest first.
 * @returns Why it is not needed; `undefined` if it is.
 */
export type NeedCheck = (
  db: Database,
  backups: readonly BackupEntry[],
) => Promise<Unneeded | undefined>;

/**
 * Backs up the database of an installation.
 *
 * @throws {BackupError} if there is no database, it cannot be read, or the file cannot
 * be written; no partial file has a backup's name then.
 */
export async function exportBackup(
  installation: Installation,
  session: Session,
  options: ExportOptions = {},
): Promise<ExportReport> {
  const always = () => Promise.resolve(undefined);
  const report = await exportIf(always, installation, session, options);
  return report as ExportReport;
}

/**
 * Backs up the database of an installation if that is needed. Of two runs at once that
 * find the same, the second one finds the backup of the first.
 *
 * @throws {BackupError} as {@linkcode exportBackup} does.
 */
export async function exportIf(
  check: NeedCheck,
  installation: Installation,
  session: Session,
  options: ExportOptions = {},
): Promise<ExportReport | Unneeded> {
  requireDatabase(installation);
  const { database, backups } = installation;
  const reading = `Cannot back up ${shownDatabase(installation)}`;
  const db = options.from ??
    await withContext(reading, () => openForReading(database));
  try {
    const { size } = Deno.statSync(database);
    await session.checkpoint(stepOf("Backing up", "", size));
    const step = async () => {
      const { backups: entries } = listBackups(backups);
      return await check(db, entries) ??
        await save(db, installation, entries, session, options);
    };
    return await withFolder(backups, session, step);
  } catch (error) {
    const saving = `Cannot save a backup in ${quoted(backups)}`;
    throw addContext(isDamage(error) ? reading : saving, error);
  } finally {
    if (!options.from) db.close();
  }
}

async function save(
  db: Database,
  { backups, database }: Installation,
  entries: readonly BackupEntry[],
  session: Session,
  { verify, acceptLoss, seal, from }: ExportOptions,
): Promise<ExportReport> {
  const reference = referenceBackup(entries);
  const lossesOf = ({ tables }: ExportedMoment) =>
    acceptLoss ? [] : lossesIn(tables, reference);
  const write = (file: Deno.FsFile, path: string) =>
    writeChecked(db, file, path, session, { verify, seal });
  const isPoorer = (written: CheckedMoment) =>
    lossesOf(written).length + written.problems.length > 0;
  const saved = seal
    ? await saveEncrypted(backups, write, isPoorer, seal)
    : await savePlain(backups, write, isPoorer);
  const { path, bytes, written, plain } = saved;
  const { date, tables, omitted, lacking, problems, isUnknown } = written;
  const proof = verify && plain && !isUnknown
    ? noteProof(backups, plain, session.now(), problems.length === 0)
    : [];
  const stamped = from ? [] : await stampDatabase(database, session);
  return {
    tables,
    omitted,
    lacking,
    path,
    bytes,
    date: utcSeconds(date),
    problems,
    isUnknown,
    losses: lossesOf(written),
    reference: reference?.name,
    warnings: [...saved.warnings, ...proof, ...stamped],
  };
}

/** What was written, and what is known of it before it gets its name. */
interface CheckedMoment extends ExportedMoment, Proof {
  /** A digest of what is a person's, if it is to be encrypted. */
  content: string | undefined;
}

async function writeChecked(
  db: Database,
  file: Deno.FsFile,
  path: string,
  session: Session,
  { verify, seal }: ExportOptions,
): Promise<CheckedMoment> {
  let proof: Proof = { problems: [], isUnknown: false };
  let content: string | undefined;
  const afterwards = async () => {
    if (verify) proof = await proofOf(() => verify(db, path));
    if (seal) content = await contentDigest(db, session.checkpoint);
    session.finishing();
  };
  const sink = new FileSink(file);
  const moment = await writeMoment(db, sink, session, afterwards);
  return { ...moment, ...proof, content };
}

async function savePlain(
  ...args: Parameters<typeof saveBackup<CheckedMoment>>
): Promise<
  Saved<CheckedMoment> & {
    plain: FileSummary | undefined;
    warnings: string[];
  }
> {
  const saved = await saveBackup(...args);
  try {
    return { ...saved, plain: readSummary(saved.path), warnings: [] };
  } catch {
    // Without a readable end there is nothing to know it by.
    return { ...saved, plain: undefined, warnings: [] };
  }
}

// A backup that fails its proof, or can't be proved, is worth more than none.
async function proofOf(
  verify: () => Promise<string[]>,
): Promise<Proof> {
  try {
    return { problems: await verify(), isUnknown: false };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const reason = faultOf(error) ?? printable(messageOf(error));
    return {
      problems: [`it could not be verified: ${reason}`],
      isUnknown: true,
    };
  }
}

function lossesIn(
  tables: ExportedTable[],
  reference: BackupEntry | undefined,
): Loss[] {
  const rows = new Map(tables.map(({ name, rows }) => [foldName(name), rows]));
  return lossesSince(reference?.counts(), (table) => rows.get(table) ?? 0);
}
