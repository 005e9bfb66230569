/**
 * The versions of the format. A new one is a file beside `version1.ts`, and a line here.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import type { Format } from "./format.ts";
import { version1 } from "./version1.ts";

/** The formats that can be read. A file that names no version is read as the first. */
const FORMATS: readonly Format[] = [version1];

/** The format that is written. */
export const CURRENT: Format = version1;

/**
 * The format of a version.
 *
 * @param version What a file says of itself.
 * @throws {BackupError} if it is newer than this program.
 */
export function formatOf(version: number): Format {
  const format = FORMATS.find((format) => format.version === version);
  if (format) return format;
  throw new BackupError(
    `its format version is ${version} and this program reads up to ` +
      `${CURRENT.version}; update backup.ts to the version that wrote it`,
  );
}
