/**
 * What a person calls a row: a contact's name, an e-mail's subject, the beginning of a
 * note.
 *
 * @module
 */
import type { Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { printable } from "../text.ts";
import { isSecretColumn } from "./secret.ts";

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

/** Columns by which two records can be told apart if the table has no title. */
const contents = ["content", "body", "text", "message", "summary"];

/** Columns that are better than nothing. */
const hints = [
  "display_name",
  "speaker_label",
  "relationship_type",
  "check_type",
  "score_date",
  "started_at",
  "relationship_context",
];

/** How long a label may be, in characters. */
export const LABEL_LENGTH = 60;

/** The index of the column by which a person knows a row; negative: none. */
export function titleIndex(table: Table): number {
  return indexesOf(table, titles)[0] ?? -1;
}

/** The index of the column that tells records apart; negative: none. */
export function labelIndex(table: Table): number {
  return indexesOf(table, [...titles, ...contents])[0] ?? -1;
}

function indexesOf({ name, columns }: Table, wanted: string[]): number[] {
  const names = columns.map((column) => foldName(column.name));
  return wanted.filter((column) => !isSecretColumn(name, column))
    .map((column) => names.indexOf(column))
    .filter((i) => i >= 0);
}

/** SQL for as much of a text as a label needs: white space may be left out of it. */
export function cut(cell: string): string {
  return `substr(${cell}, 1, ${2 * LABEL_LENGTH})`;
}

/**
 * SQL for the label of a row: the first of its columns that says something.
 *
 * @param cellOf Gives the SQL of a cell by the index of its column.
 */
export function labelSql(
  table: Table,
  cellOf: (i: number) => string,
): string {
  const terms = indexesOf(table, [...titles, ...contents, ...hints])
    .map(cellOf)
    .map((cell) =>
      `iif(typeof(${cell}) = 'text' AND ${cell} <> '' COLLATE BINARY, ` +
      `${cut(cell)}, NULL)`
    );
  // coalesce() takes two arguments or more.
  return `coalesce(NULL, NULL${terms.map((term) => `, ${term}`).join("")})`;
}

/**
 * The label of a row as it is shown, as {@linkcode labelSql} has it.
 *
 * @param textOf Gives the text of a cell by its column; `undefined`: it is none.
 */
export function labelOf(
  table: Table,
  textOf: (column: string) => string | undefined,
): string | undefined {
  const text = indexesOf(table, [...titles, ...contents, ...hints])
    .map((i) => textOf(table.columns[i]!.name))
    .find((text) => text !== undefined && text !== "");
  return text && (shownLabel(text.slice(0, 2 * LABEL_LENGTH)) || undefined);
}

/** A label as it is shown: on one line, safe for a terminal, not too long. */
export function shownLabel(text: string): string {
  return printable(text.replace(/\s+/g, " ").trim(), LABEL_LENGTH);
}
