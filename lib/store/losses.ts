/**
 * Data that a backup has and the database has no longer: how a loss shows. Nothing but
 * numbers of rows is compared, which costs little and needs no log.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { REMADE_TABLES } from "../soy/tables.ts";
import type { BackupEntry } from "./catalog.ts";
import { isDailyName } from "./names.ts";

/** A table that has fewer rows than a backup has of it. */
export interface Loss {
  name: string;
  /** Rows in the backup. */
  before: number;
  /** Rows now. */
  now: number;
}

/** The part of its rows that a table may lose without being called a loss. */
const harmlessPart = 1 / 5;

/**
 * The tables that have lost all of their rows, or a fifth of them or more.
 *
 * @param counts A backup's rows by table, if it tells them.
 * @param rowsNow Gives a table's rows now by its name in lower case; 0 without it.
 */
export function lossesSince(
  counts: Map<string, bigint> | undefined,
  rowsNow: (table: string) => number,
): Loss[] {
  return [...counts ?? []]
    .filter(([name, rows]) => rows > 0n && !REMADE_TABLES.includes(name))
    .map(([name, rows]) => ({
      name,
      before: Number(rows),
      now: rowsNow(foldName(name)),
    }))
    .filter(({ before, now }) => before - now >= before * harmlessPart);
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
  return backups.find(({ name }) => isDailyName(name)) ?? backups[0];
}
