/**
 * Rows straight into a table that is empty here.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { RowBinder } from "../database/bind.ts";
import { rowidColumn, type Table } from "../database/schema.ts";
import { identifier } from "../database/sql.ts";
import { type MappedRow, marked } from "./columns.ts";
import { isRefusal, reasonOf, rowFault } from "./faults.ts";

/** Inserts rows; two with the same key are a fault. */
export class DirectInserter {
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
      throw rowFault(this.table.name, n, reasonOf(refusal));
    }
    const places = marked(row.mask, "1");
    try {
      this.#binder(row.mask).run(
        places.map((i) => row.kinds[i]!),
        places.map((i) => row.values[i]!),
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw rowFault(this.table.name, n, reasonOf(error));
    }
  }

  /** Frees the statements. */
  finalize(): void {
    for (const binder of this.#binders.values()) binder.finalize();
  }

  #binder(mask: string): RowBinder {
    let binder = this.#binders.get(mask);
    if (!binder) {
      const names = marked(mask, "1")
        .map((i) => identifier(this.table.columns[i]!.name));
      // What a constraint says of conflicts, such as IGNORE, must not hold here.
      const into = `INSERT OR ABORT INTO main.${identifier(this.table.name)} ` +
        `(${names.join(", ")}) VALUES `;
      binder = new RowBinder(
        this.db,
        this.encoding,
        (cells) => `${into}(${cells.join(", ")})`,
      );
      this.#binders.set(mask, binder);
    }
    return binder;
  }
}
