/**
 * A page of the rows of a table.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { inUtf8, readCells } from "../database/cells.ts";
import { countRows } from "../database/connection.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { findTableName, noTable } from "../record/key.ts";
import { SecretCells } from "../record/secret.ts";
import { withFolder } from "../store/folder.ts";
import { quoted } from "../text.ts";
import {
  type Moment,
  openMoment,
  type Place,
  readableTables,
  withTables,
} from "./moment.ts";
import { type Cell, cellText } from "./values.ts";

/** Cells by row and column; `undefined`: it may be a secret. */
export interface Grid {
  columns: string[];
  rows: (Cell | undefined)[][];
}

/** A page of a table. */
export interface ShownPage extends Grid {
  moment: Pick<Moment, "name" | "date" | "notes" | "leftOut">;
  table: string;
  /** How many rows the table has. */
  total: number;
}

/** Which rows to show. */
export interface PageChoice {
  /** The number of the page, from 1. */
  page: number;
  /** How many rows a page has. */
  limit: number;
}

/**
 * Reads a page.
 *
 * @param words How a person names the moment; `undefined`: the newest backup.
 * @param typed How a person names the table.
 * @throws {BackupError} if there is no such moment or table.
 */
export async function pageOf(
  place: Place,
  words: string | undefined,
  typed: string,
  choice: PageChoice,
): Promise<ShownPage> {
  const pick = (names: string[]) => {
    const name = findTableName(names, typed);
    return (table: string) => foldName(table) === foldName(name ?? "");
  };
  return await atMoment(place, words, pick, (db, moment) => {
    const table = tableNamed(db, typed, moment);
    const { limit } = choice;
    const offset = (choice.page - 1) * limit;
    const rest = `${orderOf(table)} LIMIT ${limit} OFFSET ${offset}`;
    const grid = gridOf(db, table, rest);
    const total = countRows(db, table.name);
    return Promise.resolve({ moment, table: table.name, total, ...grid });
  });
}

/**
 * Does a step with the tables of a moment.
 *
 * @param pick Says which tables of a backup get their rows, given the names of all.
 */
export async function atMoment<T>(
  place: Place,
  words: string | undefined,
  pick: (names: string[]) => (table: string) => boolean,
  step: (db: Database, moment: Moment) => Promise<T>,
): Promise<T> {
  const moment = await openMoment(place, words);
  try {
    const names = moment.backup?.tables.map(({ name }) => name) ?? [];
    const open = () =>
      withTables(place, moment, pick(names), (db) => step(db, moment));
    // A scratch database is made in the folder.
    const { installation: { scratch }, session } = place;
    return moment.backup
      ? await withFolder(scratch, session, open)
      : await open();
  } finally {
    moment.close();
  }
}

/**
 * Finds a table as a person names it.
 *
 * @throws {BackupError} if there is none.
 */
export function tableNamed(
  db: Database,
  typed: string,
  { name }: Pick<Moment, "name">,
): Table {
  const tables = readableTables(db);
  const names = tables.map(({ name }) => name);
  const found = findTableName(names, typed);
  if (found !== undefined) return tables.find(({ name }) => name === found)!;
  const hint = "show without a table lists them";
  throw noTable(names, typed, `${quoted(name)} has no`, hint);
}

function orderOf({ kind, rowid }: Table): string {
  if (kind === "virtual") return "";
  return kind === "rowid" && rowid ? ` NOT INDEXED ORDER BY ${rowid}` : "";
}

/**
 * Reads rows with what may be a secret left out.
 *
 * @param rest What follows `FROM <table>`.
 * @param params What that binds.
 */
export function gridOf(
  db: Database,
  table: Table,
  rest: string,
  params: BindValue[] = [],
): Grid {
  const columns = table.columns.map(({ name }) => name);
  const secrets = new SecretCells(table.name, columns);
  const encoding = encodingOf(db);
  const from = `main.${identifier(table.name)}${rest}`;
  const rows: Grid["rows"] = [];
  for (const row of readCells(db, columns, from, ...params)) {
    const { kinds, values } = inUtf8(row, encoding);
    // The bytes of a row are gone when the next one is read.
    const cells = kinds.map((kind, i): Cell => {
      const value = values[i]!;
      return {
        kind,
        value: value instanceof Uint8Array ? value.slice() : value,
      };
    });
    const textOf = (i: number) => cellText(cells[i]!);
    rows.push(
      cells.map((cell, i) => secrets.has(i, textOf) ? undefined : cell),
    );
  }
  return { columns, rows };
}
