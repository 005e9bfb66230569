/**
 * When the last backup was, and what has happened since.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  closing,
  countRows,
  hasTable,
  type OpenDatabase,
  openForReading,
  retryLocked,
  rollBack,
  rowsOf,
  tableNames,
} from "../database/connection.ts";
import { foldName } from "../database/sql.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { type Copies, readCopies } from "./copies.ts";
import { countsBeside, type TableCounts } from "./losses.ts";
import { utcSeconds } from "./names.ts";
import { type Installation, shownDatabase } from "./installation.ts";
import { type BackupState, noteLosses, readState } from "./state.ts";
import type { Session } from "../session.ts";
import { LAST_BACKUP_KEY, META_TABLE } from "../soy/meta.ts";
import { LOG_TABLE } from "../soy/tables.ts";
import { printable } from "../text.ts";

/** No export takes longer than this, in milliseconds. */
const longestExport = 3_600_000;

/** The state of the backups. */
export interface StatusReport extends BackupState {
  /** When the last backup was; `undefined`: never, as far as can be seen. */
  last: Date | undefined;
  /** The copies that the application has made, newest first. */
  copies: Copies;
  /** Entries of the activity log since then, if there is such a log. */
  changes: number | undefined;
  /** Tables whose numbers of rows are not those of the newest backup. */
  changedCounts: TableCounts[];
}

/**
 * Looks at the database's stamp and at the files.
 *
 * @param open Opens the database, if there is one.
 * @throws {BackupError} if the folder of the backups cannot be read.
 */
export async function readStatus(
  installation: Installation,
  session: Session,
  open: () => OpenDatabase | Promise<OpenDatabase> = () =>
    openOwn(installation),
): Promise<StatusReport> {
  const state = await readState(installation);
  const report: StatusReport = {
    ...state,
    last: state.catalog.backups[0]?.date,
    copies: await readCopies(installation),
    changes: undefined,
    changedCounts: [],
  };
  if (!report.hasDatabase) return report;
  try {
    using opened = await open();
    await readDatabase(opened.db, report, session);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const reason = faultOf(error) ?? printable(messageOf(error));
    report.faults.push(
      `Cannot read ${shownDatabase(installation)}: ${reason}`,
    );
  }
  return report;
}

function openOwn({ database }: Installation): OpenDatabase {
  return closing(openForReading(database));
}

async function readDatabase(
  db: Database,
  report: StatusReport,
  session: Session,
): Promise<void> {
  // One transaction for all: each of its own would take a lock and look for logs.
  db.exec("BEGIN");
  try {
    await retryLocked(() => readTables(db, report), session);
  } finally {
    rollBack(db);
  }
}

function readTables(db: Database, report: StatusReport): void {
  const newest = report.catalog.backups[0];
  report.last = latest(stampOf(db), report.last);
  const moment = momentOf(newest?.date, report.last);
  report.changes = moment && changesSince(db, moment);
  const rowsNow = rowCounter(db);
  noteLosses(report, rowsNow);
  // An export itself adds a setting.
  report.changedCounts = countsBeside(newest?.counts(), rowsNow)
    .filter(({ name, before, now }) => name !== META_TABLE && before !== now);
}

function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? (a > b ? a : b) : a ?? b;
}

function stampOf(db: Database): Date | undefined {
  if (!hasTable(db, META_TABLE)) return undefined;
  const [row] = rowsOf<[string]>(
    db,
    `SELECT value FROM main.${META_TABLE} WHERE key = ?`,
    LAST_BACKUP_KEY,
  );
  // SQLite's datetime() is UTC without saying so.
  const date = new Date(`${String(row?.[0]).replace(" ", "T")}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

// The stamp is later than its backup by the time that the export took.
function momentOf(
  newest: Date | undefined,
  last: Date | undefined,
): Date | undefined {
  if (!newest || !last) return last;
  const took = last.getTime() - newest.getTime();
  return took < longestExport ? newest : last;
}

/** Counts a table's rows when they are first asked for; 0 without such a table. */
function rowCounter(db: Database): (table: string) => number {
  const tables = new Set(tableNames(db).map(foldName));
  const counts = new Map<string, number>();
  return (table) => {
    if (!tables.has(table)) return 0;
    const known = counts.get(table);
    if (known !== undefined) return known;
    const rows = countRows(db, table);
    counts.set(table, rows);
    return rows;
  };
}

function changesSince(db: Database, moment: Date): number | undefined {
  if (!hasTable(db, LOG_TABLE)) return undefined;
  const since = utcSeconds(moment).replace("T", " ").slice(0, -1);
  return rowsOf<[number]>(
    db,
    `SELECT count(*) FROM main.${LOG_TABLE} WHERE created_at > ?`,
    since,
  )[0]![0];
}
