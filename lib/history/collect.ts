/**
 * The rows of a table that may not be the same in two databases, brought to where they
 * are matched.
 *
 * @module
 */
import { storedRows } from "../compare/rows.ts";
import { type RawRow, readCells } from "../database/cells.ts";
import type { Rowid } from "../database/rowid_ranges.ts";
import { encodingOf } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { describesInstallation } from "../import/load/loader.ts";
import { META_TABLE } from "../soy/meta.ts";
import type { Leftovers } from "./leftovers.ts";
import { isComparable, type Side, unequalRows } from "./unequal.ts";

/** How many rows are copied at a time. */
const batchSize = 200;

/**
 * Brings the rows that differ, or all of them if that can't be told in SQL.
 *
 * @param sides The tables, with the same columns in the same order.
 * @param leftovers Takes the rows.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 */
export async function collect(
  sides: [Side, Side],
  leftovers: Leftovers,
  checkpoint: (rows: number) => Promise<void>,
): Promise<void> {
  const takers = sides.map((side, i) =>
    new Taker(side, leftovers, i === 0 ? "before" : "after")
  );
  if (sides.every(isComparable)) {
    for await (const unequal of unequalRows(sides, checkpoint)) {
      takers.forEach((taker, i) => taker.take(unequal[i]!));
    }
    for (const taker of takers) taker.flush();
    return;
  }
  for (const taker of takers) await taker.takeAll(checkpoint);
}

/** Takes rows of one of the tables to where they are matched. */
class Taker {
  #waiting: Rowid[] = [];
  #names: string[];
  #isMeta: boolean;

  constructor(
    readonly side: Side,
    readonly leftovers: Leftovers,
    readonly which: "before" | "after",
  ) {
    const { name, columns } = side.table;
    this.#names = columns.map((column) => column.name);
    this.#isMeta = foldName(name) === META_TABLE;
  }

  take(rowids: Rowid[]): void {
    this.#waiting.push(...rowids);
    if (this.#waiting.length >= batchSize) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const { db, table: { name, rowid } } = this.side;
    const from = `main.${identifier(name)} NOT INDEXED ` +
      `WHERE ${rowid} IN (${this.#waiting.join(", ")})`;
    for (const row of readCells(db, this.#names, from)) this.#add(row);
    this.#waiting = [];
  }

  async takeAll(checkpoint: (rows: number) => Promise<void>): Promise<void> {
    const { db, table } = this.side;
    let rows = 0;
    for (const row of storedRows(db, table, encodingOf(db))) {
      this.#add(row);
      if (++rows % 1000 === 0) await checkpoint(rows);
    }
  }

  // The state of an installation is no change, and no import brings it.
  #add(row: RawRow): void {
    const columns = this.#names;
    if (this.#isMeta && describesInstallation({ columns, ...row })) return;
    this.leftovers.add(this.which, row);
  }
}
