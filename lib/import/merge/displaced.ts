/**
 * Local rows that an import replaces or removes.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { scalar } from "../../database/connection.ts";
import type { Table } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import type { Stage } from "./stage.ts";
import { STAGE } from "./temporary.ts";

/**
 * The rows of a table that a merge displaced, as `v0`, `v1`, …. They outlast the
 * merge, since only the whole import shows which references to them are orphaned;
 * closing the connection drops them.
 */
export class DisplacedRows {
  /** The temporary table, as SQL. */
  readonly rows: string;
  #name: string;

  /**
   * @param db The database.
   * @param table The table that is merged into.
   * @param number Tells the tables of one import apart.
   */
  constructor(readonly db: Database, readonly table: Table, number: number) {
    this.#name = `soy_displaced_${number}`;
    this.rows = `temp.${this.#name}`;
  }

  /** Records from now on what is deleted or replaced in the table. */
  record(): void {
    const { db, table } = this;
    const cells = table.columns.map((_, i) => `v${i}`).join(", ");
    db.exec(`CREATE TABLE ${this.rows} (${cells})`);
    if (table.kind === "virtual") return;
    const old = table.columns.map(({ name }) => `OLD.${identifier(name)}`);
    // INSERT OR REPLACE fires delete triggers only if triggers may recur
    // (https://sqlite.org/lang_conflict.html). Inside of a trigger a table can't be
    // qualified; a temporary trigger looks for it among the temporary ones first.
    db.exec(
      "PRAGMA recursive_triggers = ON;" +
        `CREATE TEMP TRIGGER soy_watch AFTER DELETE ON ` +
        `main.${identifier(table.name)} ` +
        `BEGIN INSERT INTO ${this.#name} VALUES (${old.join(", ")}); END`,
    );
  }

  /** Removes rows `t` of the table and records them. */
  remove(where: string): void {
    const { db, table, rows } = this;
    const from = `main.${identifier(table.name)} AS t WHERE ${where}`;
    // A virtual table can have no trigger.
    if (table.kind === "virtual") {
      const cells = table.columns.map(({ name }) => `t.${identifier(name)}`);
      db.exec(`INSERT INTO ${rows} SELECT ${cells.join(", ")} FROM ${from}`);
    }
    db.exec(`DELETE FROM ${from}`);
  }

  /** The number of the row that was recorded last. */
  last(): number {
    const last = `SELECT ifnull(max(rowid), 0) FROM ${this.rows}`;
    return scalar(this.db, last) as number;
  }

  /**
   * The number in the backup of a row that was recorded.
   *
   * @param after Look only at rows that were recorded after this one.
   */
  firstOf(stage: Stage, after: number): number | undefined {
    const cells = this.table.columns
      .map(({ name }, i) => `v${i} AS ${identifier(name)}`);
    const found = `SELECT s.rowid FROM (SELECT ${cells.join(", ")} ` +
      `FROM ${this.rows} WHERE rowid > ${after}) AS t ` +
      `JOIN ${STAGE} AS s ON ${stage.sameKey()} LIMIT 1`;
    return scalar(this.db, found) as number | null ?? undefined;
  }

  /** Puts recorded rows back into the table, in the order in which they left it. */
  putBack(where: string): void {
    const { db, table, rows } = this;
    const names = table.columns.map(({ name }) => identifier(name));
    const cells = names.map((_, i) => `v${i}`);
    db.exec(
      `INSERT INTO main.${identifier(table.name)} (${names.join(", ")}) ` +
        `SELECT ${cells.join(", ")} FROM ${rows} WHERE ${where} ` +
        `ORDER BY rowid; DELETE FROM ${rows} WHERE ${where}`,
    );
  }

  /**
   * Ends the recording.
   *
   * @returns How many rows were recorded; with none the table is dropped.
   */
  stop(): number {
    const { db, table, rows } = this;
    if (table.kind !== "virtual") db.exec("DROP TRIGGER temp.soy_watch");
    const count = scalar(db, `SELECT count(*) FROM ${rows}`) as number;
    if (count === 0) db.exec(`DROP TABLE ${rows}`);
    return count;
  }
}
