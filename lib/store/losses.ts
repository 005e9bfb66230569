/**
 * Data that a backup has and the database has no longer: how a loss shows. Nothing but
 * numbers of rows is compared, which costs little and needs no log.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { isSeeded, REMADE_TABLES } from "../soy/tables.ts";
import type { BackupEntry } from "./catalog.ts";
import { isDailyName, plainName } from "./names.ts";

/** How many rows a table had and has. */
export interface TableCounts {
  name: string;
  /** Rows in the backup. */
  before: number;
  /** Rows now. */
  now: number;
}

/** A table that has fewer rows than a backup has of it. */
export type Loss = TableCounts;

/** The part of its rows that a table may lose without being called a loss. */
const harmlessPart = 1 / 5;

/**
 * The tables that have lost all of their rows, or a fifth of them or more; of those
 * that the application fills by itself, all.
 *
 * @param counts A backup's rows by table, if it tells them.
 * @param rowsNow Gives a table's rows now by its name in lower case; 0 without it.
 */
export function lossesSince(
  counts: Map<string, bigint> | undefined,
  rowsNow: (table: string) => number,
): Loss[] {
  return countsBeside(counts, rowsNow).filter(({ name, before, now }) =>
    before > 0 &&
    // Settings of another installation, as of its last sync, are no one's loss.
    (isSeeded(name) ? now === 0 : before - now >= before * harmlessPart)
  );
}

/**
 * The rows of each table in a backup beside those that it has now, without tables that
 * the application fills by itself.
 *
 * @param counts A backup's rows by table, if it tells them.
 * @param rowsNow Gives a table's rows now by its name in lower case; 0 without it.
 */
export function countsBeside(
  counts: Map<string, bigint> | undefined,
  rowsNow: (table: string) => number,
): TableCounts[] {
  return [...counts ?? []]
    .filter(([name]) => !REMADE_TABLES.includes(foldName(name)))
    .map(([name, rows]) => ({
      name,
      before: Number(rows),
      now: rowsNow(foldName(name)),
    }));
}

/**
 * The backup that a loss is measured against: the newest one that was no loss itself.
 * A backup that is poorer than the one before never gets the plain name of its day, so
 * the name tells.
 *
 * @param backups The backups, newest first.
 */
export function referenceBackup(
  backups: readonly BackupEntry[],
): BackupEntry | undefined {
  return backups.find(({ name }) => isDailyName(plainName(name))) ?? backups[0];
}
