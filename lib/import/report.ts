/**
 * What an import did.
 *
 * @module
 */

/** What an import did to one table. */
export interface TableReport {
  name: string;
  /** Rows of the backup that were taken. */
  rows: number;
  /** Rows that were not here. */
  added: number;
  /** Rows that were here with other values. */
  changed: number;
  /** Rows that were here as they are in the backup. */
  unchanged: number;
  /** Rows only here that held a key which a row of the backup has. */
  replaced: number;
  /** Rows only here, before. */
  onlyHere: number;
  /** Rows only here that were removed, by an exact import. */
  removed: number;
  /** Changed rows that were edited here after the backup was made. */
  newerHere: number;
  /** Names of a few rows that are concerned, for a preview. */
  examples: Examples;
}

/** The report of a table of which nothing is known yet. */
export function emptyReport(name: string): TableReport {
  return {
    name,
    rows: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    replaced: 0,
    onlyHere: 0,
    removed: 0,
    newerHere: 0,
    examples: { added: [], changed: [], gone: [] },
  };
}

/** Names of a few rows. */
export interface Examples {
  added: string[];
  changed: string[];
  /** Rows only here that give way or go. */
  gone: string[];
}

/** Something of the backup that did not come in. */
export interface LeftOut {
  table: string;
  /** The column, where it is not the whole table. */
  column?: string;
  /** How many rows or values. */
  count: number;
  /** Why. */
  reason: string;
}

/** A row of the backup that the table here refuses. */
export interface RefusedRow {
  table: string;
  /** Its number in the backup, from 1. */
  row: number;
  reason: string;
}

/** References that lead nowhere since rows gave way. */
export interface Dangling {
  table: string;
  column: string;
  /** The table that they refer to. */
  parent: string;
  rows: number;
}

/** What an import did, in all. */
export interface ImportReport {
  /** The name of the backup. */
  source: string;
  /** The moment of the backup, where it says so. */
  date: string | undefined;
  /** Whether there was no database before. */
  createdDatabase: boolean;
  /** Tables that were made from the backup's schema. */
  createdTables: string[];
  /** The tables in the order in which they were imported. */
  tables: TableReport[];
  /** Tables that describe an installation and stay as they are here. */
  skipped: string[];
  /** What did not come in. */
  leftOut: LeftOut[];
  /** Rows left out since the tables here refuse them. */
  refused: RefusedRow[];
  /** References that lead nowhere now. */
  dangling: Dangling[];
  /** What a person should know besides. */
  warnings: string[];
}
