/**
 * Restoring one table.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { scalar } from "../database/connection.ts";
import type { Table } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import { META_TABLE } from "../soy/meta.ts";
import { ColumnMapper } from "./load/columns.ts";
import { DirectInserter } from "./load/direct.ts";
import type { RowFault } from "./faults.ts";
import { Intake, type RowTarget } from "./load/intake.ts";
import { Merge } from "./merge/merge.ts";
import { emptyReport, type LeftOut, type TableReport } from "./report.ts";
import { Stage } from "./merge/stage.ts";
import { isUnchanged } from "./merge/unchanged.ts";
import type { Checkpoint } from "../session.ts";

/** A table to restore. */
export interface TableTask {
  /** The table here. */
  table: Table;
  /** The backup. */
  backup: BackupFile;
  /** Where its rows are in the backup. */
  span: TableSpan;
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
  checkpoint: Checkpoint;
}

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
      : await this.#unchanged(task) ??
        await this.#merge(task, mapper, refused);
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
      const rows = await this.#takeIn(task, mapper, inserter, refused);
      return { ...emptyReport(task.table.name), rows, added: rows };
    } finally {
      inserter.finalize();
    }
  }

  async #unchanged(
    { table, backup, span }: TableTask,
  ): Promise<TableReport | undefined> {
    const { encoding, backupEncoding, checkpoint } = this.options;
    // Of this one some rows stay as they are here and are not counted.
    if (foldName(table.name) === META_TABLE) return undefined;
    if (encoding !== backupEncoding) return undefined;
    if (!await isUnchanged(this.db, table, backup, span, checkpoint)) return;
    const { rows } = span;
    return { ...emptyReport(table.name), rows, unchanged: rows };
  }

  async #merge(
    task: TableTask,
    mapper: ColumnMapper,
    refused: RowFault[],
  ): Promise<TableReport> {
    const stage = new Stage(this.db, task.table, this.options.encoding);
    try {
      const rows = await this.#takeIn(task, mapper, stage, refused);
      const { exact, checkpoint } = this.options;
      const merge = new Merge(this.db, stage, task.victims, exact, checkpoint);
      return await merge.run(rows, refused);
    } finally {
      stage.drop();
    }
  }

  async #takeIn(
    task: TableTask,
    mapper: ColumnMapper,
    target: RowTarget,
    refused: RowFault[],
  ): Promise<number> {
    const intake = new Intake(this.db, task, mapper, target, this.options);
    return await intake.run(refused);
  }
}
