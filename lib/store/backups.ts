/**
 * Saving backups: the one way in which a backup comes to be. `lib/source` is the one
 * way in which it is read.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { entryAt } from "../file.ts";
import { type FileSummary, readSummary } from "../format/summary.ts";
import { createTemp, discardTemp, syncedEarly, syncFolder } from "./files.ts";
import {
  AGE_SUFFIX,
  dailyName,
  isAgeName,
  keptName,
  rejectedName,
} from "./names.ts";
import { noteRenamed, noteSealed, readSealed } from "./sealed.ts";

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

/** Encrypts a finished file into another one. */
export interface Seal {
  encrypt(plain: Deno.FsFile, into: Deno.FsFile): Promise<void>;
  /** The fingerprint of those for whom it is. */
  recipients: string;
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
  ending = "",
): Promise<Saved<T>> {
  return save(folder, write, (path, written) => {
    const { date } = written;
    return isPoorer(written)
      ? renameToFree(path, folder, (copy) => keptName(date, copy) + ending)
      : renameToDaily(path, folder, dailyName(date) + ending);
  });
}

/**
 * Saves an encrypted backup under the name of its day, as {@linkcode saveBackup} does.
 * The plain one is in a file that is gone afterwards.
 */
export async function saveEncrypted<
  T extends { date: Date; content?: string | undefined },
>(
  folder: string,
  write: (file: Deno.FsFile, path: string) => Promise<T>,
  isPoorer: (written: T) => boolean,
  seal: Seal,
): Promise<Saved<T> & { plain: FileSummary; warnings: string[] }> {
  const plain = createTemp(folder);
  try {
    const written = await write(plain.file, plain.path);
    const { mtime: _, ...summary } = readSummary(plain.path);
    const sealing = async (file: Deno.FsFile) => {
      await seal.encrypt(plain.file, file);
      return written;
    };
    const saved = await saveBackup(folder, sealing, isPoorer, AGE_SUFFIX);
    const warnings = noteSealed(folder, basename(saved.path), {
      size: saved.bytes,
      date: written.date,
      sha256: summary.sha256,
      plainSize: summary.size,
      counts: summary.counts(),
      content: written.content,
      recipients: seal.recipients,
    });
    return { ...saved, plain: summary, warnings };
  } finally {
    discardTemp(plain);
  }
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
    if (kept && entryAt(daily)) Deno.removeSync(kept);
    else if (kept) Deno.renameSync(kept, daily);
    throw error;
  }
  return name;
}

/** Keeps the backup that has the name of the day under its own time; gives its path. */
function keepEarlier(folder: string, daily: string): string | undefined {
  const info = entryAt(daily);
  if (!info) return undefined;
  const name = basename(daily);
  const date = tryDate(folder, name, info.size) ?? info.mtime ?? new Date();
  const ending = isAgeName(name) ? AGE_SUFFIX : "";
  const free = freeName(folder, (copy) => keptName(date, copy) + ending);
  moveAside(daily, join(folder, free));
  if (ending) noteRenamed(folder, name, free);
  return join(folder, free);
}

function freeName(folder: string, nameOf: (copy: number) => string): string {
  for (let copy = 1;; copy++) {
    const name = nameOf(copy);
    if (!entryAt(join(folder, name))) return name;
  }
}

function tryDate(
  folder: string,
  name: string,
  size: number,
): Date | undefined {
  try {
    return isAgeName(name)
      ? readSealed(folder).of(name, size)?.date
      : readSummary(join(folder, name)).date;
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
