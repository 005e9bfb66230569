/**
 * A table's rows as the lines of a backup.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { isUtf8 } from "../bytes.ts";
import { readCells } from "../database/cells.ts";
import { type Engine, engineOf } from "../database/engine.ts";
import { AdaptivePace, readRanges } from "../database/rowid_ranges.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import { identifier } from "../database/sql.ts";
import { rangeSql, rowJson } from "./row_json.ts";
import { ROW_SEPARATOR } from "./version1.ts";

/** Some rows that follow each other, as pieces of JSON with a line each. */
export interface RowPieces {
  rows: number;
  pieces: Iterable<Uint8Array>;
}

/** The most columns: functions of older engines take 127 arguments. */
const mostColumns = 63;

/** Whether SQLite can make the JSON of a table's rows, a range of rowids at a time. */
function hasRanges({ kind, rowid, columns }: Table): boolean {
  return kind === "rowid" && rowid !== undefined &&
    columns.length <= mostColumns;
}

/** Reads tables, each the fastest way that is exact for it. */
export class TableRows {
  readonly encoding: string;
  #engine: Engine;

  /** @param db The database. */
  constructor(readonly db: Database) {
    this.encoding = encodingOf(db);
    this.#engine = engineOf(db);
  }

  /**
   * The rows of a table in the order in which it stores them. Pieces must be
   * used up before the next are asked for.
   *
   * @throws {Error} with SQLite's message.
   */
  *read(table: Table): Generator<RowPieces> {
    const utf8 = this.encoding === "UTF-8";
    // Text of a database in UTF-16 is mended in silence on its way to UTF-8.
    if (!hasRanges(table) || !utf8) {
      // An index with all the columns would give them in another order.
      const order = table.kind === "virtual" ? "" : " NOT INDEXED";
      yield* this.#byCells(table, `main.${identifier(table.name)}${order}`);
      return;
    }
    const sql = rangeSql(table, this.#engine);
    const ranges = readRanges(this.db, table, sql, new AdaptivePace());
    for (const { first, last, bytes, rows } of ranges) {
      if (bytes && isUtf8(bytes)) {
        yield { rows, pieces: [bytes] };
        continue;
      }
      const from = `main.${identifier(table.name)} WHERE ${table.rowid} ` +
        `BETWEEN ? AND ? ORDER BY ${table.rowid}`;
      yield* this.#byCells(table, from, first, last);
    }
  }

  *#byCells(
    table: Table,
    from: string,
    ...params: BindValue[]
  ): Generator<RowPieces> {
    const columns = table.columns.map((column) => column.name);
    const keys = columns.map((column) => JSON.stringify(column));
    for (const row of readCells(this.db, columns, from, ...params)) {
      yield { rows: 1, pieces: rowJson(keys, row, this.encoding) };
    }
  }
}

/**
 * The rows of a table as a backup has them, a JSON array without its brackets. Pieces
 * must be used up before the next are asked for.
 *
 * @throws {Error} with SQLite's message.
 */
export function* tableJson(db: Database, table: Table): Generator<Uint8Array> {
  let isFirst = true;
  for (const { pieces } of new TableRows(db).read(table)) {
    if (!isFirst) yield ROW_SEPARATOR;
    isFirst = false;
    yield* pieces;
  }
}
