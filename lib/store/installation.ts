/**
 * Where an installation keeps its database and its backups.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { BackupError } from "../errors.ts";
import { explain } from "../io_errors.ts";
import { quoted } from "../text.ts";

/** The paths of one installation. Both may be links. */
export interface Place {
  /** The folder of the plugin. */
  root: string;
  /** The database. */
  database: string;
  /** The folder of the database. */
  data: string;
  /** The folder of the backups. */
  output: string;
}

/** The paths of the installation in the folder `root`. */
export function placeAt(root: string): Place {
  return {
    root,
    database: join(root, "data", "soy.db"),
    data: join(root, "data"),
    output: join(root, "output"),
  };
}

/**
 * Whether the place has a database; an empty file, which the application leaves
 * before its first run, is none.
 *
 * @throws {BackupError} where the program may not look, or it is a folder.
 */
export function hasDatabase(place: Place): boolean {
  try {
    if (!existsSync(place.database)) return false;
    const { isDirectory, size } = Deno.statSync(place.database);
    if (isDirectory) throw new Deno.errors.IsADirectory();
    return size > 0;
  } catch (error) {
    throw explain(`Cannot open ${quoted(place.database)}`, error);
  }
}

/**
 * Makes sure that the place has a database.
 *
 * @throws {BackupError} where it has none.
 */
export function mustHaveDatabase(place: Place): void {
  if (hasDatabase(place)) return;
  throw new BackupError(
    `Cannot find a database: there is no ${quoted(place.database)}; name the ` +
      "plugin's folder with --root, or restore one with import",
  );
}
