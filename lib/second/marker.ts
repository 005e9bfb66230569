/**
 * The marker of a second place: a small text file in it. Its id tells a disk from others,
 * and from the empty folder that is left where a disk was mounted.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError } from "../errors.ts";
import { replaceText } from "../store/files.ts";

/** The name of the file. */
export const MARKER_NAME = "about-these-backups.txt";

/** How large the file may be, in bytes; a person may have added notes. */
const mostBytes = 1 << 16;

const text = `This folder holds copies of backups of Software of You.

Each file is complete in itself. To restore one, copy it into the folder
"output" of the plugin, on this machine or on another one, and import it by its
name. Files that end in .age are encrypted; they need the key as well.

Please leave this file where it is. The program that makes the copies knows the
disk or folder by the last line, and writes nothing into a folder without it.

`;

const idPattern = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads the id of a place.
 *
 * @param folder The place.
 * @returns The id; an empty text if the file is empty, by which a person says that a
 * disk is new; `undefined` if there is no such file, or no id on its last line.
 * @throws {Error} if it can't be read.
 */
export function readMarker(folder: string): string | undefined {
  const path = join(folder, MARKER_NAME);
  try {
    const { isFile, size } = Deno.statSync(path);
    // Opening a pipe could wait forever.
    if (!isFile || size > mostBytes) return undefined;
    const content = Deno.readTextFileSync(path).trim();
    return content === "" ? "" : idPattern.exec(content)?.[0];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Marks a place.
 *
 * @returns Its new id.
 * @throws {BackupError} if a folder is in the way.
 * @throws {Error} if the disk does not take it.
 */
export function writeMarker(folder: string): string {
  const id = crypto.randomUUID();
  try {
    replaceText(folder, MARKER_NAME, `${text}${id}\n`);
  } catch (error) {
    if (!(error instanceof Deno.errors.IsADirectory)) throw error;
    throw new BackupError(`there is a folder called ${MARKER_NAME} in it`);
  }
  return id;
}
