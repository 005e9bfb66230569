/**
 * An import as JSON.
 *
 * @module
 */
import type { ImportOutcome } from "../import/import.ts";
import type { TakenRecord } from "../import/records.ts";
import type { ConflictReport, TableReport } from "../import/report.ts";
import { ofType } from "./objects.ts";

/** What `import --json` prints, see `docs/commands.md`. */
export function importJson(
  outcome: ImportOutcome,
  dryRun: boolean,
): Record<string, unknown> {
  return {
    source: outcome.source,
    date: outcome.date ?? null,
    dry_run: dryRun,
    created_database: outcome.createdDatabase,
    created_tables: outcome.createdTables,
    created_triggers: ofType(outcome, "trigger").map(({ name, table }) => ({
      name,
      table,
    })),
    created_views: ofType(outcome, "view").map(({ name }) => name),
    snapshot: outcome.snapshot ?? null,
    records: outcome.records?.map(recordJson) ?? null,
    tables: outcome.tables.map((table) => tableJson(table, dryRun)),
    skipped: outcome.skipped,
    left_out: outcome.leftOut,
    refused: outcome.refused,
    altered: outcome.altered.map((values) => ({
      ...values,
      example: values.example ?? null,
    })),
    rejected: outcome.rejected ?? null,
    moved_aside: outcome.movedAside ?? null,
    conflicts: outcome.conflicts.map(conflictJson),
    unfollowed: outcome.unfollowed,
    stale: outcome.stale,
    reindex: outcome.realTexts,
    dangling: outcome.orphaned,
    warnings: outcome.warnings,
  };
}

function recordJson({ table, key, label }: TakenRecord) {
  return { table, key: key ?? null, label: label ?? null };
}

function tableJson(
  { localOnly, newerLocally, keptNewer, examples, ...counts }: TableReport,
  dryRun: boolean,
) {
  return {
    ...counts,
    only_here: localOnly,
    newer_here: newerLocally,
    kept_newer: keptNewer,
    ...(dryRun ? { examples } : {}),
  };
}

function conflictJson({ examples, ...conflict }: ConflictReport) {
  return {
    ...conflict,
    examples: examples.map(({ key, local, backup }) => ({
      // A number that a double cannot hold stays exact as text.
      key: typeof key === "bigint" ? String(key) : key,
      local: local ?? null,
      backup: backup ?? null,
    })),
  };
}
