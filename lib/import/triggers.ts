/**
 * Setting a database's own triggers aside while rows go in: what they do, they
 * did when the rows were first written.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { identifier } from "../database/sql.ts";

/** A trigger that was set aside. */
export interface Trigger {
  name: string;
  sql: string;
}

/** Drops all triggers, within the caller's transaction; gives them back. */
export function setTriggersAside(db: Database): Trigger[] {
  const triggers = rowsOf<[string, string]>(
    db,
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' " +
      "ORDER BY rowid",
  ).map(([name, sql]) => ({ name, sql }));
  for (const { name } of triggers) {
    db.exec(`DROP TRIGGER main.${identifier(name)}`);
  }
  return triggers;
}

/** Makes triggers that were set aside again, as they were. */
export function putTriggersBack(db: Database, triggers: Trigger[]): void {
  for (const { sql } of triggers) db.exec(sql);
}
