/**
 * Rows straight into a table that is empty here.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { RowBinder } from "../../database/bind.ts";
import { rowidColumn, type Table } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import { type MappedRow, marked } from "./columns.ts";
import type { LineTarget } from "./line_inserter.ts";
import { isRefusal, reasonOf, RowFault } from "../faults.ts";

/** Inserts rows; two with the same key are a fault. */
export class DirectInserter implements LineTarget {
  #binders = new Map<string, RowBinder>();
  #rowidPlace: number;

  constructor(
    readonly db: Database,
    readonly table: Table,
    readonly encoding: string,
  ) {
    const column = rowidColumn(table);
    this.#rowidPlace = column ? table.columns.indexOf(column) : -1;
  }

  /**
   * Inserts the row of that number.
   *
   * @throws {BackupError} where it breaks a rule of the table.
   */
  add(n: number, row: MappedRow): void {
    const place = this.#rowidPlace;
    if (place >= 0 && row.mask[place] === "1" && row.kinds[place] === "n") {
      const column = `${this.table.name}.${this.table.columns[place]!.name}`;
      const refusal = `NOT NULL constraint failed: ${column}`;
      throw new RowFault(this.table.name, n, reasonOf(refusal));
    }
    try {
      this.#insert(row);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new RowFault(this.table.name, n, reasonOf(error));
    }
  }

  linesSql(cells: string[], mask: string, from: string): string {
    const given = marked(mask, "1").map((i) =>
      // For NULL the table would make up a rowid; text it refuses.
      i === this.#rowidPlace ? `ifnull(${cells[i]}, 'none')` : cells[i]
    );
    return `${this.#into(mask)} SELECT ${given.join(", ")} FROM ${from}`;
  }

  /** Frees the statements. */
  finalize(): void {
    for (const binder of this.#binders.values()) binder.finalize();
  }

  #insert({ kinds, values, mask }: MappedRow): void {
    if (!mask.includes("0")) {
      this.#binder(mask).run(kinds, values);
      return;
    }
    const places = marked(mask, "1");
    this.#binder(mask).run(
      places.map((i) => kinds[i]!),
      places.map((i) => values[i]!),
    );
  }

  #into(mask: string): string {
    const names = marked(mask, "1")
      .map((i) => identifier(this.table.columns[i]!.name));
    // What a constraint says of conflicts, such as IGNORE, must not hold here.
    return `INSERT OR ABORT INTO main.${identifier(this.table.name)} ` +
      `(${names.join(", ")})`;
  }

  #binder(mask: string): RowBinder {
    let binder = this.#binders.get(mask);
    if (!binder) {
      const into = this.#into(mask);
      binder = new RowBinder(
        this.db,
        this.encoding,
        (cells) => `${into} VALUES (${cells.join(", ")})`,
      );
      this.#binders.set(mask, binder);
    }
    return binder;
  }
}
