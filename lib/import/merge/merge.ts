/**
 * Merging a backup's rows into a table that has rows already: compare, apply,
 * check.
 *
 * @module
 */
import { scalar } from "../../database/connection.ts";
import type { BackupError } from "../../errors.ts";
import { onDisk, TEMPORARY } from "../../faults.ts";
import { stepOf } from "../../session.ts";
import { grouped, printable } from "../../text.ts";
import type { Loaded } from "../load/loader.ts";
import { emptyReport, type TableReport } from "../report.ts";
import { contradiction, RowFault } from "../row_faults.ts";
import { type Applied, applyChanges, type MergeOptions } from "./apply.ts";
import { findChanges } from "./changes.ts";
import { countLocal } from "./exact.ts";
import { exampleChanges, exampleDisplaced, FEW } from "./examples.ts";
import { countNewerLocally, keepNewer } from "./newer.ts";
import type { DisplacedRows } from "./displaced.ts";
import type { Stage, State } from "./stage.ts";
import { CHANGES } from "./temporary.ts";

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
  await options.checkpoint(stepOf("Merging", stage.table.name));
  const duplicates = refuseDuplicates(stage);
  const kept = options.newer ? keepNewer(stage, options.newer.date) : [];
  const staged = loaded.rows - duplicates.length - kept.length;
  const comparing = () => compareRows(stage, staged, kept);
  const report = await onDisk(TEMPORARY, comparing);
  const { added, changed, localOnly } = report;
  if (added + changed === 0 && !(options.exact && localOnly > 0)) {
    return { report, refused: duplicates };
  }
  const { replaced, removed, refused, states } = await applyAccepted(
    stage,
    displaced,
    options,
  );
  const stayed = states.filter((state) => state === "changed").length;
  report.rows -= refused.length;
  report.added -= refused.length - stayed;
  report.changed -= stayed;
  report.localOnly += stayed;
  if (replaced + removed > 0) {
    report.examples.gone = exampleDisplaced(displaced);
  }
  return {
    report: { ...report, replaced, removed },
    refused: [...duplicates, ...refused].sort((a, b) => a.row - b.row),
  };
}

// Which local rows a refused row would have kept is not known.
function refuseGaps({ refused: [first] }: Loaded): void {
  if (!first) return;
  const { table, row, reason } = first;
  throw contradiction(table, row, `${reason}, and --exact needs every row`);
}

// The first of the rows with a key stays, as in a table that was empty.
function refuseDuplicates(stage: Stage): RowFault[] {
  const duplicates = stage.duplicates();
  if (duplicates.length === 0) return [];
  stage.refuse(duplicates.map(([n]) => n));
  const columns = printable(stage.key!.columns.join(", "));
  return duplicates.map(([n, first]) =>
    new RowFault(
      stage.table.name,
      n,
      `row ${grouped(first)} of the backup has the same ${columns}`,
    )
  );
}

function compareRows(
  stage: Stage,
  rows: number,
  kept: (string | undefined)[],
): TableReport {
  const { added, changed } = findChanges(stage);
  const matched = rows - added;
  return {
    ...emptyReport(stage.table.name),
    rows,
    added,
    changed,
    unchanged: matched - changed,
    localOnly: countLocal(stage) - matched - kept.length,
    newerLocally: countNewerLocally(stage),
    keptNewer: kept.length,
    examples: {
      added: exampleChanges(stage, "new"),
      changed: exampleChanges(stage, "changed"),
      gone: [],
      kept: kept.flatMap((name) => name ?? []).slice(0, FEW),
    },
  };
}

// If the table refuses rows, all is undone and applied again without them, so that
// the local rows that they would have changed or replaced stay as they are; but first
// without the table's rules, if they may be lifted. If rows of the backup have displaced
// each other, all is undone and applied with care.
async function applyAccepted(
  stage: Stage,
  displaced: DisplacedRows,
  options: MergeOptions,
): Promise<Applied & { states: (State | undefined)[] }> {
  const { db } = stage;
  let refused: RowFault[] = [];
  let states: (State | undefined)[] = [];
  for (let careful = false;;) {
    db.exec("SAVEPOINT soy_table");
    const applied = await applyChanges(stage, displaced, options, careful);
    const found = applied.refused;
    const lost = found.length === 0 ? lostRow(stage) : undefined;
    if (found.length === 0 && lost === undefined) {
      db.exec("RELEASE soy_table");
      return { ...applied, refused, states };
    }
    if (lost !== undefined && careful) throw lostFault(stage, lost);
    db.exec("ROLLBACK TO soy_table; RELEASE soy_table");
    if (lost !== undefined) careful = true;
    else if (options.rules.lift()) continue;
    states = states.concat(stage.refuse(found.map(({ row }) => row)));
    refused = refused.concat(found);
  }
}

// Whether the table has each row of the backup, and as it is there.
function lostRow(stage: Stage): number | undefined {
  const { added, changed } = findChanges(stage);
  if (added + changed === 0) return undefined;
  return scalar(stage.db, `SELECT min(n) FROM ${CHANGES}`) as number;
}

function lostFault({ table }: Stage, n: number): BackupError {
  return contradiction(
    table.name,
    n,
    "the table can't hold it together with the other rows of the backup, " +
      "since two of them have the same value where it must be unique",
  );
}
