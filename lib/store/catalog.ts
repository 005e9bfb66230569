/**
 * Which backups an installation has. Only the ends of each file are read, so that a
 * folder of large backups is listed at once.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { BackupError, messageOf } from "../errors.ts";
import { addContext, faultOf } from "../faults.ts";
import { type FileSummary, readSummary } from "../format/summary.ts";
import { nearest, printable, quoted } from "../text.ts";
import type { Installation } from "./installation.ts";
import { isBackupName } from "./names.ts";

/** A backup file. */
export interface BackupEntry extends FileSummary {
  name: string;
}

/** A file that has the name of a backup, or nearly, but is not one. */
export interface UnrecognizedFile {
  name: string;
  /** What is wrong with it. */
  fault: string;
}

/** What is in the folder. */
export interface Catalog {
  /** The backups, newest first. */
  backups: BackupEntry[];
  /** Files that look like backups by name and are not. */
  unrecognized: UnrecognizedFile[];
}

/**
 * Lists the backups in a folder.
 *
 * @param folder The folder; a missing one is empty.
 * @throws {Error} if it cannot be read.
 */
export function listBackups(folder: string): Catalog {
  const catalog: Catalog = { backups: [], unrecognized: [] };
  const names = jsonNames(folder).filter((name) => /^backup-/.test(name));
  for (const name of names) {
    const entry = readEntry(folder, name);
    if ("fault" in entry) catalog.unrecognized.push(entry);
    else catalog.backups.push(entry);
  }
  catalog.backups.sort((a, b) => timeOf(b) - timeOf(a) || compareNames(b, a));
  catalog.unrecognized.sort(compareNames);
  return catalog;
}

function jsonNames(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const cutShort = "it has no checksum at its end: cut short, or edited";

function readEntry(
  folder: string,
  name: string,
): BackupEntry | UnrecognizedFile {
  try {
    const peek = readSummary(join(folder, name));
    if (peek.ours && !peek.sha256) return { name, fault: cutShort };
    if (peek.date) return { name, ...peek };
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

/**
 * Finds a backup as a person names it: a bare name is looked up among the backups,
 * then in the working directory; anything else is a path.
 *
 * @returns Its path.
 * @throws {BackupError} if a bare name is in neither.
 */
export function findBackup(
  { backups }: Pick<Installation, "backups">,
  name: string,
): string {
  if (basename(name) !== name) return name;
  const listed = join(backups, name);
  try {
    if (existsSync(listed)) return listed;
  } catch (error) {
    throw addContext(`Cannot look for ${quoted(listed)}`, error);
  }
  if (isInWorkingDirectory(name)) return name;
  const [near] = nearest(name, tryNames(backups));
  const hint = near === undefined ? "" : `did you mean ${printable(near)}? `;
  throw new BackupError(
    `Cannot find backup ${quoted(name)} in ${quoted(backups)}; ${hint}` +
      "status lists the backups",
  );
}

function isInWorkingDirectory(name: string): boolean {
  try {
    return existsSync(name);
  } catch {
    // The program may only read data/ and output/.
    return false;
  }
}

function tryNames(folder: string): string[] {
  try {
    return jsonNames(folder);
  } catch {
    return [];
  }
}

/**
 * The path of the newest backup.
 *
 * @throws {BackupError} if there is none.
 */
export function newestBackup({ backups }: Installation): string {
  const newest = listBackups(backups).backups[0];
  if (newest) return join(backups, newest.name);
  throw new BackupError(
    `Cannot find a backup in ${quoted(backups)}; make one with export`,
  );
}
