/**
 * Giving a finished backup its name without losing the one that has it.
 *
 * @module
 */
import { join } from "@std/path";
import { syncFolder, type TempFile } from "./files.ts";
import { dailyName, keptName } from "./names.ts";
import { readSummary } from "../format/summary.ts";

/**
 * Renames a finished file to the name of its day. A backup that has this name
 * keeps its content under the time of its own date.
 *
 * @param temp The file, synced.
 * @param folder The folder of the backups.
 * @param date The moment of the backup.
 * @returns The path of the backup.
 */
export function publish(temp: TempFile, folder: string, date: Date): string {
  temp.file.close();
  const path = join(folder, dailyName(date));
  const old = tryStat(path);
  if (old) keep(path, folder, old);
  Deno.renameSync(temp.path, path);
  syncFolder(folder);
  return path;
}

function tryStat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function keep(path: string, folder: string, info: Deno.FileInfo): void {
  const date = dateIn(path) ?? info.mtime ?? new Date();
  for (let copy = 1;; copy++) {
    const kept = join(folder, keptName(date, copy));
    if (tryStat(kept)) continue;
    moveAside(path, kept);
    return;
  }
}

function dateIn(path: string): Date | undefined {
  try {
    return readSummary(path).date;
  } catch {
    // A link to nothing, say: what it is matters less than that it stays.
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
