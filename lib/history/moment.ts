/**
 * A moment of the history: a backup in whatever form, or the database as it is now.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForReading, retryLocked } from "../database/connection.ts";
import { schemaEntries, type Table } from "../database/schema.ts";
import { BackupError } from "../errors.ts";
import { addContext, withContext } from "../faults.ts";
import { selectTables } from "../export/selection.ts";
import type { BackupFile } from "../format/backup_file.ts";
import {
  borrowSchema,
  inScratchDatabase,
  leaveOutExtras,
} from "../import/scratch.ts";
import type { Session } from "../session.ts";
import type { FoundSource } from "../source/calendar.ts";
import { findSource, newestSource } from "../source/find.ts";
import { openSource } from "../source/open.ts";
import { type Installation, requireDatabase } from "../store/installation.ts";
import { quoted } from "../text.ts";

/** The word for the database as it is now. */
const NOW = "now";

/** Where and for whom moments are opened. */
export interface Place {
  installation: Installation;
  session: Session;
}

/** A moment that is open. */
export interface Moment {
  /** What it is called: the name of the backup, or `the database`. */
  name: string;
  /** When the backup was made, if it says so; `undefined` for now. */
  date: string | undefined;
  /** What a person should know, each a sentence. */
  notes: string[];
  /** What of the moment can't be shown, each a line. */
  leftOut: string[];
  /** The backup; `undefined`: it is the database. */
  backup: BackupFile | undefined;
  /** The database in a transaction, if it is now. */
  now: Database | undefined;
  /** Closes it. */
  close(): void;
}

/**
 * Opens a moment.
 *
 * @param words How a person names it; `undefined`: the newest backup.
 * @throws {BackupError} if there is none such, or it can't be read.
 */
export async function openMoment(
  place: Place,
  words: string | undefined,
): Promise<Moment> {
  if (isNow(words)) return await openNow(place);
  const { installation, session } = place;
  const source = await sourceOf(place, words);
  const { backup, omitted } = await openSource(source, installation, session);
  return {
    name: source.name,
    date: backup.members.backup_date,
    notes: source.note ? [source.note] : [],
    leftOut: omitted.map(({ table, reason }) =>
      `Left out: table ${quoted(table)}: ${reason}`
    ),
    backup,
    now: undefined,
    close: () => backup.close(),
  };
}

/** Whether a person means the database as it is now. */
export function isNow(words: string | undefined): boolean {
  return words?.toLowerCase() === NOW;
}

/**
 * Finds a backup.
 *
 * @param words How a person names it; `undefined`: the newest one.
 * @throws {BackupError} if there is none such.
 */
export async function sourceOf(
  { installation, session }: Place,
  words: string | undefined,
): Promise<FoundSource> {
  return words === undefined
    ? await newestSource(installation, 0, session)
    : await findSource(installation, words, session);
}

async function openNow({ installation, session }: Place): Promise<Moment> {
  requireDatabase(installation);
  const { database } = installation;
  return await withContext(`Cannot read ${quoted(database)}`, async () => {
    const db = openForReading(database);
    try {
      db.exec("BEGIN");
      // The first read fixes the moment.
      await retryLocked(() => schemaEntries(db), session);
    } catch (error) {
      db.close();
      throw error;
    }
    return {
      name: "the database",
      date: undefined,
      notes: [],
      leftOut: [],
      backup: undefined,
      now: db,
      close: () => db.close(),
    };
  });
}

/**
 * Opens a moment's tables: those of the database, or the backup's in a scratch database.
 *
 * @param place Holds the lock of the scratch folder if the moment is a backup.
 * @param wants Which tables of a backup get their rows.
 * @param step What to do with the tables.
 * @returns What the step gives.
 */
export async function withTables<T>(
  place: Place,
  moment: Moment,
  wants: (table: string) => boolean,
  step: (db: Database) => Promise<T>,
): Promise<T> {
  try {
    return moment.now
      ? await step(moment.now)
      : await restoredAside(place, moment, wants, step);
  } catch (error) {
    // What the step says of rows needs no more words.
    if (error instanceof BackupError) throw error;
    const what = moment.now ? moment.name : quoted(moment.name);
    throw addContext(`Cannot read ${what}`, error);
  }
}

async function restoredAside<T>(
  { installation, session: { checkpoint } }: Place,
  moment: Moment,
  wants: (table: string) => boolean,
  step: (db: Database) => Promise<T>,
): Promise<T> {
  const backup = moment.backup!;
  borrowSchema(backup, installation);
  leaveOutExtras(backup);
  const options = { wants, doing: "Reading", checkpoint };
  return await inScratchDatabase(
    backup,
    installation.scratch,
    options,
    (db, { leftOut }) => {
      moment.leftOut.push(
        ...leftOut.filter(({ count }) => count > 0).map((
          { table, column, reason },
        ) =>
          `Left out: ${column ? `column ${quoted(column)} of ` : ""}` +
          `table ${quoted(table)}: ${reason}`
        ),
      );
      return step(db);
    },
  );
}

/** The tables whose rows can be read, in the order of a backup. */
export function readableTables(db: Database): Table[] {
  return selectTables(db, schemaEntries(db)).tables;
}
