/**
 * Batches of rows that SQLite itself takes apart.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { StatementCache } from "../../database/bind.ts";
import { engineOf } from "../../database/engine.ts";
import { BackupError } from "../../errors.ts";
import { isRefusal } from "../row_faults.ts";
import type { ColumnMapper, Mapping } from "./columns.ts";
import type { RowTarget, RowWatch } from "./target.ts";

/**
 * Whether SQLite takes JSON apart exactly; bytes of UTF-8 fit no other encoding.
 *
 * @param encoding The database's, as in `UTF-8`.
 */
export function takesBatches(db: Database, encoding: string): boolean {
  const { exactReals, jsonbEach } = engineOf(db);
  return exactReals && jsonbEach && encoding === "UTF-8";
}

// Such a name needs no quotes in a JSON path, and SQLite follows such a path faster
// than a bare name.
const simpleName = /^[A-Za-z_]\w*$/;

/** The SQL for batches with certain columns. */
interface BatchSql {
  /** Takes the number of the first row and the rows. */
  insert: string;
  /** Takes the rows, and gives one if some must be looked at. */
  question: string | undefined;
}

/** Inserts batches into a target. */
export class BatchInserter {
  #statements: StatementCache;
  #sql = new WeakMap<readonly string[], BatchSql | "none">();

  constructor(
    db: Database,
    readonly target: RowTarget,
    readonly mapper: ColumnMapper,
    readonly watch: RowWatch | undefined,
  ) {
    this.#statements = new StatementCache(db);
  }

  /**
   * Inserts rows, all or none.
   *
   * @param first The number of the first one in the backup.
   * @param columns The columns of each.
   * @param json Their JSON, without the brackets of the array.
   * @returns How many; `undefined` if one is refused or must be looked at.
   */
  insert(
    first: number,
    columns: readonly string[],
    json: Uint8Array,
  ): number | undefined {
    let sql = this.#sql.get(columns);
    if (!sql) {
      sql = this.#sqlFor(columns) ?? "none";
      this.#sql.set(columns, sql);
    }
    if (sql === "none") return undefined;
    try {
      const { insert, question } = sql;
      if (question && this.#statements.get(question).value(json)) {
        return undefined;
      }
      return this.#statements.get(insert).run(first, json);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** Frees the statements. */
  finalize(): void {
    this.#statements.finalize();
  }

  #sqlFor(columns: readonly string[]): BatchSql | undefined {
    if (!columns.every((name) => simpleName.test(name))) return undefined;
    const mapping = mappingOf(this.mapper, columns);
    if (!mapping || mapping.unknown.length > 0) return undefined;
    const cells = mapping.indexes.map((i) =>
      i < 0 ? "NULL" : `value ->> '$.${columns[i]}'`
    );
    const term = this.watch ? this.watch.questionSql(columns, cells) : "0";
    if (term === undefined) return undefined;
    const rows = "jsonb_each('[' || ? || ']')";
    const numbered = `(SELECT ? + key AS n, value FROM ${rows})`;
    return {
      insert: this.target.batchSql(cells, mapping.mask, numbered),
      question: term === "0"
        ? undefined
        : `SELECT 1 FROM ${rows} WHERE ${term} LIMIT 1`,
    };
  }
}

// Retried row by row, the rows show what is wrong with their columns.
function mappingOf(
  mapper: ColumnMapper,
  columns: readonly string[],
): Mapping | undefined {
  try {
    return mapper.mapping(columns);
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}
