/**
 * Restoring a backup into an open database, within one transaction of the
 * caller's.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { dirname } from "@std/path";
import { countRows, sizeOf } from "../database/connection.ts";
import { limitValues } from "../database/engine.ts";
import { type Lacking, obstacleTo } from "../database/definitions.ts";
import { onDisk, TEMPORARY } from "../faults.ts";
import { quoted } from "../text.ts";
import { encodingOf, type SchemaObject } from "../database/schema.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { type Checkpoint, stepOf } from "../session.ts";
import type { LoadContext } from "./load/loader.ts";
import {
  type ConflictMode,
  resolveConflicts,
  type Resolved,
} from "./merge/conflicts.ts";
import { DisplacedRows } from "./merge/displaced.ts";
import {
  findUnfilled,
  rebuildFullText,
  type Written,
  writtenTables,
} from "./full_text.ts";
import { logImport } from "./log.ts";
import { keylessWarnings } from "./parents.ts";
import {
  type Plan,
  planImport,
  type PlannedTable,
  type PlanOptions,
} from "./plan.ts";
import { findRealTexts } from "./real_texts.ts";
import { findOrphaned } from "./references.ts";
import {
  type AlteredValues,
  type ImportReport,
  type LeftOut,
  notCreated,
  type StaleIndex,
  type TableReport,
} from "./report.ts";
import {
  isEmpty,
  type MergeWays,
  restoreTable,
  standingOf,
  type TableOutcome,
  unchangedOutcome,
} from "./restore_table.ts";
import { allFaults, type RowFault } from "./row_faults.ts";
import {
  createObjects,
  dropTriggers,
  raiseSequences,
} from "./schema_objects.ts";

/** How to restore. */
export interface RestoreOptions extends PlanOptions, MergeWays {
  /** What to do about local rows with the numbers of other records. */
  conflicts: ConflictMode;
  /** Whether to leave out rows that their tables refuse. */
  skipInvalid: boolean;
  /** The name of the snapshot for undo, if one is taken. */
  snapshot?: string | undefined;
  /** What a progress bar calls the work; `Importing` unless told. */
  doing?: string;
  /** Called now and then; throws to stop. */
  checkpoint: Checkpoint;
}

/**
 * Restores a backup.
 *
 * @param db The database, in a transaction, which the caller rolls back if this
 * throws.
 * @param backup The backup.
 * @throws {BackupError} if anything of it can't be restored as it is.
 */
export async function restoreBackup(
  db: Database,
  backup: BackupFile,
  options: RestoreOptions,
): Promise<ImportReport> {
  // What the backup has is not longer than its file, even if SQLite makes JSON of it.
  limitValues(db, 64_000_000 + 8 * Math.max(backup.size, sizeOf(db)));
  // What writes to one of the two only says so itself.
  const places = `${quoted(dirname(db.path))} or of ${TEMPORARY}`;
  return await onDisk(places, () => restore(db, backup, options));
}

async function restore(
  db: Database,
  backup: BackupFile,
  options: RestoreOptions,
): Promise<ImportReport> {
  const triggers = dropTriggers(db);
  const plan = planImport(db, backup, options);
  const restored = await restoreTables(db, backup, plan.tables, options);
  const completion = await complete(db, backup, plan, restored, options);
  for (const sql of triggers) db.exec(sql);
  const { lacking, written, notRebuilt, warnings } = completion;
  return {
    source: backup.name,
    date: backup.members.backup_date,
    createdDatabase: options.newDatabase,
    createdTables: plan.created,
    createdObjects: plan.later.filter((object) =>
      object.type !== "index" &&
      !lacking.some((lost) => lost.object === object)
    ),
    tables: restored.tables,
    skipped: plan.skipped,
    leftOut: [
      ...plan.leftOut,
      ...restored.leftOut,
      ...lacking.map(notCreated),
    ],
    lacking: [...plan.lacking, ...lacking],
    refused: restored.refused
      .map(({ table, row, reason }) => ({ table, row, reason })),
    altered: restored.altered,
    conflicts: restored.conflicts,
    unfollowed: restored.unfollowed,
    stale: [...notRebuilt, ...findUnfilled(db, written)],
    realTexts: options.allTables ? [] : findRealTexts(db, written.touched),
    orphaned: findOrphaned(db, restored.displaced),
    warnings,
  };
}

/** What came of the rows. */
interface Restored extends Resolved {
  tables: TableReport[];
  leftOut: LeftOut[];
  refused: RowFault[];
  altered: AlteredValues[];
  /** Tables with local rows that were replaced or removed. */
  displaced: DisplacedRows[];
}

