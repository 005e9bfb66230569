/**
 * Restoring one table of a backup.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { dirname } from "@std/path";
import { scalar } from "../database/connection.ts";
import { obstacleTo } from "../database/definitions.ts";
import { TableRules } from "../database/rules.ts";
import { foldName, identifier } from "../database/sql.ts";
import { onDisk, TEMPORARY } from "../faults.ts";
import { quoted } from "../text.ts";
import { META_TABLE } from "../soy/meta.ts";
import { DirectInserter } from "./load/direct.ts";
import { type LoadedExactly, loadExactly } from "./load/altered.ts";
import type { LoadContext } from "./load/loader.ts";
import { HiddenRowids } from "./load/rowids.ts";
import type { DisplacedRows } from "./merge/displaced.ts";
import { exampleStored } from "./merge/examples.ts";
import { mergeRows } from "./merge/merge.ts";
import { Stage } from "./merge/stage.ts";
import { type Standing, standing } from "./merge/unchanged.ts";
import type { PlannedTable } from "./plan.ts";
import {
  type AlteredValues,
  emptyReport,
  type LeftOut,
  type TableReport,
} from "./report.ts";
import type { RowFault } from "./row_faults.ts";

/**
 * What an import comes to for a table that has all rows of the backup as they are in
 * it.
 *
 * @param localOnly How many more it has.
 */
export function unchangedOutcome(
  { table, span: { rows } }: PlannedTable,
  localOnly = 0,
): TableOutcome {
  const counts = { rows, unchanged: rows, localOnly };
  const report = { ...emptyReport(table.name), ...counts };
  return { report, leftOut: [], refused: [], altered: [] };
}

function leftAlone(
  { table: { name }, span }: PlannedTable,
  reason?: string,
): TableOutcome {
  const leftOut = reason ? [{ table: name, count: span.rows, reason }] : [];
  return { report: emptyReport(name), leftOut, refused: [], altered: [] };
}

/** What an import came to for one table. */
export interface TableOutcome {
  report: TableReport;
  leftOut: LeftOut[];
  refused: RowFault[];
  altered: AlteredValues[];
}

/** What becomes of local rows. */
export interface MergeWays {
  /** Whether to remove those that the backup doesn't have. */
  exact: boolean;
  /** Whether those stay that were edited after the backup was made. */
  keepNewer: boolean;
}

/**
 * Restores the rows of one table, right into it if it is empty, else beside the local
 * ones.
 *
 * @param displaced Gets the local rows that are replaced or removed.
 * @throws {BackupError} if rows of the backup exclude each other.
 */
export async function restoreTable(
  context: LoadContext,
  planned: PlannedTable,
  displaced: DisplacedRows,
  ways: MergeWays,
): Promise<TableOutcome> {
  const { db } = context;
  const { table, span } = planned;
  const empty = isEmpty(db, planned);
  const obstacle = obstacleTo(db, table, !empty);
  if (obstacle) {
    return leftAlone(
      planned,
      ways.exact || span.rows > 0 ? obstacle : undefined,
    );
  }
  const rules = rulesOf(context, planned);
  const rowids = HiddenRowids.of(db, context.backup, planned);
  const outcome = empty
    ? await insertAll(context, planned, rules, rowids)
    : await mergeAll(context, planned, rules, rowids, displaced, ways);
  rules.restore();
  rowids?.drop();
  return outcome;
}

async function mergeAll(
  context: LoadContext,
  planned: PlannedTable,
  rules: TableRules,
  rowids: HiddenRowids | undefined,
  displaced: DisplacedRows,
  { exact, keepNewer }: MergeWays,
): Promise<TableOutcome> {
  const { db, backup, encoding, checkpoint } = context;
  const stage = new Stage(db, planned.table, encoding, rowids);
  try {
    const loading = () => loadExactly(context, planned, stage);
    const loaded = await onDisk(TEMPORARY, loading);
    const newer = keepNewer ? { date: backup.members.backup_date } : undefined;
    const options = { exact, newer, rules, checkpoint };
    const merged = await mergeRows(stage, displaced, loaded, options);
    return outcomeOf(planned, loaded, merged.report, merged.refused);
  } finally {
    stage.drop();
  }
}

// Rows of a backup that nobody edited come back though they break a rule, if it is
// their own table's.
function rulesOf(
  { db, backup: { intact }, definitions }: LoadContext,
  { table }: PlannedTable,
): TableRules {
  return new TableRules(db, table, intact && definitions.has(table.sql));
}

/** Whether a table has no rows. */
export function isEmpty(db: Database, { table }: PlannedTable): boolean {
  const rows = `SELECT 1 FROM main.${identifier(table.name)} LIMIT 1`;
  try {
    return scalar(db, rows) === null;
  } catch (error) {
    // A virtual table that needs what only the application has shows no row.
    if (table.kind === "virtual") return true;
    throw error;
  }
}

async function insertAll(
  context: LoadContext,
  planned: PlannedTable,
  rules: TableRules,
  rowids: HiddenRowids | undefined,
): Promise<TableOutcome> {
  const { db, encoding } = context;
  const { table } = planned;
  const inserter = new DirectInserter(db, table, encoding, rowids);
  try {
    const place = quoted(dirname(db.path));
    const loading = () => loadExactly(context, planned, inserter);
    let loaded = await onDisk(place, loading);
    if (loaded.refused.length > 0 && rules.lift()) {
      db.exec(`DELETE FROM main.${identifier(table.name)}`);
      loaded = await onDisk(place, loading);
    }
    const { rows } = loaded;
    const report = { ...emptyReport(table.name), rows, added: rows };
    report.examples.added = exampleStored(db, table);
    return outcomeOf(planned, loaded, report, []);
  } finally {
    inserter.finalize();
  }
}

/** How a table with rows stands to what the backup has for it. */
export async function standingOf(
  context: LoadContext,
  { table, span }: PlannedTable,
): Promise<Standing> {
  const { db, backup, encoding, backupEncoding, checkpoint } = context;
  // Some settings describe this installation; they are not compared, nor counted.
  if (foldName(table.name) === META_TABLE) return "other";
  if (encoding !== backupEncoding) return "other";
  return await standing(db, table, backup, span, checkpoint);
}

function outcomeOf(
  { table }: PlannedTable,
  loaded: LoadedExactly,
  report: TableReport,
  refused: RowFault[],
): TableOutcome {
  const leftOut = [...loaded.unknownColumns].map(([column, count]) => ({
    table: table.name,
    column,
    count,
    reason: "the local table has no such column",
  }));
  return {
    report,
    leftOut,
    refused: [...loaded.refused, ...refused],
    altered: loaded.altered,
  };
}
