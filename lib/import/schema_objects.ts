/**
 * What a restore does to the schema: it creates tables, indexes, views and triggers
 * of the backup's, drops the database's own triggers for the time being, and raises the
 * counters of AUTOINCREMENT.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hasTable, rowsOf } from "../database/connection.ts";
import { createObject, type Lacking } from "../database/definitions.ts";
import type { SchemaObject, Table } from "../database/schema.ts";
import { foldName, HIGHEST_INTEGER, identifier } from "../database/sql.ts";

/** Tables that were created, and those that could not be. */
export interface CreatedTables {
  /** The names of the created ones, folded. */
  created: Set<string>;
  /** What can't be created here. */
  lacking: Lacking[];
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
  const lacking: Lacking[] = [];
  for (const object of schema) {
    const name = foldName(object.name);
    if (object.type !== "table" || existing.has(name)) continue;
    const reason = createObject(db, object);
    if (reason) lacking.push({ object, reason });
    else created.add(name);
  }
  return { created, lacking };
}

/**
 * Creates objects other than tables.
 *
 * @returns Those that were not created, since their names are taken or they need what
 * only the application has.
 * @throws {BackupError} as `createTables()` does.
 */
export function createObjects(
  db: Database,
  objects: SchemaObject[],
): Lacking[] {
  const existing = existingNames(db);
  return objects.flatMap((object) => {
    const reason = existing.has(foldName(object.name))
      ? "the database has something else with that name"
      : createObject(db, object);
    return reason ? [{ object, reason }] : [];
  });
}

function existingNames(db: Database): Set<string> {
  const names = rowsOf<[string]>(db, "SELECT name FROM main.sqlite_schema");
  return new Set(names.map(([name]) => foldName(name)));
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
    if (n === HIGHEST_INTEGER && !hasRow(db, table, n)) continue;
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

function hasRow(db: Database, { name, rowid }: Table, n: bigint): boolean {
  if (!rowid) return false;
  const found = `SELECT 1 FROM main.${identifier(name)} WHERE ${rowid} = ${n}`;
  return rowsOf(db, found).length > 0;
}
