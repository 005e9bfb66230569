/**
 * Verifying every backup, plain or packed, one after the other.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { Lacking } from "../database/definitions.ts";
import { BackupError, EXIT, isLocked } from "../errors.ts";
import { COPY_IT, withContext } from "../faults.ts";
import { BackupFile } from "../format/backup_file.ts";
import { readPack } from "../pack/pack.ts";
import { partDamage, unpackAll, type UnpackedDay } from "../pack/unpack.ts";
import type { Checkpoint, Progress, Session } from "../session.ts";
import { openSource, withPack } from "../source/open.ts";
import {
  type BackupEntry,
  type Catalog,
  listBackups,
  packedEntry,
  packNames,
} from "../store/catalog.ts";
import type { Installation } from "../store/installation.ts";
import { isBackupName, plainName } from "../store/names.ts";
import type { PackedBackup } from "../store/pack_index.ts";
import { quoted } from "../text.ts";
import { type OpenBackup, verifySource } from "./verify.ts";

/** A backup that was verified. */
export interface VerifiedBackup {
  name: string;
  /** Its moment, as far as it is known. */
  date: Date | undefined;
  /** The pack that it is in. */
  packed: string | undefined;
  /** Why it doesn't restore to what it contains; absent if it does. */
  problem: string | undefined;
  /** Whether that is only because no key that was given opens it. */
  locked: boolean;
  /** Definitions that a restore could not create. */
  lacking: Lacking[];
  /** What else a person should know. */
  warnings: string[];
}

/**
 * Verifies every backup. One that fails doesn't stop the others.
 *
 * @returns The backups; plain ones first, newest first, then pack by pack.
 * @throws {BackupError} if there is none, or the folder cannot be read.
 */
export async function verifyAll(
  installation: Installation,
  session: Session,
): Promise<VerifiedBackup[]> {
  const { backups: folder } = installation;
  const reading = `Cannot read ${quoted(folder)}`;
  const catalog = await withContext(reading, () => listBackups(folder));
  const all = new AllBackups(installation, session, catalog);
  const found = await Array.fromAsync(all.verified());
  if (found.length > 0) return found;
  throw new BackupError(
    `Cannot find a backup in ${quoted(folder)}; make one with export`,
  );
}

/**
 * Verifies every backup of a packed month.
 *
 * @param path The month, encrypted or not.
 * @returns The backups in it; for one that can't be read at all, the month itself.
 * @throws {BackupError} if there is no such file.
 */
export async function verifyMonth(
  installation: Installation,
  path: string,
  session: Session,
): Promise<VerifiedBackup[]> {
  const reading = `Cannot read ${quoted(path)}`;
  await withContext(reading, () => Deno.statSync(path), COPY_IT);
  // What is in it is counted when it is read.
  const catalog = { backups: [], unrecognized: [] };
  return await new AllBackups(installation, session, catalog).month(path);
}

const indexLost = "its index is missing or damaged; tidy writes it anew";
const partLost =
  "a part of it can't be read, and without its index there is no " +
  "telling which backups were in it";

class AllBackups {
  /** Bytes of the backups that are done, and of all. */
  #done = 0;
  #total: number;

  constructor(
    readonly installation: Installation,
    readonly session: Session,
    readonly catalog: Catalog,
  ) {
    this.#total = catalog.backups.reduce((sum, { size }) => sum + size, 0);
  }

  async *verified(): AsyncGenerator<VerifiedBackup> {
    const { backups, unrecognized } = this.catalog;
    // What can't be read as a backup can't be restored.
    for (const { name, fault } of unrecognized) {
      if (isBackupName(plainName(name))) yield failed(name, fault);
    }
    for (const entry of backups.filter(({ form }) => form === "json")) {
      const open: OpenBackup = (session) =>
        openSource(entry, this.installation, session);
      yield await this.#verify(entry, undefined, open);
    }
    const { backups: folder } = this.installation;
    for (const name of packNames(folder)) {
      yield* await this.month(join(folder, name));
    }
  }

