/**
 * What changed from one day's backup to the next: exactly for the newest ones, as far
 * as the time goes, and by the numbers of rows for all others.
 *
 * @module
 */
import { BackupError, EXIT, messageOf } from "../errors.ts";
import { foldName } from "../database/sql.ts";
import { type Diff, diffMoments } from "../history/diff.ts";
import type { Place } from "../history/moment.ts";
import type { TableDiff } from "../history/table_diff.ts";
import { META_TABLE } from "../soy/meta.ts";
import {
  inListedOrder,
  INSTALLATION_TABLES,
  REMADE_TABLES,
} from "../soy/tables.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { type Loss, lossesSince } from "../store/losses.ts";

/** How many of the newest changes are counted exactly. */
const exactly = 14;

/** How long that may take in all, in milliseconds. */
const budget = 10_000;

/** What is read in a millisecond, in bytes, until that is measured. */
const presumedRate = 60_000;

/** What changed in a table. */
export interface TableChange {
  name: string;
  /** Its rows in the earlier backup; 0 without such a table. */
  before: number;
  /** Its rows in the later one. */
  after: number;
  new: number;
  /** `undefined`: only the numbers of rows are known. */
  changed: number | undefined;
  gone: number;
}

/** What changed from one backup to the next. */
export interface Change {
  from: BackupEntry;
  to: BackupEntry;
  /**
   * How it is known: `rows` were compared, or the numbers of rows (`counts`), or it is
   * `unknown`, since a backup doesn't tell these.
   */
  by: "rows" | "counts" | "unknown";
  /** The tables in which something changed. */
  tables: TableChange[];
  /** The tables that lost all of their rows, or a fifth of them or more. */
  losses: Loss[];
}

/** All changes. */
export interface Changes {
  /** Newest first. */
  changes: Change[];
  /** Which backups could not be compared by their rows, and why, each a sentence. */
  faults: string[];
}

/**
 * Finds what changed.
 *
 * @param backups The newest backup of each day, oldest first.
 */
export async function findChanges(
  place: Place,
  backups: readonly BackupEntry[],
): Promise<Changes> {
  const found: Changes = { changes: [], faults: [] };
  const clock = new Clock();
  for (let i = backups.length - 1; i > 0; i--) {
    const [from, to] = [backups[i - 1]!, backups[i]!];
    let change = byCounts(from, to);
    if (found.changes.length < exactly && clock.affords(from, to)) {
      try {
        const tables = await clock.time(
          from,
          to,
          () => byRows(place, from, to),
        );
        change = { ...change, by: "rows", tables };
      } catch (error) {
        const isOther = !(error instanceof BackupError) ||
          error.exitCode !== EXIT.failed;
        if (isOther) throw error;
        found.faults.push(messageOf(error));
      }
    }
    found.changes.push(change);
  }
  return found;
}

/** Knows what can still be read in time. */
class Clock {
  #spent = 0;
  #read = 0;

  affords(from: BackupEntry, to: BackupEntry): boolean {
    // Keys are asked for only by commands that can't do without.
    if (from.encrypted || to.encrypted) return false;
    const rate = this.#read > 0 ? this.#read / this.#spent : presumedRate;
    return this.#spent + (from.size + to.size) / rate <= budget;
  }

  async time<T>(
    from: BackupEntry,
    to: BackupEntry,
    step: () => Promise<T>,
  ): Promise<T> {
    const start = performance.now();
    try {
      return await step();
    } finally {
      this.#spent += performance.now() - start;
      this.#read += from.size + to.size;
    }
  }
}

function byRows(
  place: Place,
  from: BackupEntry,
  to: BackupEntry,
): Promise<TableChange[]> {
  const all = { only: undefined, except: undefined };
  return diffMoments(
    place,
    [from.name, to.name],
    all,
    ({ tables }: Diff) =>
      tables.filter(({ name }) => isPersons(name)).map(changeOf)
        .filter((table) => table.new + table.gone + table.changed! > 0),
  );
}

function changeOf({ name, before, after, counts }: TableDiff): TableChange {
  const rows = { name, before: before ?? 0, after: after ?? 0 };
  if (before === undefined) {
    return { ...rows, new: rows.after, changed: 0, gone: 0 };
  }
  if (after === undefined) {
    return { ...rows, new: 0, changed: 0, gone: rows.before };
  }
  return { ...rows, ...counts };
}

function byCounts(from: BackupEntry, to: BackupEntry): Change {
  const [before, after] = [countsOf(from), countsOf(to)];
  if (!before || !after) {
    return { from, to, by: "unknown", tables: [], losses: [] };
  }
  const names = [...new Set([...before.keys(), ...after.keys()])]
    .filter(isPersons).map((name) => ({ name }));
  const tables = inListedOrder(names).map(({ name }) => {
    const rows = { before: before.get(name) ?? 0, after: after.get(name) ?? 0 };
    const more = rows.after - rows.before;
    const counts = { new: Math.max(0, more), gone: Math.max(0, -more) };
    return { name, ...rows, ...counts, changed: undefined };
  });
  return {
    from,
    to,
    by: "counts",
    tables: tables.filter((table) => table.new + table.gone > 0),
    losses: lossesSince(from.counts(), (table) => after.get(table) ?? 0)
      .filter(({ name }) => isPersons(name)),
  };
}

function countsOf({ counts }: BackupEntry): Map<string, number> | undefined {
  const rows = counts();
  return rows &&
    new Map([...rows].map(([name, count]) => [foldName(name), Number(count)]));
}

// What an export or the application itself writes is no change of a person's data.
function isPersons(table: string): boolean {
  const name = foldName(table);
  return name !== META_TABLE && !REMADE_TABLES.includes(name) &&
    !INSTALLATION_TABLES.includes(name);
}
