/**
 * Saving backups: the one way in which a backup comes to be. `lib/source` is the one
 * way in which it is read.
 *
 * @module
 */
import { join } from "@std/path";
import { readSummary } from "../format/summary.ts";
import { createTemp, discardTemp, syncedEarly, syncFolder } from "./files.ts";
import { dailyName, keptName, rejectedName } from "./names.ts";

/** A file that has been saved. */
export interface Saved<T> {
  path: string;
  /** Its size in bytes. */
  bytes: number;
  /** What writing it returned. */
  written: T;
}

/**
 * Writes a file and gives it its name when it is complete and on the disk. A run that
 * fails or is killed leaves no file with that name.
 *
 * @param folder The folder of the backups, with its lock held.
 * @param write Writes the file.
 * @param rename Gives the finished file its name; returns that.
 */
async function save<T>(
  folder: string,
  write: (file: Deno.FsFile, path: string) => Promise<T>,
  rename: (path: string, written: T) => string,
): Promise<Saved<T>> {
  const temp = createTemp(folder);
  try {
    const step = () => write(temp.file, temp.path);
    const written = await syncedEarly(temp.file, step);
    const bytes = Deno.statSync(temp.path).size;
    temp.file.close();
    const path = join(folder, rename(temp.path, written));
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
 * @param isPoorer Whether it lacks what an earlier one has: then it gets its time in
 * its name, and the earlier one keeps the name of the day.
 */
export function saveBackup<T extends { date: Date }>(
  folder: string,
  write: (file: Deno.FsFile, path: string) => Promise<T>,
  isPoorer: (written: T) => boolean,
): Promise<Saved<T>> {
  return save(folder, write, (path, written) => {
    const { date } = written;
    return isPoorer(written)
      ? renameToFree(path, folder, (copy) => keptName(date, copy))
      : renameToDaily(path, folder, dailyName(date));
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
  const nameOf = (copy: number) => rejectedName(date, copy);
  return save(folder, write, (path) => renameToFree(path, folder, nameOf));
}

function renameToFree(
  path: string,
  folder: string,
  nameOf: (copy: number) => string,
): string {
  const name = freeName(folder, nameOf);
  Deno.renameSync(path, join(folder, name));
  return name;
}

function renameToDaily(path: string, folder: string, name: string): string {
  const daily = join(folder, name);
  const kept = keepEarlier(folder, daily);
  try {
    Deno.renameSync(path, daily);
  } catch (error) {
    // Else the earlier backup would be there twice, or only under the other name.
    if (kept && tryStat(daily)) Deno.removeSync(kept);
    else if (kept) Deno.renameSync(kept, daily);
    throw error;
  }
  return name;
}

/** Keeps the backup that has the name of the day under its own time; gives its path. */
function keepEarlier(folder: string, daily: string): string | undefined {
  const info = tryStat(daily);
  if (!info) return undefined;
  const date = tryDate(daily) ?? info.mtime ?? new Date();
  const kept = join(folder, freeName(folder, (copy) => keptName(date, copy)));
  moveAside(daily, kept);
  return kept;
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
    return readSummary(path).date;
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
