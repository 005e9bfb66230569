/**
 * What follows the rows of an import.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import type { Lacking } from "../database/definitions.ts";
import type { SchemaObject } from "../database/schema.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { stepOf } from "../session.ts";
import { rebuildFullText, type Written, writtenTables } from "./full_text.ts";
import { logImport } from "./log.ts";
import { keylessWarnings } from "./parents.ts";
import type { Plan } from "./plan.ts";
import type { StaleIndex } from "./report.ts";
import type { Restored, RestoreOptions } from "./restore.ts";
import { createObjects, raiseSequences } from "./schema_objects.ts";

/** What came of all that follows the rows. */
export interface Completion {
  /** Objects of the schema that could not be created. */
  lacking: Lacking[];
  written: Written;
  notRebuilt: StaleIndex[];
  warnings: string[];
}

/** Makes indexes, counters, the import's own entry, full-text indexes and triggers. */
export async function complete(
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
