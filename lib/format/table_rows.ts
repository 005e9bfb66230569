/**
 * A table's rows as the lines of a backup.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { readCells } from "../database/cell_reader.ts";
import { type Engine, engineOf } from "../database/engine.ts";
import { hasChunks, readChunks } from "./json_chunks.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import { identifier } from "../database/sql.ts";
import { rowJson } from "./row_writer.ts";

/** Some rows that follow each other, as pieces of JSON with a line each. */
export interface RowPieces {
  rows: number;
  pieces: Iterable<Uint8Array>;
}

/** Reads tables, each the fastest way that is exact for it. */
export class TableRows {
  readonly encoding: string;
  #engine: Engine;

  /**
   * @param db The database.
   * @param isUtf8 Tells whether bytes are valid UTF-8; without it whoever uses the
   * pieces has to look.
   */
  constructor(
    readonly db: Database,
    readonly isUtf8: (bytes: Uint8Array) => boolean = () => true,
  ) {
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
    if (!hasChunks(table) || !utf8) {
      // An index with all the columns would give them in another order.
      const order = table.kind === "virtual" ? "" : " NOT INDEXED";
      yield* this.#careful(table, `main.${identifier(table.name)}${order}`);
      return;
    }
    for (const chunk of readChunks(this.db, table, this.#engine)) {
      const { json, rows } = chunk;
      if (json && this.isUtf8(json)) {
        yield { rows, pieces: [json] };
        continue;
      }
      const from = `main.${identifier(table.name)} WHERE ${table.rowid} ` +
        `BETWEEN ? AND ? ORDER BY ${table.rowid}`;
      yield* this.#careful(table, from, chunk.first, chunk.last);
    }
  }

  *#careful(
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
