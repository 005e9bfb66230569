/**
 * The backups in the folder, newest first.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { isBackupName } from "./names.ts";
import { type FileSummary, readSummary } from "../format/summary.ts";

/** A backup file. */
export interface BackupEntry extends FileSummary {
  name: string;
}

/** A file that has a backup's name, or nearly, and is none. */
export interface StrangeEntry {
  name: string;
  /** What is the matter with it. */
  fault: string;
}

/** What is in the folder. */
export interface Listing {
  /** The backups, newest first. */
  backups: BackupEntry[];
  /** Files that call themselves backups and are none. */
  strange: StrangeEntry[];
}

/**
 * Lists the folder.
 *
 * @param folder The folder; one that is not there is empty.
 * @throws {Error} where it cannot be read.
 */
export function listBackups(folder: string): Listing {
  const listing: Listing = { backups: [], strange: [] };
  for (const name of namesIn(folder)) {
    const entry = look(folder, name);
    if ("fault" in entry) listing.strange.push(entry);
    else listing.backups.push(entry);
  }
  listing.backups.sort((a, b) => timeOf(b) - timeOf(a) || compareNames(b, a));
  listing.strange.sort(compareNames);
  return listing;
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)]
      .map((entry) => entry.name)
      .filter((name) => /^backup-.*\.json$/.test(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const cutShort = "it has no checksum at its end: cut short, or edited";

function look(folder: string, name: string): BackupEntry | StrangeEntry {
  try {
    const summary = readSummary(join(folder, name));
    if (summary.ours && !summary.checksum) return { name, fault: cutShort };
    if (summary.date) return { name, ...summary };
    const fault = isBackupName(name)
      ? "it has no date of a backup; it may be damaged"
      : "not made by this program";
    return { name, fault };
  } catch (error) {
    return { name, fault: faultOf(error) ?? messageOf(error) };
  }
}

function compareNames(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function timeOf(entry: BackupEntry): number {
  return entry.date!.getTime();
}
