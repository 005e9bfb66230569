/**
 * Loads the rows of one table out of a backup: in batches that SQLite itself takes
 * apart, which is several times as fast as binding cell by cell, or else row by
 * row. If a batch fails, its rows are retried one by one to find the one at fault.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { StatementCache } from "../../database/bind.ts";
import { decodeText, type Row } from "../../database/cells.ts";
import { engineOf } from "../../database/engine.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import { rowsIn } from "../../format/batches.ts";
import type { RowBatch } from "../../format/row_reader.ts";
import type { Checkpoint } from "../../session.ts";
import { isInstallationKey, META_TABLE } from "../../soy/meta.ts";
import type { PlannedTable } from "../plan.ts";
import { contradiction, isRefusal, RowFault } from "../row_faults.ts";
import { ColumnMapper, type MappedRow, type Mapping } from "./columns.ts";

/** What loaded rows go into. */
export interface RowTarget {
  /**
   * Takes one row.
   *
   * @param n Its number in the backup, from 1.
   * @throws {RowFault} if it breaks a rule of the table.
   */
  add(n: number, row: MappedRow): void;

  /**
   * The SQL that takes a batch of rows.
   *
   * @param cells SQL for each column's value; `NULL` if the rows lack it.
   * @param mask A `1` for each column that the rows have.
   * @param from What to select the cells from, in the order of the rows; `n` is a
   * row's number in the backup.
   */
  batchSql(cells: string[], mask: string, from: string): string;
}

/** What all tables of one import have in common. */
export interface LoadContext {
  /** The database, in a transaction. */
  db: Database;
  backup: BackupFile;
  /** The encoding of the database, as in `UTF-8`. */
  encoding: string;
  /** The encoding of the database that was backed up. */
  backupEncoding: string;
  /** The definitions of the backup's tables. */
  definitions: ReadonlySet<string>;
  /** What a progress bar calls the work, as in `Importing`. */
  doing: string;
  /** Called before the rows of a table and now and then; throws to stop. */
  checkpoint: Checkpoint;
}

/** What loading a table came to. */
export interface Loaded {
  /** How many rows the target took. */
  rows: number;
  /** The rows that the target or the table's columns refused. */
  refused: RowFault[];
  /** Columns that the table lacks, each with how many values were left out. */
  unknownColumns: ReadonlyMap<string, number>;
}

/** Rows between two calls of the checkpoint, if no batch is large, in bytes. */
const checkEvery = 1000;
const largeBatch = 1 << 16;

/**
 * Hands every row of a table to a target.
 *
 * @throws {BackupError} if a row can't be imported for a reason that no option
 * lifts.
 */
export async function loadRows(
  context: LoadContext,
  planned: PlannedTable,
  target: RowTarget,
): Promise<Loaded> {
  return await new Loader(context, planned, target).run();
}

class Loader {
  #n = 0;
  #bytes = 0;
  #rows = 0;
  #refused: RowFault[] = [];
  #mapper: ColumnMapper;
  #statements: StatementCache;
  /** The SQL for batches with certain columns. */
  #batchSql = new WeakMap<readonly string[], string>();
  /** Whether rows that describe this installation are left as they are. */
  #keepsInstallation: boolean;

  constructor(
    readonly context: LoadContext,
    readonly planned: PlannedTable,
    readonly target: RowTarget,
  ) {
    const { table, created } = planned;
    this.#mapper = new ColumnMapper(table);
    this.#statements = new StatementCache(context.db);
    this.#keepsInstallation = foldName(table.name) === META_TABLE && !created;
  }

