/**
 * Connections to a database, and how to wait for one that is locked.
 *
 * @module
 */
import { type BindValue, Database } from "@db/sqlite";
import { BackupError, messageOf } from "../errors.ts";
import { notDatabase } from "../faults.ts";
import type { Session } from "../session.ts";
import { identifier } from "./sql.ts";

/** How long SQLite itself waits before it says so, in milliseconds. */
const shortWait = 200;

// The values cross as bytes, so integers need all their bits and JSON stays text.
const faithful = { int64: true, parseJson: false } as const;

/** A database that is open for somebody's step, and closed in whatever way it needs. */
export interface OpenDatabase extends Disposable {
  db: Database;
}

/** An open database that is closed at the end of the block that declares it by `using`. */
export function closing(db: Database): OpenDatabase {
  return { db, [Symbol.dispose]: () => db.close() };
}

/**
 * Opens a database to read from.
 *
 * A connection that may only read can neither undo what a crashed program has
 * left behind nor clear away the files that SQLite puts beside a database in WAL
 * mode. So the file is opened as any program would, and writing refused by SQLite;
 * only if that fails it is opened for reading alone.
 *
 * @param path The file, which must be there.
 * @throws {Error} with SQLite's message.
 */
export function openForReading(path: string): Database {
  try {
    const db = opened(path, { create: false });
    db.exec("PRAGMA query_only = ON");
    return db;
  } catch (error) {
    if (!/readonly|unable to open/.test(messageOf(error))) throw error;
    return openReadOnly(path);
  }
}

/**
 * Opens a database for reading alone. When such a connection is closed, it neither locks
 * the file nor clears away what SQLite has put beside it.
 *
 * @param path The file, which must be there.
 * @throws {Error} with SQLite's message.
 */
export function openReadOnly(path: string): Database {
  return opened(path, { readonly: true });
}

/**
 * Lets SQLite undo what a program that crashed has left half-written, if there is any;
 * if not, the database is locked for some microseconds only.
 *
 * @param path The file, which must be there.
 * @throws {Error} `database is locked` if another program is about to write to it.
 */
export function recover(path: string): void {
  const db = connect(path, { create: false });
  try {
    // Each transaction begins with a look for such remains.
    scalar(db, "PRAGMA schema_version");
  } finally {
    db.close();
  }
}

/**
 * Opens a database to write to.
 *
 * @param path The file.
 * @param options `create` makes it if it is absent.
 * @throws {Error} with SQLite's message.
 */
export function openForWriting(
  path: string,
  options: { create?: boolean } = {},
): Database {
  const db = opened(path, { create: options.create ?? false });
  db.exec("PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF");
  return db;
}

/**
 * Opens a database that is about to be replaced by a copy of another one.
 *
 * Nothing is read first, as the other functions here do: a connection that has read
 * the file before would not take it out of WAL mode after the copy, and what it held
 * before need not even be a database.
 *
 * @param path The file; it is made if it is absent.
 * @throws {Error} with SQLite's message.
 */
export function openTarget(path: string): Database {
  return connect(path, {});
}

/** How to connect to a database. */
interface ConnectOptions {
  readonly?: boolean;
  create?: boolean;
}

// Nothing is read yet. Without a time to wait in SQLite, whoever waits for a lock would
// try as fast as the processor can.
function connect(path: string, options: ConnectOptions): Database {
  const db = new Database(path, { ...faithful, ...options });
  db.exec(`PRAGMA busy_timeout = ${shortWait}`);
  return db;
}

function opened(path: string, options: ConnectOptions): Database {
  const db = connect(path, options);
  try {
    readSchema(db);
    return db;
  } catch (error) {
    db.close();
    if (!/file is not a database/.test(messageOf(error))) throw error;
    throw new BackupError(notDatabase, { cause: error });
  }
}

// Whether a file is a database shows with the first read only. A lock says that it
// is one; whoever reads next waits for it.
function readSchema(db: Database): void {
  try {
    scalar(db, "SELECT count(*) FROM sqlite_schema");
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
}

/** The one value that a query gives, NULL if it gives no row. */
export function scalar(db: Database, sql: string): unknown {
  const statement = db.prepare(sql);
  try {
    return statement.value()?.[0] ?? null;
  } finally {
    statement.finalize();
  }
}

/** All rows that a query gives. */
export function rowsOf<T extends unknown[]>(
  db: Database,
  sql: string,
  ...params: BindValue[]
): T[] {
  const statement = db.prepare(sql);
  try {
    return statement.values<T>(...params);
  } finally {
    statement.finalize();
  }
}

/** How many rows a table has. */
export function countRows(db: Database, table: string): number {
  return scalar(db, `SELECT count(*) FROM main.${identifier(table)}`) as number;
}

/** The size of a database in bytes. */
export function sizeOf(db: Database): number {
  const pages = scalar(db, "PRAGMA page_count") as number;
  return pages * (scalar(db, "PRAGMA page_size") as number);
}

/** The names of all tables. */
export function tableNames(db: Database): string[] {
  const sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table'";
  return rowsOf<[string]>(db, sql).map(([name]) => name);
}

/** Whether there is a table of that name, whatever the case of its letters. */
export function hasTable(db: Database, name: string): boolean {
  const found = "SELECT 1 FROM main.sqlite_schema " +
    "WHERE type = 'table' AND name = ? COLLATE NOCASE";
  return rowsOf(db, found, name).length > 0;
}

/** What a wait for a lock needs of a session. */
export type Waiting = Pick<Session, "onWait" | "checkpoint" | "lockTimeout">;

/** Whether an error says that another connection holds a lock. */
function isLocked(error: unknown): boolean {
  return /database (table )?is locked/.test(messageOf(error));
}

/**
 * Does a step that a lock may refuse, again and again until the session's
 * `lockTimeout` is over.
 *
 * @param step What to do.
 * @param session Is told that there is a wait, and may stop it.
 * @throws {Error} `database is locked` if the lock outlasts that time.
 */
export async function retryLocked<T>(
  step: () => T,
  { onWait, checkpoint, lockTimeout }: Waiting,
): Promise<T> {
  const end = performance.now() + lockTimeout;
  for (let tries = 0;; tries++) {
    try {
      return step();
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
      if (tries === 0) onWait("the database");
    }
    await checkpoint();
  }
}

/**
 * Ends a transaction, and with it whatever it did. After some errors, as of the disk or of
 * the memory, SQLite has done so itself
 * (https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
 */
export function rollBack(db: Database): void {
  if (db.inTransaction) db.exec("ROLLBACK");
}

/**
 * Begins a transaction that writes, and whose commit outlasts a power cut.
 *
 * A commit deletes the rollback journal. With `synchronous = EXTRA` SQLite syncs the
 * folder after that; with `FULL`, the default, the journal may come back after a power
 * cut and undo the commit (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param session Is told that there is a wait for a lock, and may stop it.
 * @throws {Error} with SQLite's message.
 */
export async function beginWriting(
  db: Database,
  session: Waiting,
): Promise<void> {
  await retryLocked(() => {
    db.exec("PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE");
  }, session);
}
