/**
 * Paths of backups as a person gives them.
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
 * The path of a backup: a name alone is looked for in the folder of the backups,
 * then in the working directory.
 *
 * @throws {BackupError} where a name alone is in neither.
 */
export function backupPath(path: string, installation: Installation): string {
  if (basename(path) !== path) return path;
  const listed = join(installation.backups, path);
  try {
    if (existsSync(listed)) return listed;
  } catch (error) {
    throw addContext(`Cannot look for ${quoted(listed)}`, error);
  }
  if (isHere(path)) return path;
  const near = nearest(path, namesIn(installation.backups)).slice(0, 1);
  const hint = near.map((name) => `did you mean ${printable(name)}? `).join("");
  throw new BackupError(
    `Cannot find backup ${quoted(path)} in ${
      quoted(installation.backups)
    }; ${hint}` +
      "status shows which there are",
  );
}

function isHere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    // The program may look into data/ and output/ only.
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
