/**
 * The rows of a backup's table in a temporary table, beside the real one, so that
 * SQLite itself can say what is new, what differs and what is the same.
 *
 * The temporary table has the real one's columns as `c0`, `c1`, …, with their
 * affinities: a value meets the stored one as it would be stored. Its rowid is the
 * row's number in the backup, and `mask` says which columns the row has.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { RowBinder } from "../../database/bind.ts";
import { rowsOf, scalar } from "../../database/connection.ts";
import { type Key, keysOf, type Table } from "../../database/schema.ts";
import { balanced, identifier, literal } from "../../database/sql.ts";
import type { MappedRow } from "../load/columns.ts";
import type { LineTarget } from "../load/line_inserter.ts";

/** The rows that came in, by number. */
export const STAGE = "temp.soy_stage";
/** The numbers of rows that are not here as they should be. */
export const CHANGES = "temp.soy_changes";

/** The rowids of rows here, without a key, that serve a row of the backup. */
export const CLAIMED = "temp.soy_claimed";
/** Staged rows that the table refused. */
export const REFUSED = "temp.soy_refused";

/** The staged rows of one table. */
export class Stage implements LineTarget {
  /** The key by which a row is known again; none: by all of its values. */
  readonly key: Key | undefined;
  #binder: RowBinder;

  constructor(readonly db: Database, readonly table: Table, encoding: string) {
    this.key = keysOf(db, table)[0];
    const columns = table.columns
      .map(({ name }, i) => `${identifier(name)} AS c${i}`);
    db.exec(
      `CREATE TEMP TABLE soy_stage AS SELECT ${
        columns.join(", ")
      }, '' AS mask ` +
        `FROM main.${identifier(table.name)} WHERE 0;` +
        "CREATE TEMP TABLE soy_claimed (r INTEGER PRIMARY KEY);" +
        "CREATE TEMP TABLE soy_refused AS SELECT * FROM temp.soy_stage;" +
        "CREATE TEMP TABLE soy_changes (n INTEGER PRIMARY KEY, state TEXT)",
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

  /** Adds the row of that number. */
  add(n: number, { kinds, values, mask }: MappedRow): void {
    this.#binder.run(kinds, values, n, mask);
  }

  linesSql(cells: string[], mask: string, from: string): string {
    const names = cells.map((_, i) => `c${i}`).join(", ");
    // All rows of the table come in this way, so the rowids count them.
    return `INSERT INTO ${STAGE} (mask, ${names}) ` +
      `SELECT ${literal(mask)}, ${cells.join(", ")} FROM ${from}`;
  }

  /** The masks that occur, those of the most columns first. */
  masks(): string[] {
    const masks = `SELECT DISTINCT mask FROM ${STAGE}`;
    const columns = (mask: string) => mask.replaceAll("0", "").length;
    return rowsOf<[string]>(this.db, masks).flat()
      .sort((a, b) => columns(b) - columns(a));
  }

  /** Two rows of the backup with the same key, where there are such. */
  duplicate(): [number, number] | undefined {
    if (!this.key) return undefined;
    const key = this.keyCells();
    const collated = key.map((cell, i) =>
      `${cell} COLLATE ${identifier(this.key!.collations[i]!)}`
    );
    return rowsOf<[number, number]>(
      this.db,
      `SELECT min(rowid), max(rowid) FROM ${STAGE} ` +
        `WHERE ${this.keyed("")} GROUP BY ${collated.join(", ")} ` +
        "HAVING count(*) > 1 ORDER BY 2 LIMIT 1",
    )[0];
  }

  /** The columns of the staged table that hold the key. */
  keyCells(): string[] {
    const names = this.table.columns.map((column) => column.name);
    return (this.key?.columns ?? []).map((name) => `c${names.indexOf(name)}`);
  }

  /** SQL for whether a staged row has a key; NULL is no key. */
  keyed(alias: string): string {
    const terms = this.keyCells().map((cell) => `${alias}${cell} IS NOT NULL`);
    return terms.length > 0 ? balanced(terms, "AND") : "0";
  }

  /** SQL for whether a staged row `s` and a row `t` of the table share the key. */
  sameKey(): string {
    const cells = this.keyCells();
    const terms = (this.key?.columns ?? []).map((name, i) =>
      `t.${identifier(name)} = s.${cells[i]} ` +
      `COLLATE ${identifier(this.key!.collations[i]!)}`
    );
    return terms.length > 0 ? balanced(terms, "AND") : "0";
  }

  /** How many rows came in. */
  rows(): number {
    return scalar(this.db, `SELECT count(*) FROM ${STAGE}`) as number;
  }

  /** Takes a row back that the table refuses; the row here with its key stays. */
  refuse(n: number): void {
    this.db.exec(
      `INSERT INTO ${REFUSED} SELECT * FROM ${STAGE} WHERE rowid = ${n};` +
        `DELETE FROM ${STAGE} WHERE rowid = ${n};` +
        `DELETE FROM ${CHANGES} WHERE n = ${n}`,
    );
  }

  /** Frees the temporary tables, as far as a rollback has not done so. */
  drop(): void {
    this.#binder.finalize();
    this.db.exec(
      `DROP TABLE IF EXISTS ${STAGE}; DROP TABLE IF EXISTS ${CHANGES};` +
        `DROP TABLE IF EXISTS ${CLAIMED}; DROP TABLE IF EXISTS ${REFUSED}`,
    );
  }
}
