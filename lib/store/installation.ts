/**
 * Where an installation keeps its database and its backups.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { BackupError } from "../errors.ts";
import { addContext } from "../faults.ts";
import { printable, quoted } from "../text.ts";

/** The paths of one installation. Both may be links. */
export interface Installation {
  /** The folder of the plugin. */
  root: string;
  /** The database. */
  database: string;
  /** The folder of the database. */
  data: string;
  /** The folder of the backups. */
  backups: string;
  /** The folder of files that are gone when their run ends; the same one. */
  scratch: string;
  /** The folder of the snapshots of the database; the same one. */
  snapshots: string;
}

/** The paths of the installation in the folder `root`. */
export function installationAt(root: string): Installation {
  const output = join(root, "output");
  return {
    root,
    database: join(root, "data", "soy.db"),
    data: join(root, "data"),
    backups: output,
    scratch: output,
    snapshots: output,
  };
}

/** The name of the folder of the second place, or of the link to it. */
export const SECOND_NAME = "second-place";

/** Whether the owner of the data has named a second place, whatever it leads to. */
export function hasSecondPlace({ backups }: Installation): boolean {
  try {
    Deno.lstatSync(join(backups, SECOND_NAME));
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether there is a database. An empty file, which the application leaves before its
 * first run, is none.
 *
 * @throws {BackupError} if the program may not read it, or it is a folder.
 */
export function hasDatabase(installation: Installation): boolean {
  try {
    if (!existsSync(installation.database)) return false;
    const { isDirectory, size } = Deno.statSync(installation.database);
    if (isDirectory) throw new Deno.errors.IsADirectory();
    return size > 0;
  } catch (error) {
    throw addContext(`Cannot open ${shownDatabase(installation)}`, error);
  }
}

/**
 * The file that the database is if its name, or that of its folder, is a link.
 *
 * @returns Its path; `undefined` if there is no link, or it leads nowhere.
 */
export function linkTarget(
  { database, data }: Installation,
): string | undefined {
  try {
    const isLink = [database, data]
      .some((path) => Deno.lstatSync(path).isSymlink);
    return isLink ? Deno.realPathSync(database) : undefined;
  } catch {
    return undefined;
  }
}

/** The database as a person should see it in a message: with what a link leads to. */
export function shownDatabase(installation: Installation): string {
  const target = linkTarget(installation);
  const name = quoted(installation.database);
  return target === undefined ? name : `${name} (a link to ${quoted(target)})`;
}

/**
 * Makes sure that there is a database.
 *
 * @throws {BackupError} if there is none.
 */
export function requireDatabase(installation: Installation): void {
  if (hasDatabase(installation)) return;
  throw new BackupError(
    `Cannot find a database: there is no ${
      quoted(installation.database)
    }; name the ` +
      "plugin's folder with --root, or restore one with import",
  );
}

/**
 * Makes sure that the program may read in the installation at all. If it may in one of
 * its folders, each step says what else it needs.
 *
 * @throws {BackupError} if it may read neither the database nor the backups.
 */
export function requireRights({ root, backups, data }: Installation): void {
  const folders = [backups, data];
  const mayRead = (path: string) =>
    Deno.permissions.querySync({ name: "read", path }).state === "granted";
  if (folders.some(mayRead)) return;
  const paths = folders.map((path) => printable(path, 1000)).join();
  throw new BackupError(
    `Cannot work in ${
      quoted(root)
    }: this program may not read there; start it ` +
      `in that folder, or run it with --allow-read=${paths} --allow-write=${paths}`,
  );
}
