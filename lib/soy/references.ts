/**
 * How the application's tables refer to each other without foreign keys. The facts were
 * read from its migrations, tools and slash commands.
 *
 * @module
 */
import { LOG_TABLE } from "./tables.ts";

/**
 * Words in `entity_type` that name a table, apart from the table's own name and its
 * singular.
 */
export const ENTITY_WORDS: Readonly<Record<string, string>> = {
  journal: "journal_entries",
  note: "standalone_notes",
};

/** A column that refers to the `id` of a table. */
export interface ColumnReference {
  /** The table that has it. */
  table: string;
  /** Its name. */
  column: string;
  /** The table that it refers to. */
  parent: string;
}

/** Columns that hold one id, without a foreign key. */
export const PLAIN_REFERENCES: readonly ColumnReference[] = [
  { table: "commitments", column: "linked_task_id", parent: "tasks" },
  { table: "commitments", column: "linked_project_id", parent: "projects" },
];

/** Columns that hold a list of ids, as a JSON array or with commas between. */
export const LIST_REFERENCES: readonly ColumnReference[] = [
  { table: "calendar_events", column: "contact_ids", parent: "contacts" },
  { table: "journal_entries", column: "linked_contacts", parent: "contacts" },
  { table: "journal_entries", column: "linked_projects", parent: "projects" },
  { table: "standalone_notes", column: "linked_contacts", parent: "contacts" },
  { table: "standalone_notes", column: "linked_projects", parent: "projects" },
];

/**
 * Tables that only log what happened. If two records of such a table have the same
 * number, both are kept without a question: no one chooses between them.
 */
export const LOG_TABLES: readonly string[] = [
  LOG_TABLE,
  "health_checks",
  "pipeline_runs",
  "pipeline_phases",
];

/** What the application calls one row of a table, as in `contact`. */
export function singularOf(table: string): string {
  return table.replace(/ies$/, "y").replace(/s$/, "");
}

/** The word in `entity_type` for the rows of a table, besides its name. */
export function entityWords(table: string): string[] {
  const words = Object.entries(ENTITY_WORDS)
    .filter(([, named]) => named === table).map(([word]) => word);
  const singular = singularOf(table);
  const taken = ENTITY_WORDS[singular];
  return [
    table,
    ...words,
    ...(taken === undefined || taken === table ? [singular] : []),
  ].filter((word, i, all) => all.indexOf(word) === i);
}
