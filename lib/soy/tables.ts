/**
 * The tables of Software of You: their order in a backup, which of them an import
 * does not change, and what a person calls their rows.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { counted, printable } from "../text.ts";
import { META_TABLE } from "./meta.ts";

/** The table in which the application notes what happened. */
export const LOG_TABLE = "activity_log";

/** The tables that the original slash command listed, in its order. */
const LISTED_TABLES: readonly string[] = [
  "contacts",
  "tags",
  "entity_tags",
  "notes",
  "activity_log",
  "modules",
  "contact_interactions",
  "contact_relationships",
  "follow_ups",
  "projects",
  "tasks",
  "milestones",
  "emails",
  "calendar_events",
  "transcripts",
  "transcript_participants",
  "commitments",
  "conversation_metrics",
  "communication_insights",
  "relationship_scores",
  "generated_views",
  "soy_meta",
];

/**
 * Sorts tables as they stand in a backup: listed ones first, then the others in
 * the order given.
 */
export function inListedOrder<T extends { name: string }>(items: T[]): T[] {
  const rank = (item: T) => {
    const index = LISTED_TABLES.indexOf(foldName(item.name));
    return index < 0 ? LISTED_TABLES.length : index;
  };
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** The tables whose rows a person counts first. */
export const MAIN_TABLES: readonly string[] = [
  "contacts",
  "projects",
  "emails",
];

/** Tables whose rows the application generates again; an import skips them. */
export const REMADE_TABLES: readonly string[] = ["generated_views"];

/**
 * Tables that record which migrations ran on one installation; an import into an
 * existing database skips them.
 */
export const INSTALLATION_TABLES: readonly string[] = [
  "schema_migrations",
  "migrations_applied",
];

/** The table of the application's modules, which each of its starts writes again. */
export const MODULES_TABLE = "modules";

/**
 * The table of what needs attention. Each start of the application computes its rows
 * again and writes the time into them.
 */
export const SIGNALS_TABLE = "signals";

/**
 * What a row of that table says that is a person's: what they decided about it. The
 * rest is computed from other tables (scripts/signals.py of the application).
 *
 * @param row The row, by column.
 * @returns `undefined` if nobody decided anything; the row as it is if it is of another
 * table of that name.
 */
export function decisionIn(
  row: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const { signal_key, status, snooze_until, feedback } = row;
  if (signal_key === undefined || status === undefined) return row;
  const isDecided = ["acted", "dismissed", "snoozed"].includes(String(status));
  return isDecided || feedback
    ? { signal_key, status, snooze_until, feedback }
    : undefined;
}

/**
 * Tables that have rows as soon as the application's migrations have run, before a
 * person has entered anything.
 */
const SEEDED_TABLES: readonly string[] = [
  MODULES_TABLE,
  META_TABLE,
  ...INSTALLATION_TABLES,
  ...REMADE_TABLES,
];

/** Whether the application fills a table by itself, so that its rows say nothing. */
export function isSeeded(table: string): boolean {
  const name = foldName(table);
  return SEEDED_TABLES.includes(name) || name.startsWith("sqlite_");
}

/** The tables to import first, as the original slash command did. */
export const FIRST_TABLES: readonly string[] = ["modules", "contacts"];

/** What a row is called, and the plural if it is irregular. */
const words = new Map<string, [string, string?]>([
  ["contacts", ["contact"]],
  ["tags", ["tag"]],
  ["entity_tags", ["tag assignment"]],
  ["notes", ["note"]],
  ["activity_log", ["activity log entry", "activity log entries"]],
  ["modules", ["module"]],
  ["contact_interactions", ["interaction"]],
  ["contact_relationships", ["relationship"]],
  ["follow_ups", ["follow-up"]],
  ["projects", ["project"]],
  ["tasks", ["task"]],
  ["milestones", ["milestone"]],
  ["emails", ["email"]],
  ["calendar_events", ["calendar event"]],
  ["transcripts", ["transcript"]],
  ["transcript_participants", ["transcript participant"]],
  ["transcript_sources", ["transcript source"]],
  ["commitments", ["commitment"]],
  ["conversation_metrics", ["conversation metric"]],
  ["communication_insights", ["communication insight"]],
  ["relationship_scores", ["relationship score"]],
  ["generated_views", ["generated view"]],
  ["soy_meta", ["setting"]],
  ["decisions", ["decision"]],
  ["journal_entries", ["journal entry", "journal entries"]],
  ["standalone_notes", ["standalone note"]],
  ["user_profile", ["profile entry", "profile entries"]],
  ["entity_narratives", ["narrative"]],
  ["google_accounts", ["Google account"]],
  ["slack_messages", ["Slack message"]],
  ["slack_channels", ["Slack channel"]],
  ["signals", ["signal"]],
  ["pipeline_runs", ["pipeline run"]],
  ["pipeline_phases", ["pipeline phase"]],
  ["health_checks", ["health check"]],
  ["schema_migrations", ["migration record"]],
]);

/**
 * Formats a number of rows: `31 contacts`, `1 email`; for a table unknown to this
 * program, with its name in plain words: `5 rows in deal stages`.
 */
export function countedRows(table: string, rows: number): string {
  const word = words.get(table);
  if (word) return counted(rows, ...word);
  return `${counted(rows, "row")} in ${plainName(table)}`;
}

/** What a row of a table is called, as in `contact`, if that is known. */
export function wordFor(table: string): string | undefined {
  return words.get(table)?.[0];
}

/** Formats a table's name in plain words. */
function plainName(table: string): string {
  return printable(table.replaceAll("_", " ").trim() || table);
}

/**
 * Says that two records with the same number are not the same, as in
 * `Dora Lind (contact 1) is not Anna Berg`.
 *
 * @param conflict The number, and what the records are called, if they have names.
 */
export function conflictWords(
  table: string,
  conflict: {
    key: number | bigint;
    local: string | undefined;
    backup: string | undefined;
  },
): string {
  const word = wordFor(table) ?? plainName(table);
  const number = `${word} ${conflict.key}`;
  const local = conflict.local ? `${conflict.local} (${number})` : number;
  return `${local} is not ${conflict.backup ?? "the one in the backup"}`;
}
