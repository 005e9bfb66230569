/**
 * Tables, indexes, views and triggers out of a backup's schema.
 *
 * The schema of a file is not to be trusted: nothing runs but a `CREATE` of the
 * forms that SQLite itself stores, and what it made must read as it was told.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { release } from "../database/bind.ts";
import { rowsOf } from "../database/connection.ts";
import type { SchemaObject } from "../database/schema.ts";
import { moduleOf, NAME, SPACE } from "../database/virtual.ts";
import { foldName } from "../database/sql.ts";
import { BackupError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { printable, quoted } from "../text.ts";

// What sqlite_schema.sql begins with, whatever the statement looked like
// (https://sqlite.org/schematab.html).
const beginnings: Record<string, RegExp> = {
  table: /^CREATE (VIRTUAL )?TABLE /,
  index: /^CREATE (UNIQUE )?INDEX /,
  view: /^CREATE VIEW /,
  trigger: /^CREATE TRIGGER /,
};

// A statement of this form would run a query while it makes the table.
const fromQuery = new RegExp(`^CREATE TABLE ${NAME}${SPACE}AS\\b`, "i");

/** The modules of virtual tables that come with SQLite and hold data. */
const knownModules = ["fts3", "fts4", "fts5", "rtree", "rtree_i32"];

/** Names of what the main schema holds, by kind, in SQLite's folded case. */
export function existingNames(db: Database): Set<string> {
  const names = rowsOf<[string]>(db, "SELECT name FROM main.sqlite_schema");
  return new Set(names.map(([name]) => foldName(name)));
}

/** Whether an object is a virtual table of a module that is not SQLite's own. */
export function isForeignModule({ sql }: SchemaObject): boolean {
  const module = moduleOf(sql);
  return Boolean(module) && !knownModules.includes(module!);
}

/**
 * Makes an object of the schema.
 *
 * @throws {BackupError} where the statement is none that a schema can hold, or
 * SQLite refuses it.
 */
export function createObject(db: Database, object: SchemaObject): void {
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
  if (!reads(db, object)) {
    throw new BackupError(`${what}: its statement does more than that`);
  }
}

function reads(db: Database, made: SchemaObject): boolean {
  const [found] = rowsOf<[string, string]>(
    db,
    "SELECT tbl_name, sql FROM main.sqlite_schema WHERE type = ? AND name = ?",
    made.type,
    made.name,
  );
  return found?.[0] === made.table && found[1] === made.sql;
}
