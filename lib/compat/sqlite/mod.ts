/**
 * `@db/sqlite` on Deno's built-in SQLite: the same classes, options and
 * behavior as upstream's version 0.13, as far as this project uses them. No
 * download, and a sandbox that holds, which a foreign function interface cannot
 * give.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

// Bundled into one file, a static import would be loaded even for `--help`.
const sqlite = await import("node:sqlite");

/** A value that a parameter takes. */
export type BindValue =
  | number
  | string
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array;

/** How to open a database. */
export interface DatabaseOpenOptions {
  /** Make the file where there is none; `true` unless told. */
  create?: boolean;
  /** Open for reading only. */
  readonly?: boolean;
  /** Give integers beyond 32 bits as they are: `bigint` where a double lacks digits. */
  int64?: boolean;
  /** Upstream parses results of JSON functions unless `false`; here they are never parsed. */
  parseJson?: false;
}

/** A row of a result. */
export type Row = unknown[];

/** What Deno's types of the built-in engine do not tell yet. */
interface ArrayStatement extends StatementSync {
  setReturnArrays(enabled: boolean): void;
}
interface LimitedConnection extends DatabaseSync {
  limits?: { length: number };
  function(
    name: string,
    options: { deterministic?: boolean },
    callback: Parameters<DatabaseSync["function"]>[1],
  ): void;
  function(...callback: Parameters<DatabaseSync["function"]>): void;
}

/** A connection that can let SQL write to the schema's own table. */
interface GuardedConnection extends DatabaseSync {
  enableDefensive?(on: boolean): void;
}

const int64Limit = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A prepared statement.
 *
 * Upstream binds an integral double as INTEGER, the built-in engine every
 * number as REAL; upstream's way is kept.
 */
export class Statement {
  #db: Database;
  #sql: string;
  #prepare: (sql: string) => StatementSync;
  #statement: StatementSync;

  constructor(
    db: Database,
    sql: string,
    prepare: (sql: string) => StatementSync,
  ) {
    this.#db = db;
    this.#sql = sql;
    this.#prepare = prepare;
    this.#statement = prepare(sql);
  }

