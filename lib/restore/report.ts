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
  /** References that lead nowhere now. */
  dangling: Dangling[];
  /** What a person should know besides. */
  warnings: string[];
}
