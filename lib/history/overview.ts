/**
 * Which tables a moment has, and what a person means by words for them.
 *
 * @module
 */
import { countRows } from "../database/connection.ts";
import { BackupError } from "../errors.ts";
import { readSummary } from "../format/summary.ts";
import { findTableName, parseName, type TypedName } from "../record/key.ts";
import { inListedOrder } from "../soy/tables.ts";
import type { FoundSource } from "../source/calendar.ts";
import { nearest, printable, quoted } from "../text.ts";
import {
  isNow,
  type Moment,
  openMoment,
  type Place,
  readableTables,
  sourceOf,
} from "./moment.ts";

/** The tables of a moment. */
export interface Overview
  extends Pick<Moment, "name" | "date" | "notes" | "leftOut"> {
  tables: { name: string; rows: number }[];
}

/** What is to be shown. */
export interface Wanted {
  /** The words for the moment; `undefined`: the newest backup. */
  from: string | undefined;
  /** The table or the record; `undefined`: all tables are meant. */
  typed: TypedName | undefined;
}

/**
 * Lists the tables of a moment. Of a backup in this program's own layout only the ends
 * are read.
 *
 * @throws {BackupError} if there is no such moment, or it can't be read.
 */
export async function overviewOf(
  place: Place,
  words: string | undefined,
): Promise<Overview> {
  const source = isNow(words) ? undefined : await sourceOf(place, words);
  return (source && summaryOf(source)) ?? await readOverview(place, words);
}

function summaryOf(source: FoundSource): Overview | undefined {
  const { name, form, note } = source;
  if (form !== "json") return undefined;
  try {
    const { date, counts, sha256 } = readSummary(source.path);
    const found = sha256 === undefined ? undefined : counts();
    if (!found) return undefined;
    return {
      name,
      date: date?.toISOString(),
      notes: note ? [note] : [],
      leftOut: [],
      tables: [...found].map(([name, rows]) => ({ name, rows: Number(rows) })),
    };
  } catch {
    // Opening it says what is wrong.
    return undefined;
  }
}

async function readOverview(
  place: Place,
  words: string | undefined,
): Promise<Overview> {
  const moment = await openMoment(place, words);
  try {
    const { name, date, notes, leftOut, backup, now } = moment;
    const tables = now
      ? readableTables(now).map(({ name }) => ({
        name,
        rows: countRows(now, name),
      }))
      : backup!.tables.map(({ name, rows }) => ({ name, rows }));
    return { name, date, notes, leftOut, tables: inListedOrder(tables) };
  } finally {
    moment.close();
  }
}

/**
 * Says what is meant by a backup, a table or record, or both. One word may be either:
 * a table of the newest backup comes first.
 *
 * @throws {BackupError} if one word is neither.
 */
export async function wantedBy(
  place: Place,
  [first, second]: readonly string[],
): Promise<Wanted> {
  if (second !== undefined) return { from: first, typed: parseName(second) };
  if (first === undefined || isNow(first)) {
    return { from: first, typed: undefined };
  }
  const { names, fault } = await newestNames(place);
  const typed = parseName(first);
  if (findTableName(names, typed.table)) return { from: undefined, typed };
  try {
    await sourceOf(place, first);
    return { from: first, typed: undefined };
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    // A table may be meant, which can't be looked for.
    if (fault && /^[a-z_]\w*$/i.test(typed.table)) throw fault;
    const near = nearest(typed.table, names).map((name) => printable(name));
    if (near.length === 0) throw error;
    throw new BackupError(
      `There is neither a backup nor a table ${quoted(typed.table)}; did you ` +
        `mean ${near.join(" or ")}?`,
    );
  }
}

/** The names of the newest backup's tables, or why they are not known. */
async function newestNames(
  place: Place,
): Promise<{ names: string[]; fault?: BackupError }> {
  try {
    const { tables } = await overviewOf(place, undefined);
    return { names: tables.map(({ name }) => name) };
  } catch (error) {
    // The word may be a backup that can be read.
    if (error instanceof BackupError) return { names: [], fault: error };
    throw error;
  }
}
