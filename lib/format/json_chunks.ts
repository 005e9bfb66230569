/**
 * Rows as JSON that SQLite itself makes, hundreds at a time and carried over as
 * bytes: several times as fast as row objects, and exact where it can be done.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { free } from "../bytes.ts";
import { prepareAll, release } from "../database/bind.ts";
import type { Engine } from "../database/engine.ts";
import {
  boundarySql,
  HIGHEST_ROWID,
  LOWEST_ROWID,
  type Rowid,
} from "../database/rowids.ts";
import { rangeSql } from "./row_sql.ts";
import { withinLength } from "../database/length_limit.ts";
import type { Table } from "../database/schema.ts";

/** Some rows of a table that follow each other. */
export interface Chunk {
  /** The first and the last rowid that the rows can have. */
  first: Rowid;
  last: Rowid;
  /**
   * The rows as JSON, a line each; absent where one has a value that SQLite has
   * no exact JSON for, or a very long one.
   */
  json?: Uint8Array<ArrayBuffer>;
  /** How many rows the JSON has. */
  rows: number;
}

/** How long a chunk should be, in bytes of JSON. */
const aimedBytes = 1 << 20;
/** How long a chunk's values may be in all, in bytes, and with them its JSON. */
const mostBytes = 8 << 20;
/** The most rows asked for at a time, those at first, and the fewest. */
const mostRows = 512;
const firstRows = 64;
const fewestRows = 8;
/** The most columns: functions of older engines take 127 arguments. */
const mostColumns = 63;

/** Whether a table can be read in chunks. */
export function hasChunks(table: Table): boolean {
  return table.kind === "rowid" && table.rowid !== undefined &&
    table.columns.length <= mostColumns;
}

/**
 * Reads a table by rowid. A chunk's bytes are gone when the next one is asked for,
 * unless somebody has taken their buffer over.
 *
 * @param db The database.
 * @param table A table that has chunks.
 * @param engine What the engine can do.
 * @throws {Error} with SQLite's message.
 */
export function* readChunks(
  db: Database,
  table: Table,
  engine: Engine,
): Generator<Chunk> {
  const reader = RangeReader.of(db, table, engine);
  if (!reader) {
    yield { first: LOWEST_ROWID, last: HIGHEST_ROWID, rows: 0 };
    return;
  }
  const pace = new Pace();
  try {
    for (let first: Rowid | undefined = LOWEST_ROWID; first !== undefined;) {
      const next = reader.boundary(first, pace);
      const last = next === undefined ? HIGHEST_ROWID : BigInt(next) - 1n;
      const range = reader.read(first, last, pace.limit);
      if (!range && pace.shorten()) continue;
      const chunk: Chunk = { first, last, ...range ?? { rows: 0 } };
      // Whoever takes the chunk may take its bytes over.
      pace.keep(chunk, range !== undefined);
      if (chunk.rows > 0 || !range) yield chunk;
      if (chunk.json) free(chunk.json);
      first = next;
    }
  } finally {
    reader.finalize();
  }
}

/** How many rows are asked for at a time. */
class Pace {
  limit = firstRows;
  /** Whether rowids follow each other with few gaps. */
  dense = false;
  #fewest = fewestRows;

  /** Asks for fewer, so that only the rows in question go the slow way. */
  shorten(): boolean {
    if (this.limit <= this.#fewest) return false;
    this.limit = Math.max(this.#fewest, this.limit >> 3);
    return true;
  }

  /** Goes by what a range had; `done`: it could be read. */
  keep({ first, last, json, rows }: Chunk, done: boolean): void {
    this.dense = BigInt(2 * rows) > BigInt(last) - BigInt(first);
    // Where rows of the slow way are many, they are not searched for one by one.
    this.#fewest = done ? fewestRows : Math.min(mostRows, this.#fewest * 2);
    this.limit = done ? this.#fitting(json?.length ?? 0) : this.#fewest;
  }

  #fitting(bytes: number): number {
    if (bytes > aimedBytes) return Math.max(fewestRows, this.limit >> 1);
    return bytes * 2 < aimedBytes
      ? Math.min(mostRows, this.limit * 2)
      : this.limit;
  }
}

type Pair = [Statement, Statement];
type Range = [json: Uint8Array<ArrayBuffer> | null, rows: number];

/** The statements for one table. */
class RangeReader {
  #boundary: Statement;
  #range: Statement;

  private constructor(readonly db: Database, [boundary, range]: Pair) {
    this.#boundary = boundary;
    this.#range = range;
  }

  /** A reader; none where the statements cannot be had, as for a strange collation. */
  static of(
    db: Database,
    table: Table,
    engine: Engine,
  ): RangeReader | undefined {
    const texts = [boundarySql(table), rangeSql(table, engine)];
    try {
      return new RangeReader(db, prepareAll(db, texts) as Pair);
    } catch {
      // If it is another fault, reading cell by cell finds it again.
      return undefined;
    }
  }

  /**
   * A rowid such that no more than `limit` rows come before it; none where all rows
   * do. Where rowids are dense they need not be counted, which takes time.
   */
  boundary(first: Rowid, { limit, dense }: Pace): Rowid | undefined {
    const counted = [first, limit] as const;
    const sought = [BigInt(first) + BigInt(limit), 0] as const;
    const fits = sought[0] <= HIGHEST_ROWID;
    const params = dense && fits ? sought : counted;
    return this.#boundary.value<[Rowid]>(...params)?.[0];
  }

  /** The rows of a range, `undefined` where they cannot be read this way. */
  read(
    first: Rowid,
    last: bigint,
    limit: number,
  ): Pick<Chunk, "json" | "rows"> | undefined {
    const most = Math.floor(mostBytes / limit);
    const range = () => this.#range.value<Range>(most, first, last)!;
    try {
      const [json, rows] = withinLength(this.db, mostBytes, range);
      return json ? { json, rows } : { rows };
    } catch {
      // If it is another fault, reading cell by cell finds it again.
      return undefined;
    }
  }

  finalize(): void {
    release(this.#boundary);
    release(this.#range);
  }
}
