/**
 * The second place: a folder, or a link to one, in which each backup has a copy. A
 * synced folder, a USB disk or a mounted server may be behind it, so it may be away.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { createHash } from "../bytes.ts";
import { readAt, sizeOfFile } from "../file.ts";
import { BackupError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { type Installation, SECOND_NAME } from "../store/installation.ts";
import { isBackupName, plainName } from "../store/names.ts";
import { monthOfPack } from "../store/pack_index.ts";
import { printable, quoted } from "../text.ts";

/** How much of a file's end tells it from others, in bytes. */
const tailSize = 1 << 16;

/** The second place of an installation. */
export interface SecondPlace {
  path: string;
  /** Why it can't be used now; absent if it can. */
  fault?: string;
}

/** The second place; `undefined` if the owner of the data has named none. */
export function findSecondPlace(
  { backups }: Installation,
): SecondPlace | undefined {
  const path = join(backups, SECOND_NAME);
  try {
    Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    return { path, fault: reasonOf(error) };
  }
  try {
    const there = Deno.statSync(path);
    if (!there.isDirectory) return { path, fault: "it is not a folder" };
    return isSameFile(there, Deno.statSync(backups))
      ? { path, fault: "it leads to the folder of the backups itself" }
      : { path };
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound;
    return { path, fault: isGone ? "it is not there now" : reasonOf(error) };
  }
}

/** Where the link to the second place leads; empty if it is a folder. */
export function locationOf(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}

function isSameFile(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino !== null && a.ino === b.ino && a.dev === b.dev;
}

/** What is wrong, in words. */
export function reasonOf(error: unknown): string {
  return faultOf(error) ?? printable(messageOf(error));
}

/** Whether a name is that of a backup or of a packed month, encrypted or not. */
export function isCopyName(name: string): boolean {
  const plain = plainName(name);
  return isBackupName(plain) || monthOfPack(plain) !== undefined;
}

/**
 * Whether a name has that of a backup in it and is none: a conflicted copy of a synced
 * folder, or a file that has not been downloaded to its end. Each service marks them in
 * its own way, before or behind the name.
 */
export function isOddName(name: string): boolean {
  // macOS keeps what a disk can't hold of a file in a second one of that name.
  return /backups?-\d{4}-\d\d/i.test(name) && !isCopyName(name) &&
    !name.startsWith("._");
}

/** The names of files in a folder; a link is none, since what it leads to is elsewhere. */
export function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
    .map(({ name }) => name).sort();
}

/** The names of backups and packed months in their own folder, links to some too. */
export function originalsIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .filter(({ name, isFile, isSymlink }) =>
      isCopyName(name) && (isFile || isSymlink && isFileAt(join(folder, name)))
    )
    .map(({ name }) => name).sort();
}

function isFileAt(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    // The link leads nowhere; status says so.
    return false;
  }
}

/** Tells a file from another one without reading all of it. */
export interface Print {
  /** The size in bytes. */
  size: number;
  /**
   * The SHA-256 of its last bytes. All that is kept ends with what depends on the
   * rest: a plain backup with its checksum, a pack with its index, and each piece of an
   * encrypted file with its tag.
   */
  tail: string;
}

/**
 * Reads what tells a file from others.
 *
 * @returns `undefined` if there is no such file.
 * @throws {BackupError} if it is not a file.
 * @throws {Error} if it cannot be read.
 */
export function readPrint(path: string): Print | undefined {
  try {
    // Opening a pipe would wait forever.
    if (!Deno.statSync(path).isFile) {
      throw new BackupError(`${quoted(basename(path))} is not a file`);
    }
    using file = Deno.openSync(path);
    const size = sizeOfFile(file);
    const length = Math.min(size, tailSize);
    const bytes = readAt(file, size - length, length);
    return { size, tail: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether two files are the same, as far as their ends tell. */
export function samePrint(a: Print | undefined, b: Print | undefined): boolean {
  return a !== undefined && b !== undefined && a.size === b.size &&
    a.tail === b.tail;
}

/** Orders names of backups and months by what is in them, the newest first. */
export function newestFirst(a: string, b: string): number {
  const [x = "", y = ""] = [a, b].map((name) => name.replace(/^backups?-/, ""));
  return x < y ? 1 : x > y ? -1 : 0;
}
