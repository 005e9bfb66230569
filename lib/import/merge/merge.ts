/**
 * Merging a backup's rows into a table that has rows already: compare, apply,
 * check.
 *
 * @module
 */
import { scalar } from "../../database/connection.ts";
import { grouped } from "../../text.ts";
import type { Loaded } from "../load/loader.ts";
import { emptyReport, type TableReport } from "../report.ts";
import { contradiction, type RowFault } from "../row_faults.ts";
import { type Applied, applyChanges, type MergeOptions } from "./apply.ts";
import { countNewerLocally, findChanges } from "./changes.ts";
import { countLocal } from "./exact.ts";
import { exampleChanges, exampleDisplaced } from "./examples.ts";
import {
  CHANGES,
  type DisplacedRows,
  type Stage,
  type State,
} from "./stage.ts";

/** What a merge came to. */
export interface Merged {
  report: TableReport;
  /** Rows of the backup that the table refused. */
  refused: RowFault[];
}

/**
 * Merges staged rows into their table.
 *
 * @param stage The rows of the backup, in a database without triggers of its own.
 * @param displaced Gets the local rows that are replaced or removed.
 * @param loaded What staging the rows came to.
 * @throws {BackupError} if rows of the backup exclude each other.
 */
export async function mergeRows(
  stage: Stage,
  displaced: DisplacedRows,
  loaded: Loaded,
  options: MergeOptions,
): Promise<Merged> {
  if (options.exact) refuseGaps(loaded);
  refuseDuplicates(stage);
  const report = compareRows(stage, loaded.rows);
  const { added, changed, localOnly } = report;
  if (added + changed === 0 && !(options.exact && localOnly > 0)) {
    return { report, refused: [] };
  }
  const { replaced, removed, refused, states } = await applyAccepted(
    stage,
    displaced,
    options,
  );
  recheck(stage);
  const kept = states.filter((state) => state === "changed").length;
  report.rows -= refused.length;
  report.added -= refused.length - kept;
  report.changed -= kept;
  report.localOnly += kept;
  if (replaced + removed > 0) {
    report.examples.gone = exampleDisplaced(displaced);
  }
  return { report: { ...report, replaced, removed }, refused };
}

// Which local rows a refused row would have kept is not known.
function refuseGaps({ refused: [first] }: Loaded): void {
  if (!first) return;
  const { table, row, reason } = first;
  throw contradiction(table, row, `${reason}, and --exact needs every row`);
}

function refuseDuplicates(stage: Stage): void {
  const pair = stage.duplicate();
  if (!pair) return;
  const columns = stage.key!.columns.join(", ");
  throw contradiction(
    stage.table.name,
    pair[1],
    `row ${grouped(pair[0])} of the backup has the same ${columns}`,
  );
}

function compareRows(stage: Stage, rows: number): TableReport {
  const { added, changed } = findChanges(stage);
  const matched = rows - added;
  return {
    ...emptyReport(stage.table.name),
    rows,
    added,
    changed,
    unchanged: matched - changed,
    localOnly: countLocal(stage) - matched,
    newerLocally: countNewerLocally(stage),
    examples: {
      added: exampleChanges(stage, "new"),
      changed: exampleChanges(stage, "changed"),
      gone: [],
    },
  };
}

// If the table refuses rows, all is undone and applied again without them, so that
// the local rows that they would have changed or replaced stay as they are.
async function applyAccepted(
  stage: Stage,
  displaced: DisplacedRows,
  options: MergeOptions,
): Promise<Applied & { states: State[] }> {
  const { db } = stage;
  let refused: RowFault[] = [];
  const states: State[] = [];
  for (;;) {
    db.exec("SAVEPOINT soy_table");
    const applied = await applyChanges(stage, displaced, options);
    if (applied.refused.length === 0) {
      db.exec("RELEASE soy_table");
      return { ...applied, refused, states };
    }
    db.exec("ROLLBACK TO soy_table; RELEASE soy_table");
    for (const { row } of applied.refused) states.push(stage.refuse(row));
    refused = refused.concat(applied.refused);
  }
}

// Re-checked after the apply step: that the table has each row of the backup, and
// as it is there.
function recheck(stage: Stage): void {
  const { added, changed } = findChanges(stage);
  if (added + changed === 0) return;
  const n = scalar(stage.db, `SELECT min(n) FROM ${CHANGES}`) as number;
  throw contradiction(
    stage.table.name,
    n,
    "the table can't hold it together with the other rows of the backup, " +
      "since two of them have the same value where it must be unique",
  );
}
