/**
 * What the SQLite at hand can do: the engines are of different ages.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { release } from "./bind.ts";

/** A connection that can be limited; upstream's package has no such property. */
export type LimitedDatabase = Database & { lengthLimit?: number | undefined };

/** A connection that guards the schema; upstream's package has no such property. */
export type GuardedDatabase = Database & { defensive?: boolean };

/** What an engine can do. */
export interface Engine {
  /**
   * Whether its JSON keeps every bit of a double. Before 3.53 SQLite wrote 15
   * digits, and infinity as a word that is no JSON.
   */
  exactReals: boolean;
  /** Whether it tells a value's length without reading the value. */
  octetLength: boolean;
  /** Whether it takes JSON apart without making text of the parts. */
  jsonbEach: boolean;
  /** Whether it can be told how long a value may be; see `withinLength()`. */
  lengthLimit: boolean;
}

const engines = new WeakMap<Database, Engine>();

/** Finds out what an engine can do. */
export function engineOf(db: Database): Engine {
  const known = engines.get(db);
  if (known) return known;
  const engine = {
    exactReals: hasExactReals(db),
    octetLength: takes(db, "SELECT octet_length('')"),
    jsonbEach: takes(db, "SELECT 1 FROM jsonb_each('[]')"),
    lengthLimit: (db as LimitedDatabase).lengthLimit !== undefined,
  };
  engines.set(db, engine);
  return engine;
}

function takes(db: Database, sql: string): boolean {
  try {
    release(db.prepare(sql));
    return true;
  } catch {
    return false;
  }
}

function hasExactReals(db: Database): boolean {
  const samples = [0.1 + 0.2, 1 / 3, 5e-324, Math.PI * 1e-200, Infinity];
  const statement = db.prepare("SELECT CAST(json_quote(?) AS TEXT)");
  try {
    return samples.every((sample) => {
      const [json] = statement.value<[string]>(sample) ?? [""];
      return /^\d\.\d+/.test(json) && Number(json) === sample;
    });
  } finally {
    release(statement);
  }
}

/**
 * Does a step in which no value may be longer, whether it is read or made. An engine
 * without such a limit takes values of any length.
 *
 * @param db The database.
 * @param bytes The most that a value may have.
 * @param step What to do.
 * @returns What the step gives.
 * @throws {Error} `string or blob too big`, and whatever the step throws.
 */
export function withinLength<T>(
  db: LimitedDatabase,
  bytes: number,
  step: () => T,
): T {
  const usual = db.lengthLimit;
  if (usual === undefined) return step();
  db.lengthLimit = bytes;
  try {
    return step();
  } finally {
    db.lengthLimit = usual;
  }
}

/**
 * Does a step that may write to the schema's own table. An engine that does not guard
 * it needs no permission.
 *
 * @param db The database.
 * @param step What to do.
 */
export function unguarded(db: GuardedDatabase, step: () => void): void {
  const isGuarded = db.defensive === true;
  if (isGuarded) db.defensive = false;
  try {
    step();
  } finally {
    if (isGuarded) db.defensive = true;
  }
}

/** The most memory that SQLite may take in one process, in bytes. */
const mostMemory = 3_000_000_000;

/**
 * Limits what the expressions of an untrusted schema can make: the length of each value,
 * if the engine has such a limit, and SQLite's memory altogether.
 *
 * @param db The database; the first limit is for this connection.
 * @param bytes The most that a value may have.
 */
export function limitValues(db: LimitedDatabase, bytes: number): void {
  const usual = db.lengthLimit;
  if (usual !== undefined) db.lengthLimit = Math.min(usual, bytes);
  // Can only be lowered (https://sqlite.org/pragma.html#pragma_hard_heap_limit).
  db.exec(`PRAGMA hard_heap_limit = ${mostMemory}`);
}
