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

/** Only the owner may read what holds a person's data. */
export const PRIVATE_MODE = 0o600;

const tempName = /^\.backup-[0-9a-f]{8}\.tmp(-journal|-wal|-shm)?$/;

/** A file that has no final name yet. */
export interface TempFile {
  path: string;
  file: Deno.FsFile;
}

/**
 * Does a step while no other export works in the same folder.
 *
 * What an export that was killed has left behind is removed first: with the lock
 * held, nobody else can be writing it.
 *
 * @param folder The folder, made where it is missing.
 * @param step What to do.
 */
export async function withFolder<T>(
  folder: string,
  step: () => Promise<T>,
): Promise<T> {
  ensureDirSync(folder);
  const lock = await lockFolder(folder);
  try {
    removeStale(folder);
    return await step();
  } finally {
    lock?.close();
  }
}

// Some systems do not open folders as files, and some file systems have no locks:
// a backup without a lock is better than none.
async function lockFolder(folder: string): Promise<Deno.FsFile | undefined> {
  if (Deno.build.os === "windows") return undefined;
  const file = Deno.openSync(folder, { read: true });
  try {
    await file.lock(true);
  } catch { /* as said */ }
  return file;
}

function removeStale(folder: string): void {
  for (const entry of Deno.readDirSync(folder)) {
    if (tempName.test(entry.name)) Deno.removeSync(join(folder, entry.name));
  }
}

/** Makes a file that only the owner may read. */
export function createTemp(folder: string): TempFile {
  const id = crypto.randomUUID().slice(0, 8);
  const path = join(folder, `.backup-${id}.tmp`);
  const file = Deno.openSync(path, {
    read: true,
    write: true,
    createNew: true,
    mode: PRIVATE_MODE,
  });
  return { path, file };
}

/** Closes and removes a file that came to nothing. */
export function discardTemp(temp: TempFile): void {
  try {
    temp.file.close();
  } catch { /* closed before */ }
  try {
    Deno.removeSync(temp.path);
  } catch { /* renamed, or the folder is gone */ }
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
