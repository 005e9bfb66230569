/**
 * What rows are called, for a preview: a contact's name, an e-mail's subject,
 * never long content.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../../database/connection.ts";
import type { Table } from "../../database/schema.ts";
import { foldName, identifier } from "../../database/sql.ts";
import { printable } from "../../text.ts";
import { CHANGES, STAGE, type Stage } from "./stage.ts";

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

/** How many examples are given. */
const few = 3;
/** How long one may be, in characters. */
const short = 60;

/**
 * A few rows of the backup that are `new` or `changed`, by name.
 *
 * @returns Nothing where the table has no column that names a row.
 */
export function exampleChanges(
  db: Database,
  stage: Stage,
  state: "new" | "changed",
): string[] {
  const place = titlePlace(stage.table);
  if (place < 0) return [];
  const from = `${CHANGES} JOIN ${STAGE} AS s ON s.rowid = n ` +
    `WHERE state = '${state}' AND`;
  return names(db, `s.c${place}`, from);
}

/** A few rows that gave way, by name. */
export function exampleVictims(
  db: Database,
  table: Table,
  victims: string,
): string[] {
  const place = titlePlace(table);
  return place < 0 ? [] : names(db, `v${place}`, `temp.${victims} WHERE`);
}

/** How many changed rows have been edited here since they were backed up. */
export function countNewerHere(
  db: Database,
  stage: Stage,
  main: string,
): number {
  const place = stage.table.columns
    .findIndex(({ name }) => foldName(name) === "updated_at");
  if (place < 0 || !stage.key) return 0;
  const column = identifier(stage.table.columns[place]!.name);
  return scalar(
    db,
    `SELECT count(*) FROM ${CHANGES} AS x JOIN ${STAGE} AS s ` +
      `ON s.rowid = x.n JOIN ${main} AS t ON ${stage.sameKey()} ` +
      `WHERE x.state = 'changed' AND t.${column} > s.c${place}`,
  ) as number;
}

function titlePlace(table: Table): number {
  const columns = table.columns.map(({ name }) => foldName(name));
  const title = titles.find((name) => columns.includes(name));
  return title ? columns.indexOf(title) : -1;
}

function names(db: Database, cell: string, from: string): string[] {
  return rowsOf<[string]>(
    db,
    `SELECT substr(${cell}, 1, ${short + 1}) FROM ${from} ` +
      `typeof(${cell}) = 'text' AND ${cell} <> '' LIMIT ${few}`,
  ).map(([name]) => printable(name, short));
}