async function restoreTables(
  db: Database,
  backup: BackupFile,
  planned: PlannedTable[],
  options: RestoreOptions,
): Promise<Restored> {
  const context = contextOf(db, backup, options);
  const settled = await settleNumbers(context, planned, options);
  const { unchanged, ...resolved } = settled;
  const outcomes: TableOutcome[] = [];
  const displaced: DisplacedRows[] = [];
  for (const [i, target] of planned.entries()) {
    const rows = new DisplacedRows(db, target.table, i);
    const outcome = unchanged.get(target) ??
      await restoreTable(context, target, rows, options);
    outcomes.push(outcome);
    const { replaced, removed } = outcome.report;
    if (replaced + removed > 0) displaced.push(rows);
  }
  const refused = outcomes.flatMap((outcome) => outcome.refused);
  if (refused.length > 0 && !options.skipInvalid) throw allFaults(refused);
  return {
    tables: outcomes.map(({ report }) => report),
    leftOut: outcomes.flatMap((outcome) => outcome.leftOut),
    refused,
    altered: outcomes.flatMap((outcome) => outcome.altered),
    displaced,
    ...resolved,
  };
}

function contextOf(
  db: Database,
  backup: BackupFile,
  { doing = "Importing", checkpoint }: RestoreOptions,
): LoadContext {
  const { database, schema } = backup.members;
  return {
    db,
    backup,
    encoding: encodingOf(db),
    backupEncoding: database?.encoding ?? "UTF-8",
    definitions: new Set(schema?.map(({ sql }) => sql)),
    doing,
    checkpoint,
  };
}

/**
 * Resolves conflicts of numbers; gives what comes of the tables that have all rows of
 * the backup as they are in it, too.
 */
async function settleNumbers(
  context: LoadContext,
  planned: PlannedTable[],
  { exact, conflicts }: Pick<RestoreOptions, "exact" | "conflicts">,
): Promise<Resolved & { unchanged: ReadonlyMap<PlannedTable, TableOutcome> }> {
  const unchanged = new Map<PlannedTable, TableOutcome>();
  const changed: PlannedTable[] = [];
  for (const target of planned) {
    if (isEmpty(context.db, target)) continue;
    const standing = await standingOf(context, target);
    if (standing === "same") {
      unchanged.set(target, unchangedOutcome(target));
    } else if (standing === "longer" && !exact) {
      const more = countRows(context.db, target.table.name) - target.span.rows;
      unchanged.set(target, unchangedOutcome(target, more));
    } else if (!obstacleTo(context.db, target.table, true)) {
      changed.push(target);
    }
  }
  // An exact import takes the backup's word for every row.
  if (exact && conflicts !== "keep") {
    return { conflicts: [], unfollowed: [], renumbered: 0, unchanged };
  }
  const resolved = await resolveConflicts(context, changed, conflicts);
  // What refers to a row with a new number has changed.
  const isMoved = resolved.renumbered > 0;
  return { ...resolved, unchanged: isMoved ? new Map() : unchanged };
}

/** What came of all that follows the rows. */
interface Completion {
  /** Objects of the schema that could not be created. */
  lacking: Lacking[];
  written: Written;
  notRebuilt: StaleIndex[];
  warnings: string[];
}

/** Makes indexes, counters, the import's own entry, full-text indexes and triggers. */
async function complete(
  db: Database,
  backup: BackupFile,
  plan: Plan,
  { tables, renumbered }: Pick<Restored, "tables" | "renumbered">,
  options: RestoreOptions,
): Promise<Completion> {
  const isTrigger = ({ type }: SchemaObject) => type === "trigger";
  const later = plan.later.filter((object) => !isTrigger(object));
  await options.checkpoint(stepOf("Making indexes"));
  const lacking = createObjects(db, later);
  const targets = plan.tables.map(({ table }) => table);
  raiseSequences(db, backup.members.sequences, targets);
  const origin = { source: backup.name, snapshot: options.snapshot };
  const warnings = options.allTables ? [] : [
    ...logImport(db, origin, tables),
    ...keylessWarnings(db, plan.created),
  ];
  const written = writtenTables(db, tables, {
    isLogged: !options.allTables,
    isRenumbered: renumbered > 0,
  });
  await options.checkpoint(stepOf("Finishing"));
  // After the import's own entry, which an index may cover.
  const notRebuilt = rebuildFullText(db, written);
  // Nothing is written from here on, so no trigger runs.
  lacking.push(...createObjects(db, plan.later.filter(isTrigger)));
  return { lacking, written, notRebuilt, warnings };
}
