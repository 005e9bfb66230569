/**
 * Restoring one table.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { decodeText, type Row } from "../database/cells.ts";
import { scalar } from "../database/connection.ts";
import type { Table } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import { isInstallationKey, META_TABLE } from "../soy/meta.ts";
import { ColumnMapper, type MappedRow } from "./columns.ts";
import { DirectInserter } from "./direct.ts";
import { RowFault, rowFault } from "./faults.ts";
import { Merge } from "./merge.ts";
import { emptyReport, type LeftOut, type TableReport } from "./report.ts";
import { Stage } from "./stage.ts";

/** A table to restore. */
export interface TableTask {
  /** The table here. */
  table: Table;
  /** Its rows in the backup. */
  rows: Iterable<Row>;
  /** Whether this import made the table. */
  created: boolean;
  /** The name of a temporary table for rows that give way. */
  victims: string;
}

/** What came of it. */
export interface TableOutcome {
  report: TableReport;
  leftOut: LeftOut[];
  /** Rows that the table refused. */
  refused: RowFault[];
}

/** How to restore tables. */
export interface TableOptions {
  /** The encoding of the database here. */
  encoding: string;
  /** The encoding of the database that was backed up. */
  backupEncoding: string;
  /** Whether rows that are only here go. */
  exact: boolean;
  /** Called now and then; throws to stop. */
  checkpoint: () => Promise<void>;
}

/** Takes the rows of a backup, by number. */
interface RowTarget {
  add(n: number, row: MappedRow): void;
}

/** Rows between two looks at whether to stop. */
const checkEvery = 1000;

/** Restores tables of one database, in a transaction of the caller's. */
export class TableRestorer {
  constructor(readonly db: Database, readonly options: TableOptions) {}

  /**
   * Puts every row of the backup into the table, but for those that it refuses.
   *
   * @throws {BackupError} where the backup contradicts itself.
   */
  async restore(task: TableTask): Promise<TableOutcome> {
    const mapper = new ColumnMapper(task.table);
    const refused: RowFault[] = [];
    const report = this.#isEmpty(task.table)
      ? await this.#insertAll(task, mapper, refused)
      : await this.#merge(task, mapper, refused);
    const leftOut = [...mapper.leftBehind].map(([column, count]) => ({
      table: task.table.name,
      column,
      count,
      reason: "the table here has no such column",
    }));
    return { report, leftOut, refused };
  }

  #isEmpty(table: Table): boolean {
    const rows = `SELECT 1 FROM main.${identifier(table.name)} LIMIT 1`;
    return scalar(this.db, rows) === null;
  }

  async #insertAll(
    task: TableTask,
    mapper: ColumnMapper,
    refused: RowFault[],
  ): Promise<TableReport> {
    const inserter = new DirectInserter(
      this.db,
      task.table,
      this.options.encoding,
    );
    try {
      const rows = await this.#each(task, mapper, inserter, refused);
      return { ...emptyReport(task.table.name), rows, added: rows };
    } finally {
      inserter.finalize();
    }
  }

  async #merge(
    task: TableTask,
    mapper: ColumnMapper,
    refused: RowFault[],
  ): Promise<TableReport> {
    const stage = new Stage(this.db, task.table, this.options.encoding);
    try {
      const rows = await this.#each(task, mapper, stage, refused);
      const { exact, checkpoint } = this.options;
      const merge = new Merge(this.db, stage, task.victims, exact, checkpoint);
      return await merge.run(rows, refused);
    } finally {
      stage.drop();
    }
  }

  async #each(
    { table, rows, created }: TableTask,
    mapper: ColumnMapper,
    target: RowTarget,
    refused: RowFault[],
  ): Promise<number> {
    const keepsState = foldName(table.name) === META_TABLE && !created;
    let n = 0;
    let taken = 0;
    for (const row of rows) {
      n++;
      if (n % checkEvery === 0) await this.options.checkpoint();
      if (keepsState && describesInstallation(row)) continue;
      this.#refuseForeignText(table, row, n);
      try {
        target.add(n, mapped(mapper, row, n));
        taken++;
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        refused.push(error);
      }
    }
    return taken;
  }

  // Text that is not valid Unicode has a meaning in one encoding only.
  #refuseForeignText(table: Table, { kinds }: Row, n: number): void {
    const { encoding, backupEncoding } = this.options;
    if (encoding === backupEncoding || !kinds.includes("x")) return;
    const reason =
      `it has text that only a database in ${backupEncoding} can ` +
      "hold";
    throw rowFault(table.name, n, reason);
  }
}

function mapped(mapper: ColumnMapper, row: Row, n: number): MappedRow {
  try {
    return mapper.map(row);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    throw rowFault(mapper.table.name, n, error.message);
  }
}

function describesInstallation({ columns, kinds, values }: Row): boolean {
  const place = columns.findIndex((name) => foldName(name) === "key");
  if (place < 0 || kinds[place] !== "t") return false;
  return isInstallationKey(decodeText(values[place] as Uint8Array));
}
