/**
 * What a restore does to the schema: it creates tables, indexes, views and triggers
 * of the backup's, drops the database's own triggers for the time being, and raises the
 * counters of AUTOINCREMENT.
 *
 * The schema in a file can't be trusted: nothing runs but a `CREATE` of the forms
 * that SQLite itself stores, and what it created must read as it was asked for.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { release } from "../database/bind.ts";
import { hasTable, rowsOf } from "../database/connection.ts";
import type { SchemaObject, Table } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { moduleOf, NAME, SPACE } from "../database/virtual.ts";
import { BackupError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { printable, quoted } from "../text.ts";
import type { LeftOut } from "./report.ts";

// How sqlite_schema.sql begins, whatever the statement looked like
// (https://sqlite.org/schematab.html).
const beginnings: Record<string, RegExp> = {
  table: /^CREATE (VIRTUAL )?TABLE /,
  index: /^CREATE (UNIQUE )?INDEX /,
  view: /^CREATE VIEW /,
  trigger: /^CREATE TRIGGER /,
};

// A statement of this form would run a query while it creates the table.
const fromQuery = new RegExp(`^CREATE TABLE ${NAME}${SPACE}AS\\b`, "i");

/** The modules of virtual tables that come with SQLite and hold data. */
const knownModules = ["fts3", "fts4", "fts5", "rtree", "rtree_i32"];

/** Tables that were created, and those that could not be. */
export interface CreatedTables {
  /** The names of the created ones, folded. */
  created: Set<string>;
  /** The names of virtual tables whose module is not SQLite's own. */
  foreign: string[];
}

/**
 * Creates those tables that the database doesn't have.
 *
 * @param db The database.
 * @param schema Objects of the backup's schema; those that are no tables are skipped.
 * @throws {BackupError} if a statement is not one that a schema can hold, or
 * SQLite refuses it.
 */
export function createTables(
  db: Database,
  schema: SchemaObject[],
): CreatedTables {
  const existing = existingNames(db);
  const created = new Set<string>();
  const foreign: string[] = [];
  for (const object of schema) {
    const name = foldName(object.name);
    if (object.type !== "table" || existing.has(name)) continue;
    if (isForeignModule(object)) {
      foreign.push(object.name);
      continue;
    }
    createObject(db, object);
    created.add(name);
  }
  return { created, foreign };
}

/**
 * Creates objects other than tables.
 *
 * @returns Those that were not created, since their names are taken.
 * @throws {BackupError} as `createTables()` does.
 */
export function createObjects(
  db: Database,
  objects: SchemaObject[],
): LeftOut[] {
  const existing = existingNames(db);
  const isTaken = ({ name }: SchemaObject) => existing.has(foldName(name));
  for (const object of objects) {
    if (!isTaken(object)) createObject(db, object);
  }
  return objects.filter(isTaken).map(({ type, name, table }) => ({
    table,
    count: 0,
    reason: `its ${type} ${quoted(name)} was not created, since the database ` +
      "has something else with that name",
  }));
}

function existingNames(db: Database): Set<string> {
  const names = rowsOf<[string]>(db, "SELECT name FROM main.sqlite_schema");
  return new Set(names.map(([name]) => foldName(name)));
}

function isForeignModule({ sql }: SchemaObject): boolean {
  const module = moduleOf(sql);
  return Boolean(module) && !knownModules.includes(module!);
}

function createObject(db: Database, object: SchemaObject): void {
  const what = `Cannot make ${printable(object.type)} ${quoted(object.name)}`;
  const allowed = beginnings[object.type];
  const strange = fromQuery.test(object.sql) || moduleOf(object.sql) === "";
  if (!allowed?.test(object.sql) || strange) {
    throw new BackupError(
      `${what}: the backup's schema holds another statement`,
    );
  }
  try {
    const statement = db.prepare(object.sql);
    try {
      statement.run();
    } finally {
      release(statement);
    }
  } catch (error) {
    const reason = faultOf(error) ?? printable(messageOf(error));
    throw new BackupError(`${what} of the backup's schema: ${reason}`);
  }
  if (!isAsAsked(db, object)) {
    throw new BackupError(`${what}: its statement does more than that`);
  }
}

function isAsAsked(db: Database, object: SchemaObject): boolean {
  const [found] = rowsOf<[string, string]>(
    db,
    "SELECT tbl_name, sql FROM main.sqlite_schema WHERE type = ? AND name = ?",
    object.type,
    object.name,
  );
  return found?.[0] === object.table && found[1] === object.sql;
}

/**
 * Drops the database's own triggers, within the caller's transaction: what they do,
 * they did when the rows were first written.
 *
 * @returns The statements that create them again, to be run after the rows.
 */
export function dropTriggers(db: Database): string[] {
  const triggers = rowsOf<[string, string]>(
    db,
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' " +
      "ORDER BY rowid",
  );
  for (const [name] of triggers) {
    db.exec(`DROP TRIGGER main.${identifier(name)}`);
  }
  return triggers.map(([, sql]) => sql);
}

/**
 * Raises the counters of AUTOINCREMENT, so that no id is ever given out twice.
 *
 * @param sequences The backup's counters by table; a lower one changes nothing.
 * @param tables The restored tables.
 */
export function raiseSequences(
  db: Database,
  sequences: Map<string, bigint> | undefined,
  tables: Table[],
): void {
  // A database without AUTOINCREMENT has no counters.
  if (!sequences || !hasTable(db, "sqlite_sequence")) return;
  const wanted = new Map(
    [...sequences].map(([name, n]) => [foldName(name), n]),
  );
  for (const table of tables) {
    const { name, sql } = table;
    const n = wanted.get(foldName(name));
    if (n === undefined || !/\bautoincrement\b/i.test(sql)) continue;
    // With the highest number used up, every later insert would fail.
    if (n === highestNumber && !hasRow(db, table, n)) continue;
    db.exec(
      "UPDATE main.sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?",
      n,
      name,
      n,
    );
    db.exec(
      "INSERT INTO main.sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT " +
        "EXISTS (SELECT 1 FROM main.sqlite_sequence WHERE name = ?)",
      name,
      n,
      name,
    );
  }
}

const highestNumber = 2n ** 63n - 1n;

function hasRow(db: Database, { name, rowid }: Table, n: bigint): boolean {
  if (!rowid) return false;
  const found = `SELECT 1 FROM main.${identifier(name)} WHERE ${rowid} = ${n}`;
  return rowsOf(db, found).length > 0;
}
