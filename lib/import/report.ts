/**
 * What an import did, or would do: the types that commands turn into words and
 * into `--json`.
 *
 * @module
 */
import type { Lacking } from "../database/definitions.ts";
import type { RealTextIndex } from "./real_texts.ts";
import type { SchemaObject } from "../database/schema.ts";
import { quoted } from "../text.ts";

/** What an import did to one table; all members but the name count rows. */
export interface TableReport {
  name: string;
  /** Rows of the backup that were imported: added, changed and unchanged. */
  rows: number;
  /** Rows of the backup that the database didn't have. */
  added: number;
  /** Rows that the database had with other values. */
  changed: number;
  /** Rows that the database had just as they are in the backup. */
  unchanged: number;
  /** Local rows that a row of the backup displaced, since both had the same key. */
  replaced: number;
  /** Local rows that the backup doesn't have, counted before the import. */
  localOnly: number;
  /** Local rows that an exact import removed, since the backup lacks them. */
  removed: number;
  /** Changed rows that were edited locally after the backup was made. */
  newerLocally: number;
  /** Rows of the backup that were left out for local ones that were edited after it. */
  keptNewer: number;
  /** Names of a few of these rows, for a preview. */
  examples: Examples;
}

/** The report of a table about which nothing is known yet. */
export function emptyReport(name: string): TableReport {
  return {
    name,
    rows: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    replaced: 0,
    localOnly: 0,
    removed: 0,
    newerLocally: 0,
    keptNewer: 0,
    examples: { added: [], changed: [], gone: [], kept: [] },
  };
}

/** Names of a few rows, safe for a terminal. */
export interface Examples {
  added: string[];
  changed: string[];
  /** Local rows that were replaced or removed. */
  gone: string[];
  /** Local rows that stayed, since they were edited after the backup. */
  kept: string[];
}

/** Something of the backup that was not imported. */
export interface LeftOut {
  table: string;
  /** The column; absent if it is the whole table. */
  column?: string;
  /** How many rows, or values of the column. */
  count: number;
  /** Why. */
  reason: string;
}

/** Values of one column that the local table holds otherwise than the backup. */
export interface AlteredValues {
  table: string;
  column: string;
  /** How many there are. */
  count: number;
  /** Why. */
  reason: string;
  /** The number of the first row that has one, from 1. */
  row: number;
  /** What the first one was and is, unless it may be a secret; safe for a terminal. */
  example: { was: string; is: string } | undefined;
}

/** A full-text index that may not find what was imported. */
export interface StaleIndex {
  table: string;
  /** Why, and what to do. */
  reason: string;
}

/** An object of the backup's schema that was not created, as a report names it. */
export function notCreated({ object, reason }: Lacking): LeftOut {
  const { type, name, table } = object;
  const what = `its ${type} ${quoted(name)} was not created`;
  return { table, count: 0, reason: `${what}: ${reason}` };
}

/** A row of the backup that its table refuses. */
export interface RefusedRow {
  table: string;
  /** Its number in the backup, from 1. */
  row: number;
  reason: string;
}

/** References that lead nowhere, since the rows that they led to were displaced. */
export interface OrphanedReferences {
  /** The table that holds them. */
  table: string;
  /** Its column; several with commas between. */
  column: string;
  /** The table that they refer to. */
  parent: string;
  /** How many rows refer to a displaced row. */
  rows: number;
}

/** Local rows that have the numbers of other records in the backup. */
export interface ConflictReport {
  table: string;
  /** How many there are. */
  count: number;
  /** A few of them. */
  examples: Conflict[];
  /** Whether the local rows got new numbers, so that both are there. */
  kept: boolean;
}

/** A local row and another record of the backup with the same number. */
export interface Conflict {
  key: number | bigint;
  /** What the local row is called, if it has a name. */
  local: string | undefined;
  /** What the backup's row is called. */
  backup: string | undefined;
}

/** References to rows with new numbers that could not follow. */
export interface Unfollowed {
  table: string;
  column: string;
  /** The table whose rows have new numbers. */
  parent: string;
  /** How many rows may refer to one of them. */
  rows: number;
}

/** What an import did, in all. */
export interface ImportReport {
  /** The file name of the backup. */
  source: string;
  /** When the backup was made, if it says so. */
  date: string | undefined;
  /** Whether there was no database before. */
  createdDatabase: boolean;
  /** Tables that were created from the backup's schema. */
  createdTables: string[];
  /** Triggers and views that were created from the backup's schema. */
  createdObjects: SchemaObject[];
  /** The tables in the order in which they were imported. */
  tables: TableReport[];
  /** Tables that describe an installation, which an import doesn't change. */
  skipped: string[];
  /** What was not imported. */
  leftOut: LeftOut[];
  /** What of the backup's schema could not be created; `leftOut` names it, too. */
  lacking: Lacking[];
  /** Rows that were left out because their tables refuse them. */
  refused: RefusedRow[];
  /** Values that did not come back as the backup has them. */
  altered: AlteredValues[];
  /** Local rows that have the numbers of other records in the backup. */
  conflicts: ConflictReport[];
  /** References that may still mean the old number of a local row. */
  unfollowed: Unfollowed[];
  /** Full-text indexes that may not find what was imported. */
  stale: StaleIndex[];
  /** Indexes that other versions of SQLite take for damaged. */
  realTexts: RealTextIndex[];
  /** References that lead nowhere now. */
  orphaned: OrphanedReferences[];
  /** What else a person should know, each a sentence. */
  warnings: string[];
}
