/**
 * Finds backups by the paths or names that a person gives.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { BackupError } from "../errors.ts";
import { addContext } from "../faults.ts";
import type { Installation } from "../store/installation.ts";
import { nearest, printable, quoted } from "../text.ts";

/**
 * Finds a backup. A name alone is looked up in the backups folder, then in the
 * working directory.
 *
 * @param path A path, or the name of a file.
 * @returns The path of the file; for a path, whether or not it exists.
 * @throws {BackupError} if a file with that name is in neither folder.
 */
export function backupPath(path: string, installation: Installation): string {
  if (basename(path) !== path) return path;
  const listed = join(installation.backups, path);
  try {
    if (existsSync(listed)) return listed;
  } catch (error) {
    throw addContext(`Cannot look for ${quoted(listed)}`, error);
  }
  if (isFile(path)) return path;
  const near = nearest(path, namesIn(installation.backups)).slice(0, 1);
  const hint = near.map((name) => `did you mean ${printable(name)}? `).join("");
  throw new BackupError(
    `Cannot find backup ${quoted(path)} in ${
      quoted(installation.backups)
    }; ${hint}` +
      "status lists the backups",
  );
}

function isFile(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    // The program may have no permission to look outside data/ and output/.
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}
