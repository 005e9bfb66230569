/**
 * Rows as records: found again in their table, and named as a person names them.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import type { Table } from "../database/schema.ts";
import { balanced, identifier } from "../database/sql.ts";
import { printable } from "../text.ts";
import { labelSql, shownLabel } from "./label.ts";
import { isSecretColumn } from "./secret.ts";

/** A row of a table. */
export interface RecordRow {
  table: Table;
  /** What finds it in its table, as {@linkcode isOneOf} takes it. */
  id: RecordId;
  /** Its key as a person types it, as in `12`; `undefined`: it has none to show. */
  key: string | undefined;
  /** What a person calls it, safe for a terminal, if anything. */
  label: string | undefined;
}

/** The rowid, or the values of the primary key, or without either all values. */
export type RecordId =
  readonly (number | bigint | Uint8Array | IdText | null)[];

/** Text of a key as the database's own bytes: as a string it would end at a NUL. */
export interface IdText {
  text: Uint8Array;
}

/** SQL with what it binds. */
export interface Condition {
  sql: string;
  params: BindValue[];
}

/** The columns of the primary key, in its order. */
export function primaryKey({ columns }: Table): string[] {
  return columns.filter(({ key }) => key > 0)
    .sort((a, b) => a.key - b.key)
    .map(({ name }) => name);
}

/** How a record is named on the command line, as in `contacts:12`. */
export function recordName(
  { table, key }: Pick<RecordRow, "table" | "key">,
): string {
  const name = printable(table.name);
  return key === undefined ? name : `${name}:${key}`;
}

/** How many rows to read, and how many to step over. */
export interface Page {
  limit: number;
  offset: number;
}

/**
 * Reads records in the order of their keys.
 *
 * @param where Which rows `c` of the table.
 * @param page All of them unless told.
 * @throws {Error} with SQLite's message.
 */
export function selectRecords(
  db: Database,
  table: Table,
  { sql: where, params }: Condition,
  { limit, offset }: Page = { limit: -1, offset: 0 },
): RecordRow[] {
  const ids = idCells(table);
  const cells = ids.map((cell) =>
    `iif(typeof(${cell}) = 'text', CAST(${cell} AS BLOB), ${cell})`
  );
  const types = ids.map((cell) => `substr(typeof(${cell}), 1, 1)`);
  const selected = [...nameSql(table), balanced(types, "||"), ...cells];
  const rows = rowsOf<SelectedRow>(
    db,
    `SELECT ${selected.join(", ")} FROM main.${identifier(table.name)} AS c ` +
      `WHERE ${where} ORDER BY ${
        ids.join(", ")
      } LIMIT ${limit} OFFSET ${offset}`,
    ...params,
  );
  return rows.map(([key, label, kinds, ...values]) => ({
    table,
    id: values.map((value, i) =>
      kinds[i] === "t" ? { text: value as Uint8Array } : value
    ),
    ...shownName(key, label),
  }));
}

/** What `selectRecords()` reads: the names, the first letters of types, the id. */
type SelectedRow = [
  key: string | null,
  label: string | null,
  kinds: string,
  ...id: (number | bigint | Uint8Array | null)[],
];

/** What a row is named by, as it is shown. */
export function shownName(
  key: string | null,
  label: string | null,
): Pick<RecordRow, "key" | "label"> {
  return {
    key: key === null ? undefined : printable(key),
    label: label === null ? undefined : shownLabel(label) || undefined,
  };
}

/** SQL for whether a row `c` is one of those records of its table. */
export function isOneOf(records: readonly RecordRow[]): Condition {
  const [first] = records;
  if (!first) return { sql: "0", params: [] };
  const cells = idCells(first.table);
  const params = records.flatMap(({ id }) => id.map(boundValue));
  if (first.table.rowid) {
    const list = records.map(() => "?").join(", ");
    return { sql: `${cells[0]} IN (${list})`, params };
  }
  const terms = records.map(({ id }) =>
    balanced(cells.map((cell, i) => `${cell} IS ${boundSql(id[i]!)}`), "AND")
  );
  return { sql: balanced(terms, "OR"), params };
}

function boundSql(value: RecordId[number]): string {
  return isText(value) ? "CAST(? AS TEXT)" : "?";
}

function boundValue(value: RecordId[number]): BindValue {
  return isText(value) ? value.text : value;
}

function isText(value: RecordId[number]): value is IdText {
  return typeof value === "object" && value !== null && "text" in value;
}

/** A string that no other record of the table has. */
export function idText({ id }: Pick<RecordRow, "id">): string {
  return id.map((part) =>
    isText(part)
      ? `t${part.text.toHex()}`
      : part instanceof Uint8Array
      ? `b${part.toHex()}`
      : `${part}`
  ).join();
}

function idCells(table: Table): string[] {
  return idColumns(table).map((name) => `c.${identifier(name)}`);
}

/** The columns whose values find a row in its table. */
export function idColumns(table: Table): string[] {
  if (table.rowid) return [table.rowid];
  const key = primaryKey(table);
  // Columns may have taken all names of the rowid: then only all values tell a row.
  return key.length > 0 ? key : table.columns.map(({ name }) => name);
}

/**
 * SQL for what a row is named by: its key as a person types it, and its label.
 *
 * @param cellOf Gives the SQL of a cell by the index of its column; by default of rows
 * `c` of the table.
 */
export function nameSql(
  table: Table,
  cellOf = (i: number) => `c.${identifier(table.columns[i]!.name)}`,
): [key: string, label: string] {
  return [keySql(table, cellOf), labelSql(table, cellOf)];
}

// A BLOB has no form that a person could type.
function keySql(table: Table, cellOf: (i: number) => string): string {
  const names = primaryKey(table);
  const isSecret = names.some((name) => isSecretColumn(table.name, name));
  if (names.length === 0 || isSecret) return "NULL";
  const parts = names
    .map((name) => table.columns.findIndex((column) => column.name === name))
    .map(cellOf)
    .map((cell) =>
      `iif(typeof(${cell}) = 'blob', NULL, CAST(${cell} AS TEXT))`
    );
  return balanced(parts, "|| ',' ||");
}
