/**
 * The rows of a table that may not be the same in two databases, brought to where they
 * are matched.
 *
 * @module
 */
import { storedRows } from "../compare/rows.ts";
import { type RawRow, readCells } from "../database/cells.ts";
import type { Rowid } from "../database/rowid_ranges.ts";
import { encodingOf, rowidColumn, type Table } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { rowsIn } from "../format/batches.ts";
import { BYTE } from "../format/json_syntax.ts";
import { ColumnMapper } from "../import/load/columns.ts";
import { describesInstallation } from "../import/load/loader.ts";
import { META_TABLE } from "../soy/meta.ts";
import type { Leftovers } from "./leftovers.ts";
import { type Lines, unequalLines } from "./lines.ts";
import { isComparable, type Side, unequalRows } from "./unequal.ts";

/** How many rows are copied at a time. */
const batchSize = 200;
/** How many bytes of lines are taken apart at a time. */
const lineBatch = 1 << 16;

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

/**
 * Brings the rows whose lines differ.
 *
 * @param sides The lines of the table in both moments.
 * @param table The table, which is the same in both.
 * @param leftovers Takes the rows.
 * @param checkpoint Called now and then with the lines done; throws to stop.
 */
export async function collectLines(
  sides: readonly [Lines, Lines],
  table: Table,
  leftovers: Leftovers,
  checkpoint: (rows: number) => Promise<void>,
): Promise<void> {
  const takers = ["before", "after"] as const;
  const [before, after] = takers.map((which) =>
    new LineTaker(table, leftovers, which)
  ) as [LineTaker, LineTaker];
  const take = (side: 0 | 1, line: Uint8Array) =>
    (side === 0 ? before : after).take(line);
  const key = rowidColumn(table)?.name;
  try {
    await unequalLines(sides, key, take, checkpoint);
  } finally {
    for (const lines of sides) lines.release();
  }
  before.flush();
  after.flush();
}

/** Takes rows to where they are matched. */
class RowTaker {
  #names: string[];
  #isMeta: boolean;

  constructor(
    readonly table: Table,
    readonly leftovers: Leftovers,
    readonly which: "before" | "after",
  ) {
    this.#names = table.columns.map((column) => column.name);
    this.#isMeta = foldName(table.name) === META_TABLE;
  }

  // The state of an installation is no change, and no import brings it.
  add(row: RawRow): void {
    const columns = this.#names;
    if (this.#isMeta && describesInstallation({ columns, ...row })) return;
    this.leftovers.add(this.which, row);
  }
}

/** Takes rows as lines; some are taken apart at a time. */
class LineTaker extends RowTaker {
  #waiting = new Uint8Array(lineBatch);
  #length = 0;

  take(line: Uint8Array): void {
    if (this.#length + line.length + 1 > lineBatch) this.flush();
    if (line.length + 1 > lineBatch) return this.#addAll([line]);
    if (this.#length > 0) this.#waiting[this.#length++] = BYTE.comma;
    this.#waiting.set(line, this.#length);
    this.#length += line.length;
  }

  flush(): void {
    const lines = this.#waiting.subarray(0, this.#length);
    if (this.#length > 0) this.#addAll([lines]);
    this.#length = 0;
  }

  #addAll(pieces: Uint8Array[]): void {
    const mapper = new ColumnMapper(this.table);
    for (const row of rowsIn(pieces)) this.add(mapper.map(row));
  }
}

/** Takes rows of one of two databases. */
class Taker extends RowTaker {
  #waiting: Rowid[] = [];

  constructor(
    readonly side: Side,
    leftovers: Leftovers,
    which: "before" | "after",
  ) {
    super(side.table, leftovers, which);
  }

  take(rowids: Rowid[]): void {
    this.#waiting.push(...rowids);
    if (this.#waiting.length >= batchSize) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const { db, table: { name, rowid, columns } } = this.side;
    const names = columns.map((column) => column.name);
    const from = `main.${identifier(name)} NOT INDEXED ` +
      `WHERE ${rowid} IN (${this.#waiting.join(", ")})`;
    for (const row of readCells(db, names, from)) this.add(row);
    this.#waiting = [];
  }

  async takeAll(checkpoint: (rows: number) => Promise<void>): Promise<void> {
    const { db, table } = this.side;
    let rows = 0;
    for (const row of storedRows(db, table, encodingOf(db))) {
      this.add(row);
      if (++rows % 1000 === 0) await checkpoint(rows);
    }
  }
}
