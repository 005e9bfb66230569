/**
 * `@std/fs` where JSR is out of reach, on `node:fs`. Only what this project
 * calls is here, with upstream's names and meaning.
 *
 * @module
 */
import { existsSync as nodeExists, mkdirSync, statSync } from "node:fs";

/** Makes the folder and those above it that are missing. */
export function ensureDirSync(dir: string | URL): void {
  mkdirSync(dir, { recursive: true });
}

/**
 * Whether the path leads to something, through links.
 *
 * @param path The path to look at.
 * @param options `isFile` and `isDirectory` narrow what counts.
 * @returns `false` also for a link to nothing.
 */
export function existsSync(
  path: string | URL,
  options: { isFile?: boolean; isDirectory?: boolean } = {},
): boolean {
  if (!nodeExists(path)) return false;
  const stat = statSync(path);
  if (options.isFile) return stat.isFile();
  if (options.isDirectory) return stat.isDirectory();
  return true;
}
