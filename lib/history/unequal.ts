/**
 * Which rows of a table are not the same in two databases, found by comparing many
 * rows at a time: where few rows differ, few are looked at one by one.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { sameBytes } from "../bytes.ts";
import { canTell, rowSql, rowsSql } from "../compare/same_rows.ts";
import { prepareAll, release } from "../database/bind.ts";
import { withinLength } from "../database/engine.ts";
import type { Rowid } from "../database/rowid_ranges.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import {
  HIGHEST_INTEGER,
  identifier,
  LOWEST_INTEGER,
} from "../database/sql.ts";

/** A table in one of the databases. */
export interface Side {
  db: Database;
  table: Table;
}

/** The rowids of rows that differ, in each of the two. */
export type Unequal = [before: Rowid[], after: Rowid[]];

/** How many rows are compared at a time: at first, at most, and at least. */
const firstRows = 256;
const mostRows = 512;
const fewestRows = 16;
/** How long their values may be in all, in bytes. */
const mostBytes = 8 << 20;

/** Whether rows can be compared this way: by rowid, in SQL. */
export function isComparable({ db, table }: Side): boolean {
  return canTell(db, table) && encodingOf(db) === "UTF-8";
}

/**
 * Finds the rows that the two tables don't have both, with the same rowid and the same
 * values. It may also name some that they do have both.
 *
 * @param sides The tables, with the same columns in the same order.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 */
export async function* unequalRows(
  sides: readonly [Side, Side],
  checkpoint: (rows: number) => Promise<void>,
): AsyncGenerator<Unequal> {
  const [before, after] = [new SideReader(sides[0]), new SideReader(sides[1])];
  let [first, step, done]: [Rowid | undefined, number, number] = [
    LOWEST_INTEGER,
    firstRows,
    0,
  ];
  try {
    while (first !== undefined) {
      const next: Rowid | undefined = least(
        before.boundary(first, step),
        after.boundary(first, step),
      );
      const last = next === undefined ? HIGHEST_INTEGER : BigInt(next) - 1n;
      if (isSame(before.rows(first, last), after.rows(first, last))) {
        step = Math.min(mostRows, step * 2);
      } else {
        yield unequalIn(before.each(first, last), after.each(first, last));
        step = Math.max(fewestRows, step >> 1);
      }
      await checkpoint(done += step);
      first = next;
    }
  } finally {
    before.release();
    after.release();
  }
}

function least(a: Rowid | undefined, b: Rowid | undefined): Rowid | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && sameBytes(a, b);
}

/** A row and what tells it from every other; absent: that can't be had in SQL. */
type Told = [rowid: Rowid, bytes?: Uint8Array | null];

function unequalIn(before: Told[], after: Told[]): Unequal {
  const unequal: Unequal = [[], []];
  let i = 0;
  for (const [rowid, bytes] of before) {
    while (i < after.length && after[i]![0] < rowid) {
      unequal[1].push(after[i++]![0]);
    }
    const other = after[i]?.[0] === rowid ? after[i++] : undefined;
    if (other && isSame(bytes ?? undefined, other[1] ?? undefined)) continue;
    unequal[0].push(rowid);
    if (other) unequal[1].push(rowid);
  }
  for (const [rowid] of after.slice(i)) unequal[1].push(rowid);
  return unequal;
}

/** Reads one of the tables by ranges of rowids. */
class SideReader {
  #db: Database;
  #statements: Statement[];

  constructor({ db, table }: Side) {
    const { name, rowid, columns } = table;
    const from = `FROM main.${identifier(name)} NOT INDEXED`;
    const range = `${from} WHERE ${rowid} BETWEEN ? AND ? ORDER BY ${rowid}`;
    this.#db = db;
    this.#statements = prepareAll(db, [
      `SELECT ${rowid} ${from} WHERE ${rowid} >= ? ` +
      `ORDER BY ${rowid} LIMIT 1 OFFSET ?`,
      rowsSql(table),
      `SELECT ${rowid}, CAST(${rowSql(columns)} AS BLOB) ${range}`,
      `SELECT ${rowid} ${range}`,
    ]);
  }

  /** The rowid that so many rows come before, counted from another one. */
  boundary(first: Rowid, rows: number): Rowid | undefined {
    return this.#statements[0]!.value<[Rowid]>(first, rows)?.[0];
  }

  /** The rows of a range as bytes; `undefined` if SQL can't tell them. */
  rows(first: Rowid, last: Rowid): Uint8Array | undefined {
    const found = this.#try(() =>
      this.#statements[1]!.value<[Uint8Array | null]>(null, first, last)
    );
    return found && (found[0] ?? new Uint8Array());
  }

  /** The rows of a range one by one. */
  each(first: Rowid, last: Rowid): Told[] {
    const told = this.#try(() =>
      this.#statements[2]!.values<[Rowid, Uint8Array | null]>(first, last)
    );
    return told ?? this.#statements[3]!.values<[Rowid]>(first, last);
  }

  release(): void {
    for (const statement of this.#statements) release(statement);
  }

  // A value may be too long to be made, or one that only the program can tell. If it
  // is another fault, reading the rows as they are meets it again.
  #try<T>(read: () => T): T | undefined {
    try {
      return withinLength(this.#db, mostBytes, read);
    } catch {
      return undefined;
    }
  }
}