  /** The backups of a month, which is decrypted into scratch if it has to be. */
  async month(path: string): Promise<VerifiedBackup[]> {
    const pack = basename(path);
    const verify = (file: Deno.FsFile) =>
      Array.fromAsync(this.#verifiedIn(file, path));
    const { scratch } = this.installation;
    try {
      return await withPack(path, scratch, this.session, verify);
    } catch (error) {
      const locked = isLocked(error);
      return [{ ...failed(pack, faultOf(error)), locked }];
    }
  }

  async *#verifiedIn(
    file: Deno.FsFile,
    path: string,
  ): AsyncGenerator<VerifiedBackup> {
    const pack = basename(path);
    const { backups, scratch } = this.installation;
    const onBytes = () => this.session.checkpoint();
    try {
      const contents = await readPack(file, path, onBytes);
      this.#count(contents.backups);
      const notes = contents.indexLost ? [`${pack}: ${indexLost}`] : [];
      for await (const day of unpackAll(file, contents, scratch, onBytes)) {
        const entry = packedEntry(path, day.backup);
        const name = join(backups, entry.name);
        const open: OpenBackup = ({ checkpoint }) =>
          openDay(day, name, pack, checkpoint);
        const verified = await this.#verify(entry, pack, open);
        yield { ...verified, warnings: [...notes, ...verified.warnings] };
      }
      if (contents.damagedFrames > 0) yield failed(pack, partLost);
    } catch (error) {
      yield failed(pack, faultOf(error));
    }
  }

  /** Counts backups in that the folder's list can't tell of. */
  #count(found: readonly PackedBackup[]): void {
    const listed = new Set(this.catalog.backups.map(({ name }) => name));
    for (const { name, size } of found) {
      if (!listed.has(name)) this.#total += size;
    }
  }

  async #verify(
    entry: BackupEntry,
    packed: string | undefined,
    open: OpenBackup,
  ): Promise<VerifiedBackup> {
    const { name, date, size } = entry;
    const session = this.#sessionFor(name);
    try {
      const { problems: [problem], ...report } = await verifySource(
        this.installation,
        entry,
        session,
        open,
      );
      const { lacking, warnings } = report;
      const locked = false;
      return { name, date, packed, problem, locked, lacking, warnings };
    } catch (error) {
      const locked = isLocked(error);
      return { ...failed(name, faultOf(error)), date, packed, locked };
    } finally {
      this.#done += size;
    }
  }

  /** A session that reports the progress of all backups. */
  #sessionFor(name: string): Session {
    const checkpoint = (progress?: Progress) =>
      this.session.checkpoint(
        progress && {
          doing: "Verifying",
          table: name,
          rows: progress.rows,
          bytes: this.#done,
          total: this.#total,
        },
      );
    return { ...this.session, checkpoint };
  }
}

// That the frame is damaged says more than what has become of the text in it.
async function openDay(
  { file, damaged }: UnpackedDay,
  path: string,
  pack: string,
  checkpoint: Checkpoint,
): Promise<{ backup: BackupFile }> {
  if (!file) throw damagedDay(path, pack);
  try {
    return { backup: await BackupFile.of(file, path, { checkpoint }) };
  } catch (error) {
    const isOfOne = error instanceof BackupError &&
      error.exitCode === EXIT.failed;
    throw damaged && isOfOne ? damagedDay(path, pack) : error;
  }
}

function damagedDay(path: string, pack: string): BackupError {
  const cause = partDamage(pack);
  const message = `Cannot read backup ${quoted(path)}: ${cause.message}`;
  return new BackupError(message, { cause });
}

function failed(name: string, problem: string): VerifiedBackup {
  const unknown = { date: undefined, packed: undefined, locked: false };
  return { name, problem, ...unknown, lacking: [], warnings: [] };
}

/** What is wrong with one backup; anything else stops the run. */
function faultOf(error: unknown): string {
  const isOfOne = error instanceof BackupError &&
    error.exitCode === EXIT.failed;
  if (!isOfOne) throw error;
  // The name is shown beside it.
  return error.cause instanceof BackupError
    ? error.cause.message
    : error.message;
}
