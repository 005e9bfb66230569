/**
 * Loads the rows of one table out of a backup: in batches that SQLite itself takes
 * apart, which is several times as fast as binding cell by cell, or else row by
 * row.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { release } from "../../database/bind.ts";
import { decodeText, type Row } from "../../database/cells.ts";
import { engineOf } from "../../database/engine.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import { batchRows } from "../../format/batches.ts";
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
   * @param from What to select the cells from, in the order of the rows.
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
  /** What a progress bar calls the work, as in `Importing`. */
  doing: string;
  /** Called now and then; throws to stop. */
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

/** Rows between two calls of the checkpoint. */
const checkEvery = 1000;

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
  /** Whether rows that describe this installation are left as they are. */
  #keepsInstallation: boolean;

  constructor(
    readonly context: LoadContext,
    readonly planned: PlannedTable,
    readonly target: RowTarget,
  ) {
    const { table, created } = planned;
    this.#mapper = new ColumnMapper(table);
    this.#keepsInstallation = foldName(table.name) === META_TABLE && !created;
  }

  async run(): Promise<Loaded> {
    const { backup } = this.context;
    const { span } = this.planned;
    const { uniform } = span;
    const batch = uniform && this.#prepareBatch(uniform.columns);
    if (batch) await this.#loadBatches(backup.batches(uniform), batch);
    else await this.#loadRows(backup.rows(span));
    const { unknownColumns } = this.#mapper;
    return { rows: this.#rows, refused: this.#refused, unknownColumns };
  }

  #prepareBatch(columns: string[]): Statement | undefined {
    const { db, encoding } = this.context;
    if (this.#keepsInstallation) return undefined;
    if (this.planned.table.kind === "virtual") return undefined;
    if (!takesBatches(db, encoding)) return undefined;
    const sql = batchSql(this.target, this.#mapper, columns);
    return sql === undefined ? undefined : db.prepare(sql);
  }

  async #loadBatches(
    batches: Iterable<Uint8Array>,
    statement: Statement,
  ): Promise<void> {
    try {
      for (const batch of batches) {
        const rows = insertBatch(statement, batch);
        this.#n += rows ?? 0;
        this.#rows += rows ?? 0;
        // Retry row by row to find the one at fault.
        if (rows === undefined) await this.#loadRows(batchRows(batch));
        this.#bytes += batch.length;
        await this.#checkpoint();
      }
    } finally {
      release(statement);
    }
  }

  async #loadRows(rows: Iterable<Row>): Promise<void> {
    for (const row of rows) {
      this.#n++;
      if (this.#n % checkEvery === 0) await this.#checkpoint();
      if (this.#keepsInstallation && describesInstallation(row)) continue;
      this.#refuseForeignText(row);
      try {
        this.target.add(this.#n, this.#mapped(row));
        this.#rows++;
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        this.#refused.push(error);
      }
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

// Whether the engine can take JSON apart, exactly. Bytes of UTF-8 fit no other
// encoding.
function takesBatches(db: Database, encoding: string): boolean {
  const { exactReals, jsonbEach } = engineOf(db);
  return exactReals && jsonbEach && encoding === "UTF-8";
}

// Such a name needs no quotes in a JSON path, and SQLite follows such a path faster
// than a bare name.
const simpleName = /^[A-Za-z_]\w*$/;

// Gives undefined if the rows must be looked at one by one.
function batchSql(
  target: RowTarget,
  mapper: ColumnMapper,
  columns: string[],
): string | undefined {
  if (!columns.every((name) => simpleName.test(name))) return undefined;
  const mapping = mappingOf(mapper, columns);
  if (!mapping || mapping.unknown.length > 0) return undefined;
  const cells = mapping.indexes.map((i) =>
    i < 0 ? "NULL" : `value ->> '$.${columns[i]}'`
  );
  const from = "jsonb_each(CAST(? AS TEXT))";
  return target.batchSql(cells, mapping.mask, from);
}

function mappingOf(
  mapper: ColumnMapper,
  columns: string[],
): Mapping | undefined {
  try {
    return mapper.mapping(columns);
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}

// Inserts a JSON array of rows, all or none; gives undefined if one is refused.
function insertBatch(
  statement: Statement,
  batch: Uint8Array,
): number | undefined {
  try {
    return statement.run(batch);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function describesInstallation({ columns, kinds, values }: Row): boolean {
  const i = columns.findIndex((name) => foldName(name) === "key");
  if (i < 0 || kinds[i] !== "t") return false;
  return isInstallationKey(decodeText(values[i] as Uint8Array));
}
