/**
 * Opening and saving backups: the one way in which a backup is read and in which one
 * comes to be. Whatever form a backup is kept in, and wherever copies of it go, is
 * known here and nowhere else.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupFile } from "../format/backup_file.ts";
import { peekFile } from "../format/ends.ts";
import type { InspectOptions } from "../format/inspect.ts";
import { createTemp, discardTemp, syncedEarly, syncFolder } from "./files.ts";
import { dailyName, keptName, rejectedName } from "./names.ts";

/**
 * Opens a backup as a plain, seekable file that has been read through once.
 *
 * @param path The backup.
 * @throws {BackupError} if it cannot be read, is not a backup, is damaged, or is newer
 * than this program.
 */
export async function openBackup(
  path: string,
  options: InspectOptions = {},
): Promise<BackupFile> {
  return await BackupFile.open(path, options);
}

/** A file that has been saved. */
export interface Saved<T> {
  path: string;
  /** Its size in bytes. */
  bytes: number;
  /** What writing it returned. */
  written: T;
}

/**
 * Writes a file and names it when it is whole and on the disk. A run that fails or is
 * killed leaves no file with that name.
 *
 * @param folder The folder of the backups, with its lock held.
 * @param write Writes the file.
 * @param nameFor The name that it gets; the name must be free by then.
 */
async function save<T>(
  folder: string,
  write: (file: Deno.FsFile, path: string) => Promise<T>,
  nameFor: (written: T) => string,
): Promise<Saved<T>> {
  const temp = createTemp(folder);
  try {
    const step = () => write(temp.file, temp.path);
    const written = await syncedEarly(temp.file, step);
    const bytes = temp.file.statSync().size;
    temp.file.close();
    const path = join(folder, nameFor(written));
    Deno.renameSync(temp.path, path);
    syncFolder(folder);
    return { path, bytes, written };
  } finally {
    discardTemp(temp);
  }
}

/**
 * Saves a backup under the name of its day. An earlier backup of that name is kept
 * under its own time.
 *
 * @param folder The folder of the backups, with its lock held.
 * @param write Writes the backup; returns its moment among other things.
 */
export function saveBackup<T extends { date: Date }>(
  folder: string,
  write: (file: Deno.FsFile, path: string) => Promise<T>,
): Promise<Saved<T>> {
  return save(folder, write, ({ date }) => {
    const name = dailyName(date);
    keepEarlier(folder, name);
    return name;
  });
}

/**
 * Saves rows that an import left out, as a backup of their own.
 *
 * @param folder The folder of the backups, with its lock held.
 * @param date The moment of the import.
 * @param write Writes the file.
 */
export function saveRejected(
  folder: string,
  date: Date,
  write: (file: Deno.FsFile) => Promise<void>,
): Promise<Saved<void>> {
  return save(
    folder,
    write,
    () => freeName(folder, (copy) => rejectedName(date, copy)),
  );
}

function keepEarlier(folder: string, name: string): void {
  const path = join(folder, name);
  const info = tryStat(path);
  if (!info) return;
  const date = tryDate(path) ?? info.mtime ?? new Date();
  const kept = freeName(folder, (copy) => keptName(date, copy));
  moveAside(path, join(folder, kept));
}

function freeName(folder: string, nameOf: (copy: number) => string): string {
  for (let copy = 1;; copy++) {
    const name = nameOf(copy);
    if (!tryStat(join(folder, name))) return name;
  }
}

function tryStat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function tryDate(path: string): Date | undefined {
  try {
    return peekFile(path).date;
  } catch {
    // It may be a broken link: that it stays matters more than what it is.
    return undefined;
  }
}

// With two names for one file there is no moment without today's backup; some
// file systems have no such links.
function moveAside(path: string, kept: string): void {
  try {
    Deno.linkSync(path, kept);
  } catch {
    Deno.renameSync(path, kept);
  }
}
