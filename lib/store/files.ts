/**
 * Writing into the folder of the backups so that a file is whole or absent.
 *
 * The steps are restic's for its local repository: a file beside the final
 * place, written, synced, renamed, the folder synced.
 *
 * @module
 */
import { ensureDirSync, existsSync } from "@std/fs";
import { join } from "@std/path";
import { BackupError, messageOf } from "../errors.ts";
import { inFolder } from "../faults.ts";
import { entryAt, writeAll } from "../file.ts";
import { quoted } from "../text.ts";

/** Only the owner may read what holds a person's data. */
export const PRIVATE_MODE = 0o600;

/**
 * The endings of the files that SQLite keeps beside a database
 * (https://sqlite.org/tempfiles.html).
 */
export const SIDECARS: readonly string[] = ["-journal", "-wal", "-shm"];

const tempName =
  /^\.backup-([0-9a-f]{8}(-\d+)?|holder)\.tmp(-journal|-wal|-shm)?$/;

/** Tells the temporary files of this run from those of others. */
const run = crypto.randomUUID().slice(0, 8);
let made = 0;

/** Time between two syncs of a file that is being written, in milliseconds. */
const syncEvery = 200;

/** A file that has no final name yet. */
export interface TempFile {
  path: string;
  file: Deno.FsFile;
}

/** How the names of this run's temporary files begin. */
export function ownPrefix(): string {
  return `.backup-${run}-`;
}

/**
 * Creates a folder if it is missing.
 *
 * @throws {BackupError} if it is a link to nothing.
 * @throws {Error} if it can't be created.
 */
export function ensureFolder(folder: string): void {
  refuseDeadLink(folder);
  ensureDirSync(folder);
}

/**
 * Refuses a folder that is a link to nothing, as one on a disk that is away: it is not
 * the same as a folder without files.
 *
 * @throws {BackupError} if it is one.
 */
export function refuseDeadLink(folder: string): void {
  if (!entryAt(folder)?.isSymlink || existsSync(folder)) return;
  throw new BackupError(
    `${
      quoted(folder)
    } is a link to a folder that doesn't exist; connect its disk, ` +
      "or let it lead elsewhere",
  );
}

/** Removes the temporary files of all other runs, as far as the system allows that. */
export function removeStale(folder: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory || !tempName.test(name)) continue;
    if (name.startsWith(ownPrefix())) continue;
    try {
      Deno.removeSync(join(folder, name));
    } catch { /* It is gone already, or in nobody's way. */ }
  }
}

/**
 * Makes a file that only the owner may read.
 *
 * @throws {Error} if the folder can't be written, or is not there.
 */
export function createTemp(folder: string): TempFile {
  const path = join(folder, `${ownPrefix()}${++made}.tmp`);
  const options = {
    read: true,
    write: true,
    createNew: true,
    mode: PRIVATE_MODE,
  };
  const file = inFolder(folder, () => Deno.openSync(path, options));
  return { path, file };
}

/**
 * Makes a file that has no name, so that nothing of it is left when it is closed,
 * however the program ends.
 */
export function createUnnamed(folder: string): Deno.FsFile {
  ensureFolder(folder);
  const { path, file } = createTemp(folder);
  Deno.removeSync(path);
  return file;
}

/** How much is copied at once, in bytes. */
const chunkSize = 1 << 18;

/**
 * Copies what a file holds from its position on to the position of another one.
 *
 * @param onBytes Called with each piece after it was written; throws to stop.
 * @throws {Error} if one can't be read or the other not be written.
 */
export async function copyBytes(
  from: Deno.FsFile,
  to: Deno.FsFile,
  onBytes: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const bytes = new Uint8Array(chunkSize);
  for (let count; (count = from.readSync(bytes));) {
    const some = bytes.subarray(0, count);
    writeAll(to, some);
    await onBytes(some);
  }
}

/** Closes and removes a file that came to nothing, and what SQLite put beside it. */
export function discardTemp(temp: TempFile): void {
  try {
    temp.file.close();
  } catch { /* closed before */ }
  for (const suffix of ["", ...SIDECARS]) {
    try {
      Deno.removeSync(temp.path + suffix);
    } catch { /* not there, or renamed */ }
  }
}

/**
 * Replaces a small file that only the owner may read, as a whole.
 *
 * @throws {Error} if the disk cannot take it; the file is as it was then.
 */
export function replaceText(folder: string, name: string, text: string): void {
  const temp = createTemp(folder);
  try {
    Deno.writeTextFileSync(temp.path, text);
    temp.file.syncSync();
    temp.file.close();
    Deno.renameSync(temp.path, join(folder, name));
    syncFolder(folder);
  } finally {
    discardTemp(temp);
  }
}

// What a file system answers that has no sync for folders, as some network drives: EINVAL,
// then ENOSYS and EOPNOTSUPP of Linux and of macOS. Deno names only some of them.
const noFolderSync = /\(os error (22|38|95|45|78|102)\)$/;

/**
 * Makes sure that a rename in the folder outlasts a power cut, as far as the file system
 * can: some have no sync for folders.
 *
 * @throws {Error} if the folder can't be opened, or the disk fails.
 */
export function syncFolder(folder: string): void {
  // Windows does not open folders as files; there a rename is durable by itself.
  if (Deno.build.os === "windows") return;
  using file = Deno.openSync(folder, { read: true });
  try {
    file.syncSync();
  } catch (error) {
    if (!noFolderSync.test(messageOf(error))) throw error;
  }
}

/**
 * Runs a step that writes a file, and syncs the file meanwhile and in the end: the
 * disk gets its work bit by bit, and not all at the end.
 *
 * @param file The file; the step may write it through another handle.
 * @param step Writes it.
 * @returns What the step returns.
 * @throws {Error} if the disk cannot take it.
 */
export async function syncedEarly<T>(
  file: Deno.FsFile,
  step: () => Promise<T>,
): Promise<T> {
  const syncer = new Syncer(file);
  const timer = setInterval(() => syncer.round(), syncEvery);
  let done: T;
  try {
    done = await step();
  } finally {
    clearInterval(timer);
    await syncer.running;
  }
  syncer.finish();
  return done;
}

class Syncer {
  running: Promise<void> | undefined;
  // The system reports a fault only once, to the next sync; so it is kept.
  #faults: unknown[] = [];

  constructor(readonly file: Deno.FsFile) {}

  round(): void {
    this.running ??= this.file.syncData()
      .catch((error) => void this.#faults.push(error))
      .finally(() => this.running = undefined);
  }

  finish(): void {
    this.file.syncSync();
    if (this.#faults.length > 0) throw this.#faults[0];
  }
}
