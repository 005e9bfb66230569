/**
 * What a database holds: its tables, their columns and keys.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { type Affinity, affinityOf } from "./affinity.ts";
import { hasTable, rowsOf, scalar } from "./connection.ts";
import { foldName } from "./sql.ts";
import { isFullText, isRTree, moduleOf } from "./virtual.ts";

/** A column that holds data; generated columns are left out. */
export interface Column {
  name: string;
  /** The declared type, as written. */
  type: string;
  affinity: Affinity;
  notNull: boolean;
  /** Its position in the primary key, from 1; 0: not in it. */
  key: number;
}

/** How a table stores its rows. */
export type TableKind = "rowid" | "without rowid" | "virtual";

/** A table. */
export interface Table {
  name: string;
  kind: TableKind;
  columns: Column[];
  /** Names of the columns that SQLite computes. */
  generated: string[];
  /** Whether the primary key has an index of its own. */
  indexedKey: boolean;
  /** A name that stands for the rowid, if there is one. */
  rowid: string | undefined;
  /** The `CREATE` statement. */
  sql: string;
}

/** A table, index, trigger or view, as `sqlite_schema` has it. */
export interface SchemaObject {
  type: string;
  name: string;
  table: string;
  sql: string;
}

/**
 * The objects of the schema in creation order, without SQLite's own and without
 * the shadow tables of virtual tables.
 */
export function schemaEntries(db: Database): SchemaObject[] {
  const shadows = new Set(
    rowsOf<[string]>(
      db,
      "SELECT name FROM pragma_table_list " +
        "WHERE schema = 'main' AND type = 'shadow'",
    ).flat().map(foldName),
  );
  const rows = rowsOf<[string, string, string, string]>(
    db,
    "SELECT type, name, tbl_name, sql FROM main.sqlite_schema " +
      "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' " +
      "ORDER BY rowid",
  );
  return rows
    .filter((row) => !shadows.has(foldName(row[2])))
    .map(([type, name, table, sql]) => ({ type, name, table, sql }));
}

/** All tables, in creation order. */
export function tablesOf(db: Database): Table[] {
  return schemaEntries(db)
    .filter(({ type }) => type === "table")
    .map((entry) => describeTable(db, entry));
}

type XInfo = [string, string, number, number, number];

/**
 * Describes a table.
 *
 * @param db The database.
 * @param entry Its entry in the schema.
 */
export function describeTable(
  db: Database,
  { name, sql }: SchemaObject,
): Table {
  const kind = kindOf(db, name, sql);
  const all = rowsOf<XInfo>(
    db,
    `SELECT name, type, "notnull", pk, hidden ` +
      "FROM pragma_table_xinfo(?, 'main')",
    name,
  );
  const columns = dataColumns(all, isStrictTable(db, name, sql));
  if (kind === "virtual" && isRTree(sql)) columns[0]!.key = 1;
  if (kind === "virtual" && isFullText(sql)) columns.unshift(indexEntry);
  const names = new Set(all.map((row) => foldName(row[0])));
  const rowid = kind === "without rowid"
    ? undefined
    : ["rowid", "_rowid_", "oid"].find((alias) => !names.has(alias));
  const generated = all.filter((row) => row[4] > 1).map((row) => row[0]);
  const indexedKey = rowsOf(
    db,
    "SELECT 1 FROM pragma_index_list(?, 'main') WHERE origin = 'pk'",
    name,
  ).length > 0;
  return { name, kind, columns, generated, indexedKey, rowid, sql };
}

function dataColumns(all: XInfo[], isStrict: boolean): Column[] {
  return all
    .filter((row) => row[4] === 0)
    .map(([name, type, notNull, key]) => ({
      name,
      type,
      affinity: affinityOf(type, isStrict),
      notNull: notNull !== 0,
      key,
    }));
}

/** Other tables refer to an entry of a full-text index by its rowid, so it is data. */
const indexEntry: Column = {
  name: "rowid",
  type: "INTEGER",
  affinity: "INTEGER",
  notNull: true,
  key: 1,
};

// pragma_table_list looks at every table, even if it is asked for one.
function kindOf(db: Database, name: string, sql: string): TableKind {
  if (moduleOf(sql) !== undefined) return "virtual";
  // Of a table by its name this tells the key, if the key is how it stores its rows
  // (https://sqlite.org/pragma.html#pragma_index_info).
  const key = "SELECT 1 FROM pragma_index_info(?, 'main')";
  return rowsOf(db, key, name).length > 0 ? "without rowid" : "rowid";
}

// See `kindOf()`: the pragma costs too much to ask it of every table.
function isStrictTable(db: Database, name: string, sql: string): boolean {
  if (!/strict/i.test(sql)) return false;
  const strict = "SELECT 1 FROM pragma_table_list(?) " +
    "WHERE schema = 'main' AND strict";
  return rowsOf(db, strict, name).length > 0;
}

/**
 * The one column that is another name of the rowid: it takes nothing but whole
 * numbers, and makes one up for NULL.
 */
export function rowidColumn(table: Table): Column | undefined {
  const keys = table.columns.filter((column) => column.key > 0);
  if (table.kind === "without rowid" || keys.length !== 1) return undefined;
  const [key] = keys;
  const integer = key!.type.toUpperCase() === "INTEGER";
  return integer && !table.indexedKey ? key : undefined;
}

/**
 * The name of a rowid that no column shows; `undefined` if there is none, or if columns
 * have taken all names for it.
 */
export function hiddenRowid(table: Table): string | undefined {
  const isHidden = table.kind === "rowid" && !rowidColumn(table);
  return isHidden ? table.rowid : undefined;
}

/** The name of the database's encoding, as in `UTF-8`. */
export function encodingOf(db: Database): string {
  return scalar(db, "PRAGMA encoding") as string;
}

/**
 * What a database holds beside rows: its schema, its counters, and what the
 * application notes in its header. As text, to be compared.
 */
export function besideRows(db: Database): Record<string, string> {
  const entries = schemaEntries(db);
  const counters = hasTable(db, "sqlite_sequence")
    ? rowsOf(db, "SELECT name, seq FROM main.sqlite_sequence ORDER BY name")
    : [];
  const facts: [string, string][] = [
    ...entries.map(({ type, name, table, sql }): [string, string] => [
      `${type} "${name}"`,
      `${table} ${sql}`,
    ]),
    ...counters.map(([name, n]): [string, string] => [
      `counter of "${name}"`,
      String(n),
    ]),
    ...["user_version", "application_id", "encoding"].map((
      pragma,
    ): [string, string] => [pragma, String(scalar(db, `PRAGMA ${pragma}`))]),
  ];
  return Object.fromEntries(facts.sort(([a], [b]) => a < b ? -1 : 1));
}
