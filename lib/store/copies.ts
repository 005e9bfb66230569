/**
 * The copies of the database that the application makes by itself: SQLite files in a
 * folder `backups` of its data, as in `soy-20260219-153000.db`, of which it keeps five.
 * Its server writes `soy_20260219_153000.db`.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { basename, dirname, join } from "@std/path";
import {
  countRows,
  openForReading,
  tableNames,
} from "../database/connection.ts";
import { messageOf } from "../errors.ts";
import { COPY_IT, faultOf, isDamage } from "../faults.ts";
import { MAIN_TABLES } from "../soy/tables.ts";
import type { Source, UnrecognizedFile } from "./catalog.ts";
import { createTemp, discardTemp, PRIVATE_MODE } from "./files.ts";
import type { Installation } from "./installation.ts";

/** A copy that the application made. */
export interface CopyEntry extends Source {
  /** The size in bytes. */
  size: number;
  /** When it was made. */
  date: Date;
  /** Rows of the tables that matter most to a person. */
  counts: Map<string, number>;
}

/** The copies that the application made, newest first. */
export interface Copies {
  readable: CopyEntry[];
  unreadable: UnrecognizedFile[];
}

const pattern = /^soy[-_](\d{4})(\d\d)(\d\d)[-_](\d\d)(\d\d)(\d\d)\.db$/;

/**
 * The folders in which the application's copies may be, without duplicates: beside the
 * database, and beside the file that a link to it points to.
 */
export function copyFolders({ data, database }: Installation): string[] {
  const folders = [data, ...realFolder(database)]
    .map((folder) => join(folder, "backups"));
  const real = new Map(
    folders.flatMap((folder) => realPath(folder).map((path) => [path, folder])),
  );
  return [...real.values()];
}

function realFolder(path: string): string[] {
  return realPath(path).map(dirname);
}

// The program may only read data/ and output/; what it may not see is not there.
function realPath(path: string): string[] {
  try {
    return [Deno.realPathSync(path)];
  } catch {
    return [];
  }
}

/** The paths of the application's copies, newest first; none if none may be read. */
export function listCopies(installation: Installation): Source[] {
  return copyFolders(installation).flatMap(copiesIn)
    .sort((a, b) =>
      momentOfCopy(b.path).getTime() - momentOfCopy(a.path).getTime()
    );
}

function copiesIn(folder: string): Source[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter(({ name, isFile }) => isFile && pattern.test(name))
      .map(({ name }) => ({ name, path: join(folder, name), form: "sqlite" }));
  } catch {
    return [];
  }
}

/** Reads what the application's copies have of the tables that matter most. */
export async function readCopies(installation: Installation): Promise<Copies> {
  const copies: Copies = { readable: [], unreadable: [] };
  for (const source of listCopies(installation)) {
    const copy = await readCopy(source, installation.scratch);
    if ("fault" in copy) copies.unreadable.push(copy);
    else copies.readable.push(copy);
  }
  return copies;
}

async function readCopy(
  source: Source,
  scratch: string,
): Promise<CopyEntry | UnrecognizedFile> {
  const { name, path } = source;
  try {
    const { size } = Deno.statSync(path);
    if (size === 0) return { name, fault: "it is empty" };
    return {
      ...source,
      size,
      date: momentOfCopy(path),
      counts: await withCopy(path, scratch, countsIn),
    };
  } catch (error) {
    return { name, fault: copyFault(error) };
  }
}

function countsIn(db: Database): Map<string, number> {
  const tables = new Set(tableNames(db));
  return new Map(
    MAIN_TABLES.filter((name) => tables.has(name))
      .map((name) => [name, countRows(db, name)]),
  );
}

/**
 * Does a step with a copy of the database, which stays as it is. If SQLite would write
 * what lies beside it into it, or needs files beside it where it may make none, a copy
 * of all that is opened.
 *
 * @param path The copy, or any other database.
 * @param scratch Where the copy of it is made, and gone afterwards.
 * @param step What to do.
 * @throws {Error} if it can't be read.
 */
export async function withCopy<T>(
  path: string,
  scratch: string,
  step: (db: Database) => T | Promise<T>,
): Promise<T> {
  // Any other database may be in use: then SQLite has to read it where it is.
  if (pattern.test(basename(path)) && beside(path).length > 0) {
    return await withDuplicate(path, scratch, step);
  }
  let db: Database;
  try {
    db = openForReading(path);
  } catch (error) {
    if (!/unable to open/.test(messageOf(error))) throw error;
    return await withDuplicate(path, scratch, step);
  }
  try {
    return await step(db);
  } finally {
    db.close();
  }
}

async function withDuplicate<T>(
  path: string,
  scratch: string,
  step: (db: Database) => T | Promise<T>,
): Promise<T> {
  const temp = createTemp(scratch);
  try {
    for (const ending of ["", ...beside(path)]) {
      Deno.copyFileSync(path + ending, temp.path + ending);
      Deno.chmodSync(temp.path + ending, PRIVATE_MODE);
    }
    const db = openForReading(temp.path);
    try {
      return await step(db);
    } finally {
      db.close();
    }
  } finally {
    discardTemp(temp);
  }
}

/** The endings of the files beside a database that SQLite would write into it. */
function beside(path: string): string[] {
  return ["-wal", "-journal"].filter((ending) => {
    try {
      return Deno.statSync(path + ending).size > 0;
    } catch {
      // It is not there, or may not be seen, which SQLite then may not either.
      return false;
    }
  });
}

/**
 * What is wrong with a copy of the database, in words. What to do about a person's own
 * database is no advice for a copy of it.
 */
export function copyFault(error: unknown): string {
  const message = messageOf(error);
  if (/database (table )?is locked/.test(message)) {
    return "another program has it locked";
  }
  if (isDamage(error)) return "it is damaged";
  return faultOf(error, COPY_IT) ?? message;
}

/** When a copy was made: its name says so, else when it was last changed. */
export function momentOfCopy(path: string): Date {
  const found = pattern.exec(basename(path));
  if (found) {
    const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
    return new Date(year!, month! - 1, day, hour, minute, second);
  }
  return Deno.statSync(path).mtime ?? new Date();
}
