/**
 * What rows are called, for a preview: a contact's name, an e-mail's subject,
 * never long content.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../../database/connection.ts";
import type { Table } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import { cut, LABEL_LENGTH, titleIndex } from "../../record/label.ts";
import { printable } from "../../text.ts";
import type { DisplacedRows } from "./displaced.ts";
import type { Stage, State } from "./stage.ts";
import { CHANGES, STAGE } from "./temporary.ts";

/** How many examples there are of each kind. */
export const FEW = 3;

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
    `SELECT ${cut(cell)} FROM ${from} ` +
      `typeof(${cell}) = 'text' AND ${cell} <> '' LIMIT ${FEW}`,
  ).map(([name]) => printable(name, LABEL_LENGTH));
}
