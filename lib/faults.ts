/**
 * Faults of the file system and of SQLite in words that a person can act on.
 *
 * @module
 */
import { BackupError, EXIT, messageOf } from "./errors.ts";
import { printable } from "./text.ts";

const { errors } = Deno;

// deno-lint-ignore no-explicit-any -- the bound of a class of errors
type ErrorClass = abstract new (...args: any[]) => Error;

const systemFaults: [ErrorClass, string][] = [
  [errors.NotFound, "there is no such file"],
  [errors.IsADirectory, "it is a folder"],
  [errors.AlreadyExists, "there is a file where a folder is due"],
  [errors.NotADirectory, "a part of its path is no folder"],
  [errors.PermissionDenied, "the system does not allow it; see who owns it"],
  [errors.FilesystemLoop, "its links lead in a circle"],
];

// SQLite's own words (https://sqlite.org/rescode.html) are the same with both
// engines, which do not both give its codes.
const messageFaults: [RegExp, string][] = [
  [
    /database is locked|database table is locked/,
    "another program has " +
    "the database locked; close it and try again",
  ],
  [
    /file is not a database/,
    "it is no SQLite database; move it aside, then " +
    "import a backup",
  ],
  [
    /database disk image is malformed|malformed database schema/,
    "the " +
    "database is damaged; move it aside, then import a backup",
  ],
  [/readonly database/, "the database can only be read; see who owns it"],
  [
    /database or disk is full|No space left on device/i,
    "the disk is full; " +
    "make room and try again",
  ],
  [
    /File too large|disk I\/O error/i,
    "the disk refuses to take more; see " +
    "that it has room and works",
  ],
  [
    /unable to open database file/,
    "the database file cannot be opened; " +
    "see that it is there and who owns it",
  ],
  [
    /string or blob too big/,
    "a value is longer than the 1,000,000,000 " +
    "bytes that SQLite takes",
  ],
  [
    /no such collation sequence: \S+/,
    "it sorts by rules that only the program that made it knows",
  ],
  [
    /too many columns/,
    "a table has more columns than SQLite takes in a " +
    "query (about 1,990)",
  ],
  [/^EEXIST|^ENOTDIR|expected 'dir'/, "there is a file where a folder is due"],
  [/File name too long|ENAMETOOLONG/, "its name is too long"],
  [/unexpected NUL byte/, "its name has a NUL character in it"],
  [/Input\/output error/, "it cannot be read; see that the disk works"],
  [/Read-only file system/i, "the file system can only be read"],
  [/Is a directory/i, "it is a folder"],
];

/** What a fault of the system means, or `undefined` where it is not foreseen. */
export function faultOf(error: unknown): string | undefined {
  const message = messageOf(error);
  if (error instanceof errors.NotCapable) return permissionFault(message);
  const known = messageFaults.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  return systemFaults.find(([type]) => error instanceof type)?.[1];
}

/**
 * Runs a step; a foreseeable fault becomes one line that says what could not be
 * done and why.
 *
 * @param doing What is being done, as in `Cannot read "a.json"`.
 * @throws {BackupError} for a fault that a person can act on, else what came.
 */
export async function withContext<T>(
  doing: string,
  step: () => T | Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw addContext(doing, error);
  }
}

/** The same for an error that has been caught. */
export function addContext(doing: string, error: unknown): unknown {
  if (error instanceof BackupError) {
    if (error.exitCode !== EXIT.failed || error.message.startsWith("Cannot")) {
      return error;
    }
    return new BackupError(`${doing}: ${error.message}`, { cause: error });
  }
  const fault = faultOf(error);
  if (!fault) return error;
  return new BackupError(`${doing}: ${fault}`, { cause: error });
}

// Deno says «Requires read access to "x", run again with the --allow-read flag».
function permissionFault(message: string): string {
  const found = /Requires (\w+) access to "(.*)", run/.exec(message);
  if (!found) return "this program was not given the right to it";
  const [, right, path] = found;
  const what = right === "env" ? "look at the environment" : `${right} there`;
  return `this program may not ${what}; run it with ` +
    `--allow-${right}=${printable(path!)}` +
    (right === "read" ? ", or copy the file into output/" : "");
}
