/**
 * Errors of the file system and of SQLite, in words that a person can act on.
 *
 * @module
 */
import { BackupError, EXIT, messageOf } from "./errors.ts";
import { printable, quoted } from "./text.ts";

const { errors } = Deno;

// deno-lint-ignore no-explicit-any -- the bound of a class of errors
type ErrorClass = abstract new (...args: any[]) => Error;

const fileInTheWay = "there is a file where a folder should be";

const systemFaults: [ErrorClass, string][] = [
  [errors.NotFound, "there is no such file"],
  [errors.IsADirectory, "it is a folder"],
  [errors.AlreadyExists, fileInTheWay],
  [errors.NotADirectory, "part of its path is not a folder"],
  [errors.PermissionDenied, "the system doesn't allow it; check who owns it"],
  [errors.FilesystemLoop, "its symbolic links form a loop"],
];

const replaceDamaged =
  "import --replace-damaged moves it aside and restores a backup";

const readOnly = /Read-only file system/i;

const fullDisk = /database or disk is full|No space left on device/i;

/**
 * Where SQLite keeps temporary tables and sorts, if they are large
 * (https://sqlite.org/tempfiles.html).
 */
export const TEMPORARY: string =
  "the system's temporary folder (the variable " +
  "SQLITE_TMPDIR can name another one)";

/** A file that SQLite cannot read as a database. */
export const notDatabase: string =
  `it is not a readable SQLite database; ${replaceDamaged}`;

// Matched by SQLite's own messages (https://sqlite.org/rescode.html), since only
// one of the two engines also gives its codes.
const messageFaults: [RegExp, string][] = [
  [
    /database is locked|database table is locked/,
    "another program has the database locked; close it and try again",
  ],
  [/file is not a database/, notDatabase],
  [
    /database disk image is malformed|malformed database schema/,
    `the database is damaged; ${replaceDamaged}`,
  ],
  [
    /readonly database/,
    "the database is read-only; check who owns it and its folder, and whether " +
    "its disk can be written",
  ],
  [
    fullDisk,
    "the disk is full; make room and try again",
  ],
  [
    /File too large|disk I\/O error|Input\/output error/i,
    "the disk takes no more data; check that it has room and works",
  ],
  [
    /unable to open database file/,
    "the database file cannot be opened; check that it exists and who owns it",
  ],
  [
    /string or blob too big/,
    "a value is longer than SQLite's limit of 1,000,000,000 bytes, or a rule of " +
    "the table makes one that is much longer than the whole backup",
  ],
  [
    /no such collation sequence: \S+/,
    "it uses a collation that only the program that created it has",
  ],
  [
    /unknown function: \S+/,
    "it uses a function that only the program that created it has",
  ],
  [/^out of memory/, "there is not enough memory"],
  [
    // Said by the engine over FFI.
    /^Failed to load SQLite3 Dynamic Library/,
    "the SQLite library cannot be loaded; set the variable DENO_SQLITE_PATH to " +
    "the path of one",
  ],
  [
    /too many columns in index|number of columns in foreign key/,
    "a key or an index has more columns than SQLite allows",
  ],
  [
    /too many columns/,
    "a table has more columns than SQLite allows in a query (about 1,990)",
  ],
  [/^EEXIST|^ENOTDIR|expected 'dir'/, fileInTheWay],
  [/File name too long|ENAMETOOLONG/, "its name is too long"],
  [readOnly, "the file system is read-only"],
  [/Is a directory/i, "it is a folder"],
];

/** Whether an error says that a database is damaged, or none at all. */
export function isDamage(error: unknown): boolean {
  return /not a database|not a readable SQLite database|malformed/
    .test(messageOf(error));
}

/** What to do about a backup that lies where this program may not read. */
export const COPY_IT = "copy the backup into output/";

/**
 * Explains an error of the system or of SQLite.
 *
 * @param wayOut What else can be done if this program may not read there.
 * @returns What it means and what to do; `undefined` if it is not a known one.
 */
export function faultOf(error: unknown, wayOut?: string): string | undefined {
  const message = messageOf(error);
  if (error instanceof errors.NotCapable) {
    return permissionFault(message, wayOut);
  }
  if (error instanceof FullDisk || error instanceof NoWriting) return message;
  const known = messageFaults.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  return systemFaults.find(([type]) => error instanceof type)?.[1];
}

/** A disk is full, and which one is known. It says nothing about a backup. */
class FullDisk extends Error {}

/** A folder can't be written, and which one is known. */
class NoWriting extends Error {}

/**
 * Runs a step that makes a file, and says in which folder if that can't be written: who
 * only wanted to look at a backup doesn't think of it.
 *
 * @param folder The folder.
 * @throws {Error} for {@linkcode faultOf} if it can't be written; any other error as it is.
 */
export function inFolder<T>(folder: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const place = quoted(folder);
    const message = readOnly.test(messageOf(error))
      ? `the file system of ${place} is read-only; make it writable, or copy ` +
        "what is there to another disk"
      : error instanceof errors.PermissionDenied
      ? `the system doesn't allow writing to ${place}; check who owns it`
      : undefined;
    throw message ? new NoWriting(message, { cause: error }) : error;
  }
}

/** Whether an error says that a disk is full. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof FullDisk || fullDisk.test(messageOf(error));
}

/**
 * Runs a step, and says which disk it was if one is full: SQLite does not.
 *
 * @param place What the step writes to, as in `"data"`.
 * @throws {Error} for {@linkcode faultOf} if the disk is full; any other error as it is.
 */
export async function onDisk<T>(
  place: string,
  step: () => T | Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof FullDisk || !isFullDisk(error)) throw error;
    const message = `the disk of ${place} is full; make room and try again`;
    throw new FullDisk(message, { cause: error });
  }
}

/**
 * Runs a step and adds context to its errors: a known one becomes a line that
 * says what could not be done and why.
 *
 * @param doing What the step does, as in `Cannot read "a.json"`.
 * @param wayOut What else can be done if this program may not read there.
 * @throws {BackupError} if the error is one that a person can act on; any other
 * error is thrown as it is.
 */
export async function withContext<T>(
  doing: string,
  step: () => T | Promise<T>,
  wayOut?: string,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw addContext(doing, error, wayOut);
  }
}

/**
 * Adds context to a caught error, as {@linkcode withContext} does.
 *
 * @param doing What failed, as in `Cannot read "a.json"`.
 * @param wayOut What else can be done if this program may not read there.
 * @returns What to throw: a `BackupError` for a known error, else the error.
 */
export function addContext(
  doing: string,
  error: unknown,
  wayOut?: string,
): unknown {
  if (error instanceof BackupError) {
    if (error.exitCode !== EXIT.failed || error.message.startsWith("Cannot")) {
      return error;
    }
    return new BackupError(`${doing}: ${error.message}`, { cause: error });
  }
  const fault = faultOf(error, wayOut);
  if (!fault) return error;
  return new BackupError(`${doing}: ${fault}`, { cause: error });
}

// Deno says `Requires read access to "x", run again with the --allow-read flag`.
function permissionFault(message: string, wayOut?: string): string {
  const found = /Requires (\w+) access to "(.*)", run/.exec(message);
  if (!found) return "this program was not given that permission";
  const [, right, path] = found;
  const what = right === "env" ? "look at the environment" : `${right} there`;
  return `this program may not ${what}; run it with ` +
    `--allow-${right}=${printable(path!)}` +
    (wayOut ? `, or ${wayOut}` : "");
}
