/**
 * Restoring a backup into an open database, within one transaction of the
 * caller's.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hasTable } from "../database/connection.ts";
import { encodingOf, schemaEntries } from "../database/schema.ts";
import { contentOf, isFullText } from "../database/virtual.ts";
import { foldName, identifier, literal } from "../database/sql.ts";
import { BackupError, messageOf } from "../errors.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { SchemaObject } from "../format/members.ts";
import { printable, quoted } from "../text.ts";
import { createObject, existingNames } from "./schema_objects.ts";
import { findDangling, type Victims } from "./references.ts";
import { allFaults, type RowFault } from "./faults.ts";
import { type Plan, planImport, type PlanOptions } from "./plan.ts";
import type { ImportReport, LeftOut, TableReport } from "./report.ts";
import { raiseSequences } from "./sequences.ts";
import { TableRestorer } from "./table.ts";
import { putTriggersBack, setTriggersAside } from "./triggers.ts";
import type { Checkpoint } from "../session.ts";

/** How to restore. */
export interface RestoreOptions extends PlanOptions {
  /** Whether rows that are only here go. */
  exact: boolean;
  /** Whether rows that the tables here refuse are left out. */
  skipInvalid: boolean;
  /** Called now and then; throws to stop. */
  checkpoint: Checkpoint;
}

/**
 * Restores a backup.
 *
 * @throws {BackupError} where anything of it cannot come in as it is; the caller
 * then rolls back.
 */
export async function restoreBackup(
  db: Database,
  backup: BackupFile,
  options: RestoreOptions,
): Promise<ImportReport> {
  const triggers = setTriggersAside(db);
  const plan = planImport(db, backup, options);
  const restored = await restoreTables(db, backup, plan, options);
  const isTrigger = ({ type }: SchemaObject) => type === "trigger";
  const unmade = makeLater(db, plan.later.filter((made) => !isTrigger(made)));
  raiseSequences(db, backup, plan);
  const warnings = [
    ...rebuildIndexes(db, restored.tables),
    ...(options.everything ? [] : logImport(db, backup.name, restored.tables)),
  ];
  // Nothing is written from here on, so that no trigger runs.
  unmade.push(...makeLater(db, plan.later.filter(isTrigger)));
  putTriggersBack(db, triggers);
  return {
    source: backup.name,
    date: backup.members.backup_date,
    createdDatabase: options.whole,
    createdTables: plan.created,
    tables: restored.tables,
    skipped: plan.skipped,
    leftOut: [...plan.leftOut, ...restored.leftOut, ...unmade],
    refused: restored.refused.map(({ table, row, reason }) => ({
      table,
      row,
      reason,
    })),
    dangling: findDangling(db, restored.victims),
    warnings,
  };
}

async function restoreTables(
  db: Database,
  backup: BackupFile,
  plan: Plan,
  { exact, skipInvalid, checkpoint }: RestoreOptions,
) {
  const tables: TableReport[] = [];
  const leftOut: LeftOut[] = [];
  const refused: RowFault[] = [];
  const victims: Victims[] = [];
  const restorer = new TableRestorer(db, {
    encoding: encodingOf(db),
    backupEncoding: backup.members.database?.encoding ?? "UTF-8",
    exact,
    checkpoint,
  });
  for (const [i, { table, span, created }] of plan.tables.entries()) {
    const gone = `soy_victims_${i}`;
    const outcome = await restorer.restore({
      table,
      backup,
      span,
      created,
      victims: gone,
    });
    const { replaced, removed } = outcome.report;
    tables.push(outcome.report);
    leftOut.push(...outcome.leftOut);
    refused.push(...outcome.refused);
    if (replaced + removed > 0) victims.push({ table, rows: gone });
  }
  if (refused.length > 0 && !skipInvalid) throw allFaults(refused);
  return { tables, leftOut, refused, victims };
}

function makeLater(db: Database, objects: SchemaObject[]): LeftOut[] {
  const existing = existingNames(db);
  const taken = objects.filter(({ name }) => existing.has(foldName(name)));
  for (const object of objects) {
    if (!taken.includes(object)) createObject(db, object);
  }
  return taken.map(({ type, name, table }) => ({
    table,
    count: 0,
    reason: `its ${type} ${quoted(name)} was not made, since there is ` +
      "something else of that name here",
  }));
}

// Full-text indexes over other tables are filled by triggers, which were aside.
function rebuildIndexes(db: Database, tables: TableReport[]): string[] {
  const touched = new Set(
    tables
      .filter(({ added, changed }) => added + changed > 0)
      .map(({ name }) => foldName(name)),
  );
  const warnings: string[] = [];
  const entries = schemaEntries(db);
  const views = new Set(
    entries.filter(({ type }) => type === "view")
      .map(({ name }) => foldName(name)),
  );
  const isTouched = (name: string) =>
    touched.has(name) || (views.has(name) && touched.size > 0);
  for (const { type, name, sql } of entries) {
    if (type !== "table" || !isFullText(sql)) continue;
    const content = contentOf(sql);
    if (!content || !isTouched(foldName(content))) continue;
    const table = identifier(name);
    try {
      db.exec(`INSERT INTO main.${table} (${table}) VALUES ('rebuild')`);
    } catch (error) {
      const reason = printable(messageOf(error));
      warnings.push(`The index ${quoted(name)} was not rebuilt: ${reason}`);
    }
  }
  return warnings;
}

function logImport(
  db: Database,
  source: string,
  tables: TableReport[],
): string[] {
  if (!hasTable(db, "activity_log")) return [];
  const count = tables.filter(({ rows }) => rows > 0).length;
  try {
    db.exec(
      "INSERT INTO main.activity_log (entity_type, entity_id, action, details) " +
        "VALUES ('system', 0, 'backup_imported', " +
        `json_object('source', ${
          literal(source)
        }, 'tables_imported', ${count}))`,
    );
    return [];
  } catch (error) {
    const reason = printable(messageOf(error));
    // A rule may end the transaction (ON CONFLICT ROLLBACK), and the import with it.
    if (!db.inTransaction) {
      throw new BackupError(
        `a rule of "activity_log" refuses the import's own entry: ${reason}`,
      );
    }
    return [`The import could not be noted in activity_log: ${reason}`];
  }
}
