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
import { grouped } from "../text.ts";
import { applyChanges } from "./apply.ts";
import { ColumnMapper, type MappedRow } from "./columns.ts";
import { findChanges } from "./diff.ts";
import { DirectInserter } from "./direct.ts";
import { rowFault } from "./faults.ts";
import type { LeftOut, TableReport } from "./report.ts";
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
}

/** The encodings of the two databases. */
export interface Encodings {
  here: string;
  backup: string;
}

/** Rows between two looks at whether to stop. */
const checkEvery = 1000;

/** Restores tables of one database, in a transaction of the caller's. */
export class TableRestorer {
  constructor(
    readonly db: Database,
    readonly encoding: Encodings,
    readonly checkpoint: () => Promise<void>,
  ) {}

  get #utf8(): boolean {
    return this.encoding.here === "UTF-8";
  }

  /**
   * Puts every row of the backup into the table.
   *
   * @throws {BackupError} where a row cannot come in as it is in the backup.
   */
  async restore(task: TableTask): Promise<TableOutcome> {
    const mapper = new ColumnMapper(task.table);
    const report = this.#isEmpty(task.table)
      ? await this.#insertAll(task, mapper)
      : await this.#merge(task, mapper);
    const leftOut = [...mapper.leftBehind].map(([column, count]) => ({
      table: task.table.name,
      column,
      count,
      reason: "the table here has no such column",
    }));
    return { report, leftOut };
  }

  #isEmpty(table: Table): boolean {
    const rows = `SELECT 1 FROM main.${identifier(table.name)} LIMIT 1`;
    return scalar(this.db, rows) === null;
  }

  async #insertAll(
    task: TableTask,
    mapper: ColumnMapper,
  ): Promise<TableReport> {
    const inserter = new DirectInserter(this.db, task.table, this.#utf8);
    try {
      const rows = await this.#each(task, mapper, inserter);
      return reportOf(task, rows, { added: rows, changed: 0 }, 0);
    } finally {
      inserter.finalize();
    }
  }

  async #merge(task: TableTask, mapper: ColumnMapper): Promise<TableReport> {
    const stage = new Stage(this.db, task.table, this.#utf8);
    try {
      const rows = await this.#each(task, mapper, stage);
      refuseDuplicates(stage);
      const found = findChanges(this.db, stage);
      let replaced = 0;
      if (found.added + found.changed > 0) {
        const { victims } = task;
        replaced = await applyChanges(this.db, stage, victims, this.checkpoint);
        this.#prove(stage);
      }
      return reportOf(task, rows, found, replaced);
    } finally {
      stage.drop();
    }
  }

  async #each(
    { table, rows, created }: TableTask,
    mapper: ColumnMapper,
    target: { add(n: number, row: MappedRow): void },
  ): Promise<number> {
    const keepsState = foldName(table.name) === META_TABLE && !created;
    let n = 0;
    let taken = 0;
    for (const row of rows) {
      n++;
      if (keepsState && describesInstallation(row)) continue;
      this.#refuseForeignText(table, row, n);
      target.add(n, mapped(mapper, row, n));
      taken++;
      if (taken % checkEvery === 0) await this.checkpoint();
    }
    return taken;
  }

  // Text that is not valid Unicode has a meaning in one encoding only.
  #refuseForeignText(table: Table, { kinds }: Row, n: number): void {
    const { here, backup } = this.encoding;
    if (here === backup || !kinds.includes("x")) return;
    const reason = `it has text that only a database in ${backup} can hold`;
    throw rowFault(table.name, n, reason);
  }

  // That each row of the backup is here now, and as it is in the backup, is
  // looked up and not believed.
  #prove(stage: Stage): void {
    const { added, changed } = findChanges(this.db, stage);
    if (added + changed === 0) return;
    const n = scalar(this.db, "SELECT min(n) FROM temp.soy_changes") as number;
    throw rowFault(
      stage.table.name,
      n,
      "the table here cannot hold it beside the other rows of the backup, " +
        "since both have a value that must be unique",
    );
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

function refuseDuplicates(stage: Stage): void {
  const pair = stage.duplicate();
  if (!pair) return;
  const columns = stage.key!.columns.join(", ");
  throw rowFault(
    stage.table.name,
    pair[1],
    `row ${grouped(pair[0])} of the backup has the same ${columns}`,
  );
}

function reportOf(
  { table }: TableTask,
  rows: number,
  { added, changed }: { added: number; changed: number },
  replaced: number,
): TableReport {
  const unchanged = rows - added - changed;
  return { name: table.name, rows, added, changed, unchanged, replaced };
}
