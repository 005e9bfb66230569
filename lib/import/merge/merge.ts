/**
 * Merging staged rows into a table that has rows already.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { scalar } from "../../database/connection.ts";
import { identifier } from "../../database/sql.ts";
import { grouped } from "../../text.ts";
import { type Applied, applyChanges } from "./apply.ts";
import { findChanges } from "./changes.ts";
import { countNewerHere, exampleChanges, exampleVictims } from "./examples.ts";
import { contradiction, type RowFault } from "../faults.ts";
import { rowsHere } from "./only_here.ts";
import { emptyReport, type TableReport } from "../report.ts";
import { CHANGES, type Stage } from "./stage.ts";
import type { Checkpoint } from "../../session.ts";

/** One merge. */
export class Merge {
  /**
   * @param db The database, in a transaction, without triggers of its own.
   * @param stage The rows of the backup.
   * @param victims The name of a temporary table for rows that give way.
   * @param exact Whether rows that are only here go.
   * @param checkpoint Called now and then; throws to stop.
   */
  constructor(
    readonly db: Database,
    readonly stage: Stage,
    readonly victims: string,
    readonly exact: boolean,
    readonly checkpoint: Checkpoint,
  ) {}

  /**
   * Merges the rows.
   *
   * @param rows How many are staged.
   * @param refused Gets the rows that the table refuses.
   * @throws {BackupError} where rows of the backup exclude each other.
   */
  async run(rows: number, refused: RowFault[]): Promise<TableReport> {
    // What such a row would have kept from going is not known.
    if (this.exact && refused.length > 0) {
      const { table, row, reason } = refused[0]!;
      throw contradiction(table, row, `${reason}, and --exact needs every row`);
    }
    this.#refuseDuplicates();
    const report = this.#compare(rows);
    const { added, changed, onlyHere } = report;
    if (added + changed === 0 && !(this.exact && onlyHere > 0)) return report;
    const { replaced, removed } = await this.#apply(report, refused);
    this.#prove();
    if (replaced + removed > 0) {
      const { table } = this.stage;
      report.examples.gone = exampleVictims(this.db, table, this.victims);
    }
    return { ...report, replaced, removed };
  }

  #refuseDuplicates(): void {
    const pair = this.stage.duplicate();
    if (!pair) return;
    const columns = this.stage.key!.columns.join(", ");
    throw contradiction(
      this.stage.table.name,
      pair[1],
      `row ${grouped(pair[0])} of the backup has the same ${columns}`,
    );
  }

  #compare(rows: number): TableReport {
    const { db, stage } = this;
    const { name } = stage.table;
    const { added, changed } = findChanges(db, stage);
    const matched = rows - added;
    return {
      ...emptyReport(name),
      rows,
      added,
      changed,
      unchanged: matched - changed,
      onlyHere: rowsHere(db, stage) - matched,
      newerHere: countNewerHere(db, stage, `main.${identifier(name)}`),
      examples: {
        added: exampleChanges(db, stage, "new"),
        changed: exampleChanges(db, stage, "changed"),
        gone: [],
      },
    };
  }

  // Where the table refuses rows, what was done is undone and done again without
  // them, so that the rows here which they would have changed stay as they are.
  async #apply(report: TableReport, refused: RowFault[]): Promise<Applied> {
    const { db, stage, victims, exact, checkpoint } = this;
    for (;;) {
      db.exec("SAVEPOINT soy_table");
      const done = await applyChanges(db, stage, victims, exact, checkpoint);
      if (done.refused.length === 0) {
        db.exec("RELEASE soy_table");
        return done;
      }
      db.exec("ROLLBACK TO soy_table; RELEASE soy_table");
      this.#leaveOut(done.refused, report);
      refused.push(...done.refused);
    }
  }

  #leaveOut(refused: RowFault[], report: TableReport): void {
    for (const { row } of refused) {
      const sql = `SELECT state FROM ${CHANGES} WHERE n = ${row}`;
      if (scalar(this.db, sql) === "new") report.added--;
      else {
        report.changed--;
        report.onlyHere++;
      }
      report.rows--;
      this.stage.refuse(row);
    }
  }

  // That each row of the backup is here now, and as it is in the backup, is
  // looked up and not believed.
  #prove(): void {
    const { added, changed } = findChanges(this.db, this.stage);
    if (added + changed === 0) return;
    const n = scalar(this.db, `SELECT min(n) FROM ${CHANGES}`) as number;
    throw contradiction(
      this.stage.table.name,
      n,
      "the table here cannot hold it beside the other rows of the backup, " +
        "since both have a value that must be unique",
    );
  }
}
