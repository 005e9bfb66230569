/**
 * Loads the rows of one table out of a backup: in batches that SQLite itself takes
 * apart, which is several times as fast as binding cell by cell, or else row by
 * row. If a batch fails, its rows are retried one by one to find the one at fault.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { decodeText, type Row } from "../../database/cells.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import { rowsIn } from "../../format/batches.ts";
import type { RowBatch } from "../../format/row_reader.ts";
import type { Checkpoint } from "../../session.ts";
import { isInstallationKey, META_TABLE } from "../../soy/meta.ts";
import type { PlannedTable } from "../plan.ts";
import { contradiction, RowFault } from "../row_faults.ts";
import { BatchInserter, takesBatches } from "./batch.ts";
import { ColumnMapper, type MappedRow } from "./columns.ts";
import type { RowTarget, RowWatch } from "./target.ts";

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
 * @param watch Looks at rows that it has a question about.
 * @throws {BackupError} if a row can't be imported for a reason that no option
 * lifts.
 */
export async function loadRows(
  context: LoadContext,
  planned: PlannedTable,
  target: RowTarget,
  watch?: RowWatch,
): Promise<Loaded> {
  return await new Loader(context, planned, target, watch).run();
}

class Loader {
  #n = 0;
  #bytes = 0;
  #rows = 0;
  #refused: RowFault[] = [];
  #mapper: ColumnMapper;
  #batches: BatchInserter;
  /** Whether rows that describe this installation are left as they are. */
  #keepsInstallation: boolean;

  constructor(
    readonly context: LoadContext,
    readonly planned: PlannedTable,
    readonly target: RowTarget,
    readonly watch: RowWatch | undefined,
  ) {
    const { table, created } = planned;
    this.#mapper = new ColumnMapper(table);
    this.#batches = new BatchInserter(context.db, target, this.#mapper, watch);
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
      this.#batches.finalize();
    }
    const { unknownColumns } = this.#mapper;
    return { rows: this.#rows, refused: this.#refused, unknownColumns };
  }

  #takesBatches(): boolean {
    const { db, encoding } = this.context;
    return this.planned.table.kind !== "virtual" && !this.#keepsInstallation &&
      takesBatches(db, encoding);
  }

  #addBatch({ columns, json }: RowBatch): void {
    const rows = this.#batches.insert(this.#n + 1, columns, json);
    if (rows === undefined) {
      for (const row of rowsIn([json])) this.#addRow(row);
    } else {
      this.#n += rows;
      this.#rows += rows;
    }
    this.#bytes += json.length;
  }

  #addRow(row: Row): void {
    this.#n++;
    if (this.#keepsInstallation && describesInstallation(row)) return;
    this.#refuseForeignText(row);
    try {
      const mapped = this.#mapped(row);
      this.target.add(this.#n, mapped);
      this.watch?.check(this.#n, row, mapped);
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

/** Whether a row of the settings describes an installation, not its user. */
export function describesInstallation(
  { columns, kinds, values }: Row,
): boolean {
  const i = columns.findIndex((name) => foldName(name) === "key");
  if (i < 0 || kinds[i] !== "t") return false;
  return isInstallationKey(decodeText(values[i] as Uint8Array));
}
