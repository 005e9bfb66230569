/**
 * The keys of a table.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "./connection.ts";
import type { Table } from "./schema.ts";

/** A key by which two rows are the same row. */
export interface Key {
  /** Names of the columns, none of them an expression. */
  columns: string[];
  /** The collation of each. */
  collations: string[];
}

/**
 * The keys of a table by which rows can be told apart, the primary key first.
 *
 * Indexes over expressions or over a part of the rows are left out.
 */
export function keysOf(db: Database, table: Table): Key[] {
  const indexes = rowsOf<[string, string]>(
    db,
    "SELECT name, origin FROM pragma_index_list(?, 'main') " +
      `WHERE "unique" AND NOT partial ORDER BY origin <> 'pk', seq DESC`,
    table.name,
  );
  // Computed columns are not in a backup, so their keys tell nothing apart.
  const stored = new Set(table.columns.map(({ name }) => name));
  const keys = indexes
    .map(([name]) => indexKey(db, name))
    .filter((key): key is Key =>
      key !== undefined && key.columns.every((name) => stored.has(name))
    );
  const primary = table.columns
    .filter((column) => column.key > 0)
    .sort((a, b) => a.key - b.key)
    .map((column) => column.name);
  // An INTEGER PRIMARY KEY has no index of its own.
  if (primary.length > 0 && !indexes.some(([, origin]) => origin === "pk")) {
    const collations = primary.map(() => "BINARY");
    keys.unshift({ columns: primary, collations });
  }
  return keys;
}

function indexKey(db: Database, index: string): Key | undefined {
  const parts = rowsOf<[string | null, string]>(
    db,
    "SELECT name, coll FROM pragma_index_xinfo(?, 'main') " +
      `WHERE "key" ORDER BY seqno`,
    index,
  );
  if (parts.some(([name]) => name === null)) return undefined;
  // A column that is named again adds nothing, and costs SQLite's planner much.
  const terms = new Map(
    parts.map(([name, collation]) => [`${name}\0${collation}`, {
      name: name!,
      collation,
    }]),
  );
  return {
    columns: [...terms.values()].map(({ name }) => name),
    collations: [...terms.values()].map(({ collation }) => collation),
  };
}
