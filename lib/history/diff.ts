/**
 * What changed from one moment to another.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { progressOver } from "../compare/databases.ts";
import { closing, countRows, openForWriting } from "../database/connection.ts";
import type { Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { type TableChoice, tableFilter } from "../import/plan.ts";
import type { Checkpoint } from "../session.ts";
import { inListedOrder } from "../soy/tables.ts";
import { withFolder } from "../store/folder.ts";
import type { Lines } from "./lines.ts";
import {
  type Moment,
  openMoment,
  type Place,
  readableTables,
  withTables,
} from "./moment.ts";
import { type LinePairs, linePairs, type LineTable } from "./row_lines.ts";
import { diffTable, onlyInOne, type TableDiff } from "./table_diff.ts";

/** What changed. */
export interface Diff {
  from: Pick<Moment, "name" | "date">;
  to: Pick<Moment, "name" | "date">;
  /** The tables that are not the same. */
  tables: TableDiff[];
  /** How many tables are the same. */
  unchanged: number;
  /** What a person should know, each a sentence. */
  notes: string[];
  /** What of the moments can't be compared, each a line. */
  leftOut: string[];
}

/**
 * Compares two moments. Rows are matched as an import matches them: by the primary
 * key, and by another unique key if that differs.
 *
 * @param from How a person names the first; `undefined`: the newest backup.
 * @param to How a person names the second.
 * @param choice Which tables to compare.
 * @param report Takes what changed, while the rows can still be read.
 * @returns What `report` gives.
 * @throws {BackupError} if a moment can't be read, or a chosen table is in neither.
 */
export async function diffMoments<T>(
  place: Place,
  [from, to]: [string | undefined, string],
  choice: TableChoice,
  report: (diff: Diff) => T,
): Promise<T> {
  const before = await openMoment(place, from);
  try {
    const after = await openMoment(place, to);
    try {
      return await diffOpened(place, [before, after], choice, report);
    } finally {
      after.close();
    }
  } finally {
    before.close();
  }
}

async function diffOpened<T>(
  place: Place,
  [before, after]: [Moment, Moment],
  choice: TableChoice,
  report: (diff: Diff) => T,
): Promise<T> {
  const { installation: { scratch }, session } = place;
  const names = new Set([...namesIn(before), ...namesIn(after)]);
  const isChosen = tableFilter(
    [...names],
    choice,
    "Cannot compare: neither of the two has a",
  );
  const pairs = linePairs(before, after);
  const wants = (table: string) =>
    isChosen(table) && !pairs.has(foldName(table));
  const compare = () =>
    withTables(
      place,
      before,
      wants,
      (first) =>
        withTables(place, after, wants, async (second) => {
          using work = closing(openForWriting(":memory:", { create: true }));
          const tables = await diffDatabases(
            work.db,
            [first, second],
            { isChosen, pairs },
            session.checkpoint,
          );
          return report({ ...aboutBoth(before, after), ...tables });
        }),
    );
  // A scratch database is made in the folder.
  const isMade = before.backup ?? after.backup;
  return isMade ? await withFolder(scratch, session, compare) : await compare();
}

function aboutBoth(
  before: Moment,
  after: Moment,
): Omit<Diff, "tables" | "unchanged"> {
  const notes = [...new Set([...before.notes, ...after.notes])];
  const leftOut = [...before.leftOut, ...after.leftOut];
  return { from: before, to: after, notes, leftOut };
}

function namesIn({ backup, now }: Moment): string[] {
  const tables = now ? readableTables(now) : backup!.tables;
  return tables.map(({ name }) => name);
}

interface Chosen {
  isChosen: (table: string) => boolean;
  /** The tables that are compared line by line, and not restored. */
  pairs: LinePairs;
}

async function diffDatabases(
  work: Database,
  [before, after]: [Database, Database],
  { isChosen, pairs }: Chosen,
  checkpoint: Checkpoint,
): Promise<Pick<Diff, "tables" | "unchanged">> {
  const [first, second] = [tablesIn(before), tablesIn(after)];
  const names = [...new Set([...first.keys(), ...second.keys()])]
    .filter(isChosen).map((name) => ({ name }));
  const counted = [...second.values()].map((table) => ({
    table,
    rows: rowsOf(after, table, pairs, 1),
  }));
  const progress = progressOver(after, counted, checkpoint);
  const checkpoints = new Map(
    counted.map((one) => [foldName(one.table.name), progress(one)]),
  );
  const tables: TableDiff[] = [];
  for (const [number, { name }] of inListedOrder(names).entries()) {
    const [a, b] = [first.get(name), second.get(name)];
    const found = a && b
      ? await diffTable([{ db: before, table: a }, { db: after, table: b }], {
        work,
        number,
        rows: [rowsOf(before, a, pairs, 0), rowsOf(after, b, pairs, 1)],
        lines: linesOf(pairs.get(name)),
        checkpoint: checkpoints.get(name)!,
      })
      : a
      ? onlyInOne({ db: before, table: a }, "before")
      : onlyInOne({ db: after, table: b! }, "after");
    if (found) tables.push(found);
  }
  return { tables, unchanged: names.length - tables.length };
}

function rowsOf(
  db: Database,
  { name }: Table,
  pairs: LinePairs,
  side: 0 | 1,
): number {
  return pairs.get(foldName(name))?.[side].rows ?? countRows(db, name);
}

function linesOf(
  pair: [LineTable, LineTable] | undefined,
): [Lines, Lines] | undefined {
  return pair && [pair[0].lines(), pair[1].lines()];
}

function tablesIn(db: Database): Map<string, Table> {
  return new Map(
    readableTables(db).map((table) => [foldName(table.name), table]),
  );
}
