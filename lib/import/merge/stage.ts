/**
 * The stage of a table.
 *
 * A backup's rows for a table that has rows already are staged beside it, so that
 * SQLite itself can say what is new, what differs and what is the same.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { prepareAll, release, RowBinder } from "../../database/bind.ts";
import { rowsOf, scalar } from "../../database/connection.ts";
import { type Key, keysOf } from "../../database/keys.ts";
import type { Table } from "../../database/schema.ts";
import { balanced, identifier, literal } from "../../database/sql.ts";
import type { MappedRow } from "../load/columns.ts";
import type { HiddenRowids } from "../load/rowids.ts";
import type { RowTarget } from "../load/target.ts";
import {
  CHANGES,
  CLAIMED,
  KEPT,
  MATCHED,
  REFUSED,
  STAGE,
} from "./temporary.ts";

/** Whether a staged row is missing in the table, or there with other values. */
export type State = "new" | "changed";

/** How many changes are read at a time. */
const pageSize = 1000;

/** The staged rows of one table. */
export class Stage implements RowTarget {
  /** The key by which rows are matched; without one, by all of their values. */
  readonly key: Key | undefined;
  #binder: RowBinder;

  /**
   * Creates the temporary tables.
   *
   * @param db The database; it can have one stage at a time.
   * @param table The table that the rows will be merged into.
   * @param encoding The database's encoding, as in `UTF-8`.
   * @param rowids Rowids that new rows get if they are free.
   */
  constructor(
    readonly db: Database,
    readonly table: Table,
    encoding: string,
    readonly rowids?: HiddenRowids,
  ) {
    this.key = keysOf(db, table)[0];
    const columns = table.columns
      .map(({ name }, i) => `${identifier(name)} AS c${i}`);
    db.exec(
      `CREATE TABLE ${STAGE} AS SELECT ${columns.join(", ")}, '' AS mask ` +
        `FROM main.${identifier(table.name)} WHERE 0;` +
        `CREATE TABLE ${CLAIMED} (r INTEGER PRIMARY KEY);` +
        `CREATE TABLE ${MATCHED} (n INTEGER PRIMARY KEY);` +
        `CREATE TABLE ${REFUSED} AS SELECT * FROM ${STAGE};` +
        `CREATE TABLE ${CHANGES} (n INTEGER PRIMARY KEY, state TEXT)`,
    );
    const names = table.columns.map((_, i) => `c${i}`).join(", ");
    this.#binder = new RowBinder(
      db,
      encoding,
      (cells) =>
        `INSERT INTO ${STAGE} (rowid, mask, ${names}) ` +
        `VALUES (?, ?, ${cells.join(", ")})`,
    );
  }

  add(n: number, { kinds, values, mask }: MappedRow): void {
    this.#binder.run(kinds, values, n, mask);
  }

  batchSql(cells: string[], mask: string, from: string): string {
    const names = cells.map((_, i) => `c${i}`).join(", ");
    return `INSERT INTO ${STAGE} (rowid, mask, ${names}) ` +
      `SELECT n, ${literal(mask)}, ${cells.join(", ")} FROM ${from}`;
  }

  /**
   * The masks that occur, those with the most columns first.
   *
   * @param which SQL for which staged rows are looked at; unless told, all.
   */
  masks(which = "1"): string[] {
    const masks = `SELECT DISTINCT mask FROM ${STAGE} WHERE ${which}`;
    const columns = (mask: string) => mask.replaceAll("0", "").length;
    return rowsOf<[string]>(this.db, masks).flat()
      .sort((a, b) => columns(b) - columns(a));
  }

  /**
   * The rows of the backup that have the key of an earlier one, each with the number
   * of that one.
   */
  duplicates(): [number, number][] {
    if (!this.key) return [];
    const keyed = `FROM ${STAGE} WHERE ${this.keyed("")}`;
    const key = this.#collatedKey();
    const some =
      `SELECT 1 ${keyed} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`;
    if (scalar(this.db, some) === null) return [];
    return rowsOf<[number, number]>(
      this.db,
      "SELECT n, first FROM (SELECT rowid AS n, " +
        `min(rowid) OVER (PARTITION BY ${key}) AS first ${keyed}) ` +
        "WHERE n > first ORDER BY n",
    );
  }

  /** The columns of the staged table that hold the key. */
  keyCells(key: Key | undefined = this.key): string[] {
    const names = this.table.columns.map((column) => column.name);
    return (key?.columns ?? []).map((name) => `c${names.indexOf(name)}`);
  }

  /** SQL for whether a staged row has a key; NULL is no key. */
  keyed(alias: string): string {
    const terms = this.keyCells().map((cell) => `${alias}${cell} IS NOT NULL`);
    return terms.length > 0 ? balanced(terms, "AND") : "0";
  }

  /** SQL for whether a row `t` of the table has a key. */
  keyedLocal(): string {
    const terms = (this.key?.columns ?? [])
      .map((name) => `t.${identifier(name)} IS NOT NULL`);
    return terms.length > 0 ? balanced(terms, "AND") : "0";
  }

  /** SQL for whether a staged row `s` and a row `t` of the table share a key. */
  sameKey(key: Key | undefined = this.key): string {
    const cells = this.keyCells(key);
    const terms = (key?.columns ?? []).map((name, i) =>
      `t.${identifier(name)} = s.${cells[i]} ` +
      `COLLATE ${identifier(key!.collations[i]!)}`
    );
    return terms.length > 0 ? balanced(terms, "AND") : "0";
  }

  /** Makes a search by key fast. */
  indexKey(): void {
    if (!this.key) return;
    const key = this.#collatedKey();
    this.db.exec(
      `CREATE INDEX IF NOT EXISTS temp.soy_stage_key ON soy_stage (${key})`,
    );
  }

  /** Makes a search by the set of columns fast. */
  indexMask(): void {
    this.db.exec(
      "CREATE INDEX IF NOT EXISTS temp.soy_stage_mask ON soy_stage (mask)",
    );
  }

  /**
   * The changes of a state, as the number and the mask of each row, in pages: there
   * may be millions.
   */
  *changes(state: State): Generator<[n: number, mask: string][]> {
    for (let last: number | undefined = 0; last !== undefined;) {
      const page: [number, string][] = rowsOf<[number, string]>(
        this.db,
        `SELECT n, mask FROM ${CHANGES} CROSS JOIN ${STAGE} AS s ` +
          `ON s.rowid = n WHERE n > ${last} AND state = '${state}' ` +
          `ORDER BY n LIMIT ${pageSize}`,
      );
      if (page.length > 0) yield page;
      last = page.length < pageSize ? undefined : page.at(-1)?.[0];
    }
  }

  /** Creates the table for what changed rows were before. */
  createKept(): void {
    const cells = this.table.columns.map((_, i) => `k${i}`).join(", ");
    this.db.exec(
      `CREATE TABLE ${KEPT} (n INTEGER PRIMARY KEY, r, ${cells})`,
    );
  }

  /** Drops that table. */
  dropKept(): void {
    this.db.exec(`DROP TABLE ${KEPT}`);
  }

  /**
   * Takes rows off the stage that the table refuses; a local row with the key of one
   * stays.
   *
   * @returns What the state of each was, if it had one.
   */
  refuse(rows: number[]): (State | undefined)[] {
    const texts = [
      `SELECT state FROM ${CHANGES} WHERE n = ?`,
      `INSERT INTO ${REFUSED} SELECT * FROM ${STAGE} WHERE rowid = ?`,
      `DELETE FROM ${STAGE} WHERE rowid = ?`,
      `DELETE FROM ${CHANGES} WHERE n = ?`,
    ];
    const [state, ...steps] = prepareAll(this.db, texts);
    try {
      return rows.map((n) => {
        const was = state!.value<[State]>(n)?.[0];
        for (const step of steps) step.run(n);
        return was;
      });
    } finally {
      for (const statement of [state!, ...steps]) release(statement);
    }
  }

  /** Drops the temporary tables, unless a rollback has done so. */
  drop(): void {
    this.#binder.finalize();
    for (const name of [STAGE, CHANGES, CLAIMED, MATCHED, REFUSED, KEPT]) {
      this.db.exec(`DROP TABLE IF EXISTS ${name}`);
    }
  }

  #collatedKey(): string {
    return this.keyCells().map((cell, i) =>
      `${cell} COLLATE ${identifier(this.key!.collations[i]!)}`
    ).join(", ");
  }
}
