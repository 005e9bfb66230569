/**
 * In which order tables go in: modules, contacts, then the rest, what is referred
 * to before what refers to it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { foldName } from "../database/sql.ts";
import { FIRST_TABLES } from "../soy/tables.ts";

/**
 * Orders tables. Those of a cycle stay in the order in which they came.
 *
 * @param db The database, whose foreign keys decide.
 * @param names The tables.
 */
export function restoreOrder(db: Database, names: string[]): string[] {
  const byName = new Map(names.map((name) => [foldName(name), name]));
  const first = FIRST_TABLES.filter((name) => byName.has(name));
  const ordered = new Set<string>();
  const visiting = new Set<string>();
  const visit = (name: string) => {
    if (ordered.has(name) || visiting.has(name) || !byName.has(name)) return;
    visiting.add(name);
    for (const parent of parentsOf(db, name)) visit(parent);
    ordered.add(name);
  };
  for (const name of [...first, ...byName.keys()]) visit(name);
  return [...ordered].map((name) => byName.get(name)!);
}

function parentsOf(db: Database, table: string): string[] {
  return rowsOf<[string]>(
    db,
    `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?, 'main')`,
    table,
  ).flat().map(foldName);
}
