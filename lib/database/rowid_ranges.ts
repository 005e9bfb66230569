/**
 * Reading a large table a range of rowids at a time. SQLite makes one value of all
 * rows of a range, which crosses over as bytes: several times as fast as row objects.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { free } from "../bytes.ts";
import { prepareAll, release } from "./bind.ts";
import { withinLength } from "./engine.ts";
import type { Table } from "./schema.ts";
import { HIGHEST_INTEGER, identifier, LOWEST_INTEGER } from "./sql.ts";

/** A rowid; beyond the digits of a double it comes as `bigint`. */
export type Rowid = number | bigint;

/** Rows of a table that follow each other. */
export interface RowRange {
  /** The first and the last rowid that the rows can have. */
  first: Rowid;
  last: Rowid;
  /**
   * What SQLite made of the rows; absent if it could not. The bytes are gone when
   * the next range is asked for.
   */
  bytes?: Uint8Array<ArrayBuffer>;
  /** How many rows the bytes stand for. */
  rows: number;
}

/** How many rows are asked for at a time. */
export interface Pace {
  readonly limit: number;
  /** Whether rowids follow each other with few gaps. */
  readonly dense: boolean;
  /** How long a range's values may be in all, in bytes; absent: any length. */
  readonly mostBytes?: number;
  /** Asks for fewer rows after a failure; `false` if they are few already. */
  shorten(): boolean;
  /** Learns from a range that has been read, or could not be. */
  adjust(range: RowRange, failed: boolean): void;
}

/** Always the same number of rows, whatever their size. */
export function fixedPace(limit: number): Pace {
  return { limit, dense: false, shorten: () => false, adjust: () => {} };
}

/** How long a range should be, in bytes. */
const aimedBytes = 1 << 20;
/** The most rows asked for at a time, those at first, and the fewest. */
const mostRows = 512;
const firstRows = 64;
const fewestRows = 8;

/** As many rows as make about a megabyte. */
export class AdaptivePace implements Pace {
  limit: number = firstRows;
  dense = false;
  readonly mostBytes = 8 << 20;
  #fewest = fewestRows;

  // Only the rows in question should have to be read another way.
  shorten(): boolean {
    if (this.limit <= this.#fewest) return false;
    this.limit = Math.max(this.#fewest, this.limit >> 3);
    return true;
  }

  adjust({ first, last, bytes, rows }: RowRange, failed: boolean): void {
    this.dense = BigInt(2 * rows) > BigInt(last) - BigInt(first);
    // If many ranges fail, their rows are not searched for one by one.
    this.#fewest = failed ? Math.min(mostRows, this.#fewest * 2) : fewestRows;
    this.limit = failed ? this.#fewest : this.#fitting(bytes?.length ?? 0);
  }

  #fitting(bytes: number): number {
    if (bytes > aimedBytes) return Math.max(fewestRows, this.limit >> 1);
    return bytes * 2 < aimedBytes
      ? Math.min(mostRows, this.limit * 2)
      : this.limit;
  }
}

/**
 * Reads a table from the lowest rowid to the highest.
 *
 * @param db The database.
 * @param table A table with rowids.
 * @param sql Makes one BLOB of a range of rows, and counts them. It binds as `?1` how
 * many bytes the values of a row may have, and as `?2` and `?3` the first and the last
 * rowid.
 * @param pace How many rows to ask for at a time.
 * @returns Ranges in order, none of them empty.
 * @throws {Error} with SQLite's message.
 */
export function* readRanges(
  db: Database,
  table: Table,
  sql: string,
  pace: Pace,
): Generator<RowRange> {
  const statements = prepared(db, [boundarySql(table), sql]);
  if (!statements) {
    yield { first: LOWEST_INTEGER, last: HIGHEST_INTEGER, rows: 0 };
    return;
  }
  const [boundary, content] = statements;
  try {
    for (let first: Rowid | undefined = LOWEST_INTEGER; first !== undefined;) {
      const next = nextBoundary(boundary, first, pace);
      const last = next === undefined ? HIGHEST_INTEGER : BigInt(next) - 1n;
      const found = readRange(db, content, first, last, pace);
      if (!found && pace.shorten()) continue;
      const range: RowRange = { first, last, ...found ?? { rows: 0 } };
      pace.adjust(range, !found);
      if (range.rows > 0 || !found) yield range;
      if (range.bytes) free(range.bytes);
      first = next;
    }
  } finally {
    release(boundary);
    release(content);
  }
}

type Statements = [boundary: Statement, content: Statement];

// Statements cannot be had if, for example, a collation is unknown. If it is another
// fault, reading row by row meets it again.
function prepared(db: Database, texts: string[]): Statements | undefined {
  try {
    return prepareAll(db, texts) as Statements;
  } catch {
    return undefined;
  }
}

/** The SQL of the rowid that follows so many rows, counted from a rowid. */
function boundarySql({ name, rowid }: Table): string {
  return `SELECT ${rowid} FROM main.${identifier(name)} NOT INDEXED ` +
    `WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ?`;
}

/**
 * A rowid with at most `limit` rows before it; `undefined` if all rows are before it.
 * If rowids are dense, rows need not be counted, which takes time.
 */
function nextBoundary(
  statement: Statement,
  first: Rowid,
  { limit, dense }: Pace,
): Rowid | undefined {
  const sought = BigInt(first) + BigInt(limit);
  const params: [Rowid, number] = dense && sought <= HIGHEST_INTEGER
    ? [sought, 0]
    : [first, limit];
  return statement.value<[Rowid]>(...params)?.[0];
}

type Content = [bytes: Uint8Array<ArrayBuffer> | null, rows: number];

function readRange(
  db: Database,
  statement: Statement,
  first: Rowid,
  last: Rowid,
  { limit, mostBytes }: Pace,
): Pick<RowRange, "bytes" | "rows"> | undefined {
  const most = mostBytes === undefined ? null : Math.floor(mostBytes / limit);
  const read = () => statement.value<Content>(most, first, last)!;
  try {
    const [bytes, rows] = mostBytes === undefined
      ? read()
      : withinLength(db, mostBytes, read);
    return bytes ? { bytes, rows } : { rows };
  } catch {
    // If it is another fault, reading row by row meets it again.
    return undefined;
  }
}
