/**
 * Rows straight into a table that is empty.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { RowBinder } from "../../database/bind.ts";
import { rowidColumn, type Table } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import { isRefusal, nullFault, reasonOf, RowFault } from "../row_faults.ts";
import { type MappedRow, marked } from "./columns.ts";
import type { HiddenRowids } from "./rowids.ts";
import type { RowTarget } from "./target.ts";

/** Inserts rows; a second row with the same key is refused. */
export class DirectInserter implements RowTarget {
  #binders = new Map<string, RowBinder>();
  #rowidIndex: number;

  /**
   * @param db The database.
   * @param table The empty table.
   * @param encoding The database's encoding, as in `UTF-8`.
   * @param rowids Rowids for the rows; otherwise the table makes them up.
   */
  constructor(
    readonly db: Database,
    readonly table: Table,
    readonly encoding: string,
    readonly rowids?: HiddenRowids,
  ) {
    const column = rowidColumn(table);
    this.#rowidIndex = column ? table.columns.indexOf(column) : -1;
  }

  add(n: number, row: MappedRow): void {
    const { name, columns } = this.table;
    const i = this.#rowidIndex;
    // For NULL the table would make up a rowid.
    if (i >= 0 && row.mask[i] === "1" && row.kinds[i] === "n") {
      throw nullFault(name, n, columns[i]!.name);
    }
    try {
      this.#insert(row, this.rowids ? [n, n] : []);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new RowFault(name, n, reasonOf(error));
    }
  }

  batchSql(cells: string[], mask: string, from: string): string {
    const given = marked(mask, "1").map((i) =>
      // For NULL the table would make up a rowid; text it refuses.
      i === this.#rowidIndex ? `ifnull(${cells[i]}, 'none')` : cells[i]
    );
    if (this.rowids) given.unshift(this.rowids.of("n"));
    return `${this.#into(mask)} SELECT ${given.join(", ")} FROM ${from}`;
  }

  /** Frees the statements. */
  finalize(): void {
    for (const binder of this.#binders.values()) binder.finalize();
  }

  #insert({ kinds, values, mask }: MappedRow, first: number[]): void {
    if (!mask.includes("0")) {
      this.#binder(mask).run(kinds, values, ...first);
      return;
    }
    const given = marked(mask, "1");
    this.#binder(mask).run(
      given.map((i) => kinds[i]!),
      given.map((i) => values[i]!),
      ...first,
    );
  }

  #into(mask: string): string {
    const names = marked(mask, "1")
      .map((i) => identifier(this.table.columns[i]!.name));
    if (this.rowids) names.unshift(this.rowids.column);
    // ABORT overrides a constraint's own ON CONFLICT clause, such as IGNORE.
    return `INSERT OR ABORT INTO main.${identifier(this.table.name)} ` +
      `(${names.join(", ")})`;
  }

  #binder(mask: string): RowBinder {
    let binder = this.#binders.get(mask);
    if (!binder) {
      const into = this.#into(mask);
      // Engines bind a number as REAL.
      const rowid = this.rowids ? [this.rowids.of("CAST(? AS INTEGER)")] : [];
      binder = new RowBinder(
        this.db,
        this.encoding,
        (cells) => `${into} VALUES (${[...rowid, ...cells].join(", ")})`,
      );
      this.#binders.set(mask, binder);
    }
    return binder;
  }
}