  /** Runs it; gives the number of rows changed. */
  run(...params: BindValue[]): number {
    return Number(this.#statement.run(...params.map(bound)).changes);
  }

  /** All rows, each as a list of values. */
  values<T extends unknown[] = Row>(...params: BindValue[]): T[] {
    const rows = this.#statement.all(...params.map(bound)) as unknown as Row[];
    return rows.map((row) => row.map(this.#read)) as T[];
  }

  /** The first row as a list of values, if there is one. */
  value<T extends unknown[] = Row>(...params: BindValue[]): T | undefined {
    const row = this.#statement.get(...params.map(bound)) as unknown as
      | Row
      | undefined;
    return row?.map(this.#read) as T | undefined;
  }

  /**
   * The rows one by one, each as an object by column name.
   *
   * The built-in engine ends without a word where a row cannot be read, so a row
   * that says that it is the last follows all others.
   *
   * @throws {Error} with SQLite's message.
   */
  *iter(...params: BindValue[]): IterableIterator<Record<string, unknown>> {
    const names = this.#statement.columns().map((column) => column.name);
    const last = `SELECT 1${", NULL".repeat(names.length)}`;
    const all = `SELECT 0, * FROM (${this.#sql}) UNION ALL ${last}`;
    const values = params.map(bound);
    let count = 0;
    for (const row of this.#prepare(all).iterate(...values)) {
      const cells = row as unknown as Row;
      if (cells[0] === 1n) return;
      count++;
      // A loop leaves less to the garbage collector than fromEntries() does.
      const object: Record<string, unknown> = {};
      for (let i = 0; i < names.length; i++) {
        object[names[i]!] = this.#read(cells[i + 1]);
      }
      yield object;
    }
    throw this.#faultAfter(count, values);
  }

  #faultAfter(rows: number, values: ReturnType<typeof bound>[]): unknown {
    try {
      const next = `SELECT * FROM (${this.#sql}) LIMIT 1 OFFSET ${rows}`;
      this.#prepare(next).all(...values);
    } catch (error) {
      return error;
    }
    return new Error("disk I/O error");
  }

  /** Frees it; the built-in engine does so by itself when it is collected. */
  finalize(): void {}

  #read = (value: unknown): unknown => {
    if (typeof value !== "bigint") return value;
    if (!this.#db.int64) return Number(BigInt.asIntN(32, value));
    return value < -int64Limit || value > int64Limit ? value : Number(value);
  };
}

function bound(value: BindValue): null | number | bigint | string | Uint8Array {
  if (value === undefined) return null;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number" && Number.isInteger(value)) {
    return BigInt(value);
  }
  return value;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A connection to a database. */
export class Database {
  #db: DatabaseSync;
  /** The path it was opened with. */
  readonly path: string;
  /** Whether integers beyond 32 bits come over whole. */
  readonly int64: boolean;
  #open = true;
  #defensive = true;

  /**
   * Opens a database.
   *
   * @throws {Error} where the file cannot be opened. That it is no database
   * shows with the first statement.
   */
  constructor(path: string, options: DatabaseOpenOptions = {}) {
    const create = options.create ?? true;
    if (!create && !exists(path)) {
      throw new Error("14: unable to open database file");
    }
    this.path = path;
    this.int64 = options.int64 ?? false;
    this.#db = new sqlite.DatabaseSync(path, {
      readOnly: options.readonly ?? false,
      // A schema made by the sqlite3 shell may hold "text" in double quotes.
      enableDoubleQuotedStringLiterals: true,
      // Upstream leaves SQLite's own default, which is off.
      enableForeignKeyConstraints: false,
    });
  }

  /** Whether it is open. */
  get open(): boolean {
    return this.#open;
  }

  /** Whether a transaction is under way. */
  get inTransaction(): boolean {
    return this.#open && this.#db.isTransaction;
  }

  /**
   * The most bytes that a value may have, where the engine can be told; upstream's
   * class has no such property.
   */
  get lengthLimit(): number | undefined {
    return (this.#db as LimitedConnection).limits?.length;
  }
  set lengthLimit(bytes: number) {
    const { limits } = this.#db as LimitedConnection;
    if (limits) limits.length = bytes;
  }

  /**
   * Whether SQL may not write to the schema's own table, which is so at first;
   * upstream's class has no such property, and no such guard.
   */
  get defensive(): boolean {
    return this.#defensive;
  }
  set defensive(on: boolean) {
    (this.#db as GuardedConnection).enableDefensive?.(on);
    this.#defensive = on;
  }

  /** Prepares the first statement of the text. */
  prepare(sql: string): Statement {
    return new Statement(this, sql, (sql) => {
      const statement = this.#db.prepare(sql);
      statement.setReadBigInts(true);
      (statement as ArrayStatement).setReturnArrays(true);
      return statement;
    });
  }

  /** Runs all statements of the text; with parameters, only the first. */
  exec(sql: string, ...params: BindValue[]): void {
    if (params.length) this.prepare(sql).run(...params);
    else this.#db.exec(sql);
  }

  /** Defines a function of SQL, which gets BLOBs as bytes and text as strings. */
  function(
    name: string,
    fn: (...args: never[]) => BindValue,
    options: { deterministic?: boolean } = {},
  ): void {
    const callback = fn as Parameters<DatabaseSync["function"]>[1];
    (this.#db as LimitedConnection).function(name, options, callback);
  }

  /**
   * Copies this database over the main one of `dest` by SQLite's online backup.
   *
   * Upstream is done when this returns, the built-in engine when the promise
   * is: wait for it in either case.
   */
  async backup(dest: Database): Promise<void> {
    await sqlite.backup(this.#db, dest.path);
  }

  /** Closes it; a second time does nothing. */
  close(): void {
    if (this.#open) this.#db.close();
    this.#open = false;
  }
}
