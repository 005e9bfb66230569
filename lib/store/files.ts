/**
 * Writing into the folder of the backups so that a file is whole or absent.
 *
 * The steps are restic's for its local repository: a file beside the final
 * place, written, synced, renamed, the folder synced.
 *
 * @module
 */
import { ensureDirSync } from "@std/fs";
import { join } from "@std/path";
import { BackupError } from "../errors.ts";
import type { Session } from "../session.ts";
import { printable, quoted } from "../text.ts";

/** Only the owner may read what holds a person's data. */
export const PRIVATE_MODE = 0o600;

const tempName =
  /^\.backup-([0-9a-f]{8}(-\d+)?|holder)\.tmp(-journal|-wal|-shm)?$/;

/** Tells the temporary files of this run from those of others. */
const run = crypto.randomUUID().slice(0, 8);
let made = 0;

/** Says who holds the lock of a folder, since the lock itself cannot tell. */
const holderName = ".backup-holder.tmp";

/** Time between two tries to lock a folder, in milliseconds. */
const lockEvery = 100;

/** Time between two syncs of a file that is being written, in milliseconds. */
const syncEvery = 200;

/** What a wait for a folder needs of a session. */
export type FolderWaiting = Pick<
  Session,
  "onWait" | "checkpoint" | "folderTimeout"
>;

/** A file that has no final name yet. */
export interface TempFile {
  path: string;
  file: Deno.FsFile;
}

/**
 * Does a step while no other run of the program works in the same folder.
 *
 * What a run that was killed has left behind is removed first: with the lock held,
 * nobody else can be writing it.
 *
 * @param folder The folder, created if it is missing.
 * @param session Is told that there is a wait, may stop it, and says how long it
 * may last.
 * @param step What to do.
 * @throws {BackupError} if the lock outlasts the session's `folderTimeout`, as that
 * of a run that was stopped (SIGSTOP) does.
 */
export async function withFolder<T>(
  folder: string,
  session: FolderWaiting,
  step: () => Promise<T>,
): Promise<T> {
  ensureDirSync(folder);
  await session.checkpoint();
  const lock = await lockFolder(folder, session);
  try {
    removeStale(folder);
    const forget = lock && noteHolder(folder);
    return await step().finally(forget);
  } finally {
    lock?.close();
  }
}

async function lockFolder(
  folder: string,
  { onWait, checkpoint, folderTimeout }: FolderWaiting,
): Promise<Deno.FsFile | undefined> {
  // Windows does not open folders as files.
  if (Deno.build.os === "windows") return undefined;
  const end = performance.now() + folderTimeout;
  const file = Deno.openSync(folder, { read: true });
  try {
    for (let tries = 0; !tryLock(file); tries++) {
      if (performance.now() > end) throw new BackupError(heldBy(folder));
      if (tries === 0) onWait(quoted(folder));
      await new Promise((resolve) => setTimeout(resolve, lockEvery));
      await checkpoint();
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

// Some file systems have no locks; a backup without one is better than none.
function tryLock(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return true;
  }
}

// A courtesy to whoever waits: where it fails, the lock holds all the same.
function noteHolder(folder: string): () => void {
  const path = join(folder, holderName);
  const forget = () => {
    try {
      Deno.removeSync(path);
    } catch { /* gone already, or never made */ }
  };
  try {
    const options = { createNew: true, mode: PRIVATE_MODE };
    Deno.writeTextFileSync(path, holderNote(), options);
  } catch {
    // A full disk leaves an empty file.
    forget();
  }
  return forget;
}

function holderNote(): string {
  return `process ${Deno.pid}`;
}

/** How to know the temporary files of this run, for whoever ends it. */
export function ownFiles(): Record<"prefix" | "holder" | "note", string> {
  return {
    /** How their names begin. */
    prefix: `.backup-${run}-`,
    /** The name of the file that says who holds a folder. */
    holder: holderName,
    /** What this run writes into that one. */
    note: holderNote(),
  };
}

function heldBy(folder: string): string {
  let holder = "another run of this program";
  try {
    const noted = Deno.readTextFileSync(join(folder, holderName));
    if (noted) holder += ` (${printable(noted, 40)})`;
  } catch { /* an older version makes no note */ }
  return `${holder} has ${
    quoted(folder)
  } locked; wait for it, or end it if it ` +
    "hangs, and try again";
}

function removeStale(folder: string): void {
  for (const entry of Deno.readDirSync(folder)) {
    if (entry.isDirectory || !tempName.test(entry.name)) continue;
    Deno.removeSync(join(folder, entry.name));
  }
}

/** Makes a file that only the owner may read. */
export function createTemp(folder: string): TempFile {
  const path = join(folder, `${ownFiles().prefix}${++made}.tmp`);
  const file = Deno.openSync(path, {
    read: true,
    write: true,
    createNew: true,
    mode: PRIVATE_MODE,
  });
  return { path, file };
}

/**
 * Makes a file that has no name, so that nothing of it is left when it is closed,
 * however the program ends.
 */
export function createUnnamed(folder: string): Deno.FsFile {
  ensureDirSync(folder);
  const { path, file } = createTemp(folder);
  Deno.removeSync(path);
  return file;
}

/** Closes and removes a file that came to nothing, and what SQLite put beside it. */
export function discardTemp(temp: TempFile): void {
  try {
    temp.file.close();
  } catch { /* closed before */ }
  for (const suffix of ["", "-journal", "-wal", "-shm"]) {
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

/** Makes sure that a rename in the folder outlasts a power cut. */
export function syncFolder(folder: string): void {
  // Windows does not open folders as files; there a rename is durable by itself.
  if (Deno.build.os === "windows") return;
  const file = Deno.openSync(folder, { read: true });
  try {
    file.syncSync();
  } finally {
    file.close();
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
