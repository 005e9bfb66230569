/**
 * Paths of backups as a person gives them.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { explain } from "../io_errors.ts";
import type { Place } from "../output/place.ts";
import { quoted } from "../text.ts";

/**
 * The path of a backup: a name alone is looked for in the folder of the backups
 * first.
 *
 * @throws {BackupError} where the program may not look there.
 */
export function backupPath(path: string, place: Place): string {
  if (basename(path) !== path) return path;
  const listed = join(place.output, path);
  try {
    return existsSync(listed) ? listed : path;
  } catch (error) {
    throw explain(`Cannot look for ${quoted(listed)}`, error);
  }
}
