/**
 * What rows are called, for a preview: a contact's name, an e-mail's subject,
 * never long content.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../../database/connection.ts";
import type { Table } from "../../database/schema.ts";
import { foldName, identifier } from "../../database/sql.ts";
import { SETTING_TABLES } from "../../soy/meta.ts";
import { printable } from "../../text.ts";
import {
  CHANGES,
  type DisplacedRows,
  STAGE,
  type Stage,
  type State,
} from "./stage.ts";

/** Columns by which a person knows a row, the best first. */
const titles = [
  "name",
  "title",
  "subject",
  "label",
  "description",
  "reason",
  "action",
  "filename",
  "key",
  "email",
  "phase",
  "entry_date",
];

/** How many examples there are of each kind. */
const few = 3;
/** How long one may be, in characters. */
const short = 60;

/**
 * Names a few rows of the backup that are `new` or `changed`.
 *
 * @returns Nothing if the table has no column that names a row.
 */
export function exampleChanges({ db, table }: Stage, state: State): string[] {
  const i = titleIndex(table);
  if (i < 0) return [];
  const from = `${CHANGES} JOIN ${STAGE} AS s ON s.rowid = n ` +
    `WHERE state = '${state}' AND`;
  return names(db, `s.c${i}`, from);
}

/** Names a few rows that were displaced. */
export function exampleDisplaced({ db, table, rows }: DisplacedRows): string[] {
  const i = titleIndex(table);
  return i < 0 ? [] : names(db, `v${i}`, `${rows} WHERE`);
}

/** The index of the column by which a person knows a row; negative: none. */
export function titleIndex(table: Table): number {
  const columns = table.columns.map(({ name }) => foldName(name));
  const title = titles.find((name) =>
    columns.includes(name) && !isSecret(table, name)
  );
  return title ? columns.indexOf(title) : -1;
}

// In a table that is not known, a column of that name may hold a password.
function isSecret({ name }: Table, column: string): boolean {
  return column === "key" && !SETTING_TABLES.includes(foldName(name));
}

/** Names a few rows of a table that was empty before. */
export function exampleStored(db: Database, table: Table): string[] {
  const i = titleIndex(table);
  if (i < 0) return [];
  const column = identifier(table.columns[i]!.name);
  return names(db, column, `main.${identifier(table.name)} WHERE`);
}

function names(db: Database, cell: string, from: string): string[] {
  return rowsOf<[string]>(
    db,
    `SELECT substr(${cell}, 1, ${short + 1}) FROM ${from} ` +
      `typeof(${cell}) = 'text' AND ${cell} <> '' LIMIT ${few}`,
  ).map(([name]) => printable(name, short));
}
