/**
 * Records as people name them: `contacts:12`, `contacts:Sarah Chen`.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { keysOf } from "../database/keys.ts";
import type { Table } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import { wordFor } from "../soy/tables.ts";
import { counted, nearest, printable, quoted } from "../text.ts";
import {
  type Condition,
  nameSql,
  primaryKey,
  recordName,
  type RecordRow,
  selectRecords,
} from "./row.ts";

/** What was typed for a record or a table. */
export interface TypedName {
  table: string;
  /** The key or the label; `undefined`: the whole table is meant. */
  key: string | undefined;
}

/** How many records are named if there are several. */
const named = 5;
/** One more than are named. */
const some = { limit: named + 1, offset: 0 };
/** How many labels are compared at a time. */
const pageSize = 1000;

/** Takes `TABLE:KEY` or `TABLE` apart. */
export function parseName(text: string): TypedName {
  const colon = text.indexOf(":");
  if (colon < 0) return { table: text.trim(), key: undefined };
  const key = text.slice(colon + 1).trim();
  return { table: text.slice(0, colon).trim(), key: key || undefined };
}

/**
 * Finds a table by its name or by what its rows are called, as in `contact`.
 *
 * @param names The names of the tables.
 * @returns The name as the table has it, if there is one.
 */
export function findTableName(
  names: readonly string[],
  typed: string,
): string | undefined {
  const folded = foldName(typed);
  return names.find((name) => foldName(name) === folded) ??
    names.find((name) => wordFor(foldName(name))?.toLowerCase() === folded);
}

/**
 * Says that there is no such table, and which may be meant.
 *
 * @param lacking What lacks it, as in `"backup-2026-02-19.json" has no`.
 * @param hint What to do if no name is similar.
 */
export function noTable(
  names: readonly string[],
  typed: string,
  lacking: string,
  hint: string,
): BackupError {
  const near = nearest(typed, names).map((name) => printable(name));
  const ask = near.length > 0 ? `did you mean ${near.join(" or ")}?` : hint;
  return new BackupError(`${lacking} table ${quoted(typed)}; ${ask}`);
}

/**
 * Finds records by what was typed: the primary key, or else a unique value, or else
 * the label. Letters match in either case.
 *
 * @returns Every record that is meant; several only if they share a label.
 */
export function findRecords(
  db: Database,
  table: Table,
  typed: string,
): RecordRow[] {
  for (const columns of typedKeys(db, table)) {
    const found = findByKey(db, table, columns, typed);
    if (found.length > 0) return found;
  }
  return findByLabel(db, table, typed);
}

/**
 * Finds the one record that is meant.
 *
 * @param where What the record is sought in, as in `"backup-2026-02-19.json"`.
 * @throws {BackupError} if there is none, or more than one.
 */
export function findRecord(
  db: Database,
  table: Table,
  typed: string,
  where: string,
): RecordRow {
  const found = findRecords(db, table, typed);
  const [first] = found;
  if (!first) throw noRecord(db, table, typed, where);
  if (found.length > 1) throw severalRecords(found, typed);
  return first;
}

// One value can be typed for each column of a key, with commas between.
function typedKeys(db: Database, table: Table): string[][] {
  const unique = keysOf(db, table).map(({ columns }) => columns)
    .filter((columns) => columns.length === 1);
  const primary = primaryKey(table);
  return primary.length > 0 ? [primary, ...unique] : unique;
}

function findByKey(
  db: Database,
  table: Table,
  columns: string[],
  typed: string,
): RecordRow[] {
  const values = columns.length === 1 ? [typed] : typed.split(",");
  if (values.length !== columns.length) return [];
  const find = (collation: string) =>
    selectRecords(db, table, isKey(columns, values, collation), some);
  const exact = find("");
  return exact.length > 0 ? exact : find(" COLLATE NOCASE");
}

// A column of numbers compares a text with digits as a number.
function isKey(
  columns: string[],
  values: string[],
  collation: string,
): Condition {
  const terms = columns.map((name) => `c.${identifier(name)} = ?${collation}`);
  const params: BindValue[] = values.map((value) => value.trim());
  return { sql: terms.join(" AND "), params };
}

function findByLabel(
  db: Database,
  table: Table,
  typed: string,
): RecordRow[] {
  const found: RecordRow[] = [];
  for (const page of labelledRecords(db, table)) {
    found.push(...page.filter(({ label }) => sameText(label!, typed)));
  }
  return found;
}

/** The records of a table that have a label, in pages: there may be millions. */
function* labelledRecords(
  db: Database,
  table: Table,
): Generator<RecordRow[]> {
  const [, label] = nameSql(table);
  const labelled = { sql: `${label} IS NOT NULL`, params: [] };
  for (let offset = 0;; offset += pageSize) {
    const limits = { limit: pageSize, offset };
    const page = selectRecords(db, table, labelled, limits);
    yield page.filter(({ label }) => label !== undefined);
    if (page.length < pageSize) return;
  }
}

function sameText(a: string, b: string): boolean {
  return plainText(a) === plainText(b);
}

/** A text in the form in which typed ones match: SQLite knows the cases of ASCII only. */
export function plainText(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function noRecord(
  db: Database,
  table: Table,
  typed: string,
  where: string,
): BackupError {
  const near = similarLabels(db, table, typed)
    .map((label) => quoted(`${table.name}:${label}`));
  const ask = near.length > 0
    ? `did you mean ${near.join(" or ")}?`
    : `show lists its rows`;
  return new BackupError(
    `${where} has no ${quoted(`${table.name}:${typed}`)}; ${ask}`,
  );
}

function similarLabels(db: Database, table: Table, typed: string): string[] {
  const sought = plainText(typed);
  const containing: string[] = [];
  let close: string[] = [];
  for (const page of labelledRecords(db, table)) {
    const labels = page.map(({ label }) => label!);
    containing.push(
      ...labels.filter((label) => plainText(label).includes(sought)),
    );
    if (containing.length > named) break;
    close = nearest(typed, [...close, ...labels]);
  }
  return [...new Set([...containing, ...close])].slice(0, named);
}

function severalRecords(found: RecordRow[], typed: string): BackupError {
  const names = found.slice(0, named).map(recordName);
  const more = found.length - names.length;
  return new BackupError(
    `${counted(found.length, "record")} are called ${quoted(typed)}: ${
      names.join(", ")
    }${more > 0 ? ` and ${more} more` : ""}; name one by its key`,
  );
}
