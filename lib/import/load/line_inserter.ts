/**
 * Rows by the hundred: SQLite itself takes a backup's lines apart, which is several
 * times as fast as binding cell by cell.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { release } from "../../database/bind.ts";
import { engineOf } from "../../database/engine.ts";
import { BackupError } from "../../errors.ts";
import type { ColumnMapper, Mapping } from "./columns.ts";
import { isRefusal } from "../faults.ts";

/** Takes in rows by the hundred. */
export interface LineTarget {
  /**
   * The SQL that takes rows in.
   *
   * @param cells SQL for each column's value; what the rows lack is `NULL`.
   * @param mask A `1` for each column that the rows have.
   * @param from What the cells come from, in the order of the rows.
   */
  linesSql(cells: string[], mask: string, from: string): string;
}

// Such a name needs no quotes in a path into the JSON, which SQLite follows faster
// than a bare name.
const simpleName = /^[A-Za-z_]\w*$/;

/**
 * Whether the engine can do it and does so exactly.
 *
 * @param encoding The database's encoding: bytes of UTF-8 go into no other.
 */
export function takesLines(db: Database, encoding: string): boolean {
  const { exactReals, jsonbEach } = engineOf(db);
  return exactReals && jsonbEach && encoding === "UTF-8";
}

/** Takes the rows of one table in. */
export class LineInserter {
  #statement: Statement;

  private constructor(db: Database, sql: string) {
    this.#statement = db.prepare(sql);
  }

  /**
   * @param columns The columns of all of the rows.
   * @returns `undefined` where the rows need to be looked at one by one.
   */
  static into(
    db: Database,
    target: LineTarget,
    columns: string[],
    mapper: ColumnMapper,
  ): LineInserter | undefined {
    if (!columns.every((name) => simpleName.test(name))) return undefined;
    const mapping = mappingOf(mapper, columns);
    if (!mapping || mapping.strangers.length > 0) return undefined;
    const { places, mask } = mapping;
    const cells = places.map((place) =>
      place < 0 ? "NULL" : `value ->> '$.${columns[place]}'`
    );
    const from = "jsonb_each(CAST(? AS TEXT))";
    return new LineInserter(db, target.linesSql(cells, mask, from));
  }

  /**
   * Takes rows in, all of them or none.
   *
   * @param block A JSON array of rows.
   * @returns How many there were; `undefined` where the table refuses one.
   */
  insert(block: Uint8Array): number | undefined {
    try {
      return this.#statement.run(block);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** Frees the statement. */
  finalize(): void {
    release(this.#statement);
  }
}

function mappingOf(
  mapper: ColumnMapper,
  columns: string[],
): Mapping | undefined {
  try {
    return mapper.mapping(columns);
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}
