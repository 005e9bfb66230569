/**
 * The tables of Software of You: their order in a backup, what a person calls
 * their rows, and which of them describe an installation.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { counted, printable } from "../text.ts";

/** The tables that the slash command named, in its order. */
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

/** Brings things with a table's name into the order of a backup. */
export function inListedOrder<T extends { name: string }>(items: T[]): T[] {
  const rank = (item: T) => {
    const place = LISTED_TABLES.indexOf(foldName(item.name));
    return place < 0 ? LISTED_TABLES.length : place;
  };
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** Tables that import leaves alone, since the application makes their rows again. */
export const REMADE_TABLES: readonly string[] = ["generated_views"];

/** Tables that say what was done to one installation, which import leaves alone. */
export const INSTALLATION_TABLES: readonly string[] = [
  "schema_migrations",
  "migrations_applied",
];

/** The tables that go in first, as the slash command had it. */
export const FIRST_TABLES: readonly string[] = ["modules", "contacts"];

/** What one row is called, and more than one where it is not just an "s" more. */
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
 * A number of rows in a person's words: `31 contacts`, `1 email`; for a table that
 * is not the application's, its name in plain words: `5 rows in deal stages`.
 */
export function countedRows(table: string, rows: number): string {
  const word = words.get(table);
  if (word) return counted(rows, ...word);
  return `${counted(rows, "row")} in ${plainName(table)}`;
}

/** A table's name in plain words. */
export function plainName(table: string): string {
  return printable(table.replaceAll("_", " ").trim() || table);
}
