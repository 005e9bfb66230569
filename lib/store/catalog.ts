/**
 * Which backups an installation has. Only the ends of each file are read, so that a
 * folder of large backups is listed at once.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { statFile } from "../file.ts";
import { type FileSummary, readSummary } from "../format/summary.ts";
import { refuseDeadLink } from "./files.ts";
import { isBackupName, isEncryptedName, momentOfName } from "./names.ts";
import { readSealed, type Sealed } from "./sealed.ts";
import {
  isPackName,
  monthOfPack,
  type PackedBackup,
  readIndex,
} from "./pack_index.ts";

/**
 * Where a backup is and in which form: a plain file, a day of a packed month, or a SQLite
 * database such as the copies that the application makes.
 */
export interface Source {
  name: string;
  /** The file that holds it. */
  path: string;
  form: "json" | "packed" | "sqlite";
  /** Whether the file is encrypted with age. */
  encrypted?: boolean;
}

/** A backup and what its file says of itself. */
export interface BackupEntry extends FileSummary, Source {
  /** The size of the plain backup if this one is encrypted. */
  plainSize?: number | undefined;
  /** Whether it is encrypted and no key was shown to open it: it may be lost. */
  unopened?: boolean;
  /** A digest of what it holds that is a person's, if it is encrypted and that is known. */
  content?: string | undefined;
  /** For whom it is encrypted, if that is known: the fingerprint of their public keys. */
  recipients?: string | undefined;
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
 * @throws {BackupError} if it is a link to nothing.
 * @throws {Error} if it cannot be read.
 */
export function listBackups(folder: string): Catalog {
  const names = namesIn(folder);
  const plain = names.filter((name) => /^backup-.*\.json$/.test(name));
  const packs = names.filter((name) => monthOfPack(name) !== undefined);
  const encrypted = names.filter((name) => isEncryptedName(name));
  const found = [
    ...plain.map((name) => readEntry(folder, name)),
    ...encryptedEntries(folder, encrypted),
    // A run that was killed may have left a day plain that it had packed.
    ...packs.flatMap((name) => packedEntries(folder, name))
      .filter(({ name }) => !plain.includes(name)),
  ];
  const catalog: Catalog = {
    backups: found.filter((entry) => !("fault" in entry)) as BackupEntry[],
    unrecognized: found.filter((entry) => "fault" in entry),
  };
  catalog.backups.sort((a, b) => timeOf(b) - timeOf(a) || compareNames(b, a));
  catalog.unrecognized.sort(compareNames);
  return catalog;
}

/**
 * Whether a backup is dated later than now, by more than clocks differ: the one that
 * dated it was wrong, so it must not pass for the newest.
 */
export function isOfFuture({ date }: BackupEntry, now: Date): boolean {
  const minute = 60_000;
  return date !== undefined && date.getTime() > now.getTime() + minute;
}

/**
 * The names of the packed months in a folder, newest first; none if there is no folder.
 *
 * @throws {Error} if it cannot be read.
 */
export function packNames(folder: string): string[] {
  return namesIn(folder).filter((name) => isPackName(name)).sort().reverse();
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    refuseDeadLink(folder);
    return [];
  }
}

const cutShort = "it has no checksum at its end: cut short, or edited";

function readEntry(
  folder: string,
  name: string,
): BackupEntry | UnrecognizedFile {
  const path = join(folder, name);
  try {
    const summary = readSummary(path);
    if (summary.ours && !summary.sha256) return { name, fault: cutShort };
    if (summary.date) return { name, path, form: "json", ...summary };
    const fault = isBackupName(name)
      ? "it has no date of a backup; it may be damaged"
      : "not made by this program";
    return { name, fault };
  } catch (error) {
    return { name, fault: faultOf(error) ?? messageOf(error) };
  }
}

function encryptedEntries(
  folder: string,
  names: string[],
): (BackupEntry | UnrecognizedFile)[] {
  if (names.length === 0) return [];
  const sealed = readSealed(folder);
  return names.map((name) => encryptedEntry(folder, name, sealed));
}

// What is not noted of an encrypted file only its name tells, and when it was written.
function encryptedEntry(
  folder: string,
  name: string,
  sealed: Sealed,
): BackupEntry | UnrecognizedFile {
  const path = join(folder, name);
  try {
    const { size, mtime } = statFile(path);
    const known = sealed.of(name, size);
    return {
      name,
      path,
      form: "json",
      encrypted: true,
      unopened: !sealed.wasOpened(name, size),
      ours: true,
      size,
      plainSize: known?.plainSize,
      date: known?.date ?? momentOfName(name, mtime ?? new Date()),
      sha256: known?.sha256,
      content: known?.content,
      recipients: known?.recipients,
      counts: () => known?.counts,
    };
  } catch (error) {
    return { name, fault: faultOf(error) ?? messageOf(error) };
  }
}

const indexLost = "its index is missing or damaged; its days can still be " +
  "restored by their names, and tidy writes the index anew";

function packedEntries(
  folder: string,
  name: string,
): (BackupEntry | UnrecognizedFile)[] {
  const path = join(folder, name);
  try {
    const index = readIndex(path);
    if (!index) return [{ name, fault: indexLost }];
    return index.backups.map((backup) => packedEntry(path, backup));
  } catch (error) {
    return [{ name, fault: faultOf(error) ?? messageOf(error) }];
  }
}

/** A packed backup as the catalog has it. */
export function packedEntry(
  path: string,
  { counts, ...backup }: PackedBackup,
): BackupEntry {
  const rest = { path, form: "packed", ours: true } as const;
  return { ...backup, ...rest, counts: () => counts };
}

function compareNames(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function timeOf(entry: BackupEntry): number {
  return entry.date!.getTime();
}