  async run(): Promise<Loaded> {
    const { backup } = this.context;
    const { span } = this.planned;
    const rows = this.#takesBatches()
      ? backup.batches(span)
      : backup.rows(span);
    let next = checkEvery;
    await this.#checkpoint();
    try {
      for (const some of rows) {
        if ("values" in some) this.#addRow(some);
        else this.#addBatch(some);
        const isLarge = "json" in some && some.json.length > largeBatch;
        if (this.#n < next && !isLarge) continue;
        await this.#checkpoint();
        next = this.#n + checkEvery;
      }
    } finally {
      this.#statements.finalize();
    }
    const { unknownColumns } = this.#mapper;
    return { rows: this.#rows, refused: this.#refused, unknownColumns };
  }

  // SQLite must take JSON apart exactly, and bytes of UTF-8 fit no other encoding.
  #takesBatches(): boolean {
    const { db, encoding } = this.context;
    const { exactReals, jsonbEach } = engineOf(db);
    return exactReals && jsonbEach && encoding === "UTF-8" &&
      this.planned.table.kind !== "virtual" && !this.#keepsInstallation;
  }

  #addBatch({ columns, json }: RowBatch): void {
    const rows = this.#insertBatch(columns, json);
    if (rows === undefined) {
      for (const row of rowsIn([json])) this.#addRow(row);
    } else {
      this.#n += rows;
      this.#rows += rows;
    }
    this.#bytes += json.length;
  }

  /**
   * Inserts rows, all or none.
   *
   * @returns How many; `undefined` if one is refused or each must be looked at.
   */
  #insertBatch(
    columns: readonly string[],
    json: Uint8Array,
  ): number | undefined {
    let sql = this.#batchSql.get(columns);
    if (sql === undefined) {
      sql = batchSql(this.target, this.#mapper, columns);
      this.#batchSql.set(columns, sql);
    }
    if (sql === "") return undefined;
    try {
      return this.#statements.get(sql).run(this.#n + 1, json);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  #addRow(row: Row): void {
    this.#n++;
    if (this.#keepsInstallation && describesInstallation(row)) return;
    this.#refuseForeignText(row);
    try {
      this.target.add(this.#n, this.#mapped(row));
      this.#rows++;
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      this.#refused.push(error);
    }
  }

  async #checkpoint(): Promise<void> {
    const { backup, doing, checkpoint } = this.context;
    const { span } = this.planned;
    await checkpoint({
      doing,
      table: span.name,
      rows: this.#n,
      bytes: span.offset + this.#bytes,
      total: backup.size,
    });
  }

  // The bytes of text that isn't valid Unicode mean something in one encoding only.
  #refuseForeignText({ kinds }: Row): void {
    const { encoding, backupEncoding } = this.context;
    if (encoding === backupEncoding || !kinds.includes("x")) return;
    const reason =
      `it has text that only a database in ${backupEncoding} can hold`;
    throw contradiction(this.planned.table.name, this.#n, reason);
  }

  #mapped(row: Row): MappedRow {
    try {
      return this.#mapper.map(row);
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      throw new RowFault(this.planned.table.name, this.#n, error.message);
    }
  }
}

// Such a name needs no quotes in a JSON path, and SQLite follows such a path faster
// than a bare name.
const simpleName = /^[A-Za-z_]\w*$/;

/** SQL that takes the number of the first row and the rows; empty if there is none. */
function batchSql(
  target: RowTarget,
  mapper: ColumnMapper,
  columns: readonly string[],
): string {
  if (!columns.every((name) => simpleName.test(name))) return "";
  const mapping = mappingOf(mapper, columns);
  if (!mapping || mapping.unknown.length > 0) return "";
  const cells = mapping.indexes.map((i) =>
    i < 0 ? "NULL" : `value ->> '$.${columns[i]}'`
  );
  const rows = "(SELECT ? + key AS n, value FROM jsonb_each('[' || ? || ']'))";
  return target.batchSql(cells, mapping.mask, rows);
}

// Retried row by row, the rows show what is wrong with their columns.
function mappingOf(
  mapper: ColumnMapper,
  columns: readonly string[],
): Mapping | undefined {
  try {
    return mapper.mapping(columns);
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}

/** Whether a row of the settings describes an installation, not its user. */
export function describesInstallation(
  { columns, kinds, values }: Row,
): boolean {
  const i = columns.findIndex((name) => foldName(name) === "key");
  if (i < 0 || kinds[i] !== "t") return false;
  return isInstallationKey(decodeText(values[i] as Uint8Array));
}
