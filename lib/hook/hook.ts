/**
 * What happens to the backups when a session of Claude Code starts, beside the start of
 * the application: a backup if one is due, and a look at what is wrong.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { needCheck } from "../compare/current.ts";
import { exportVerifier } from "../compare/verify.ts";
import {
  openForReading,
  rowsOf,
  scalar,
  sizeOf,
  tableNames,
} from "../database/connection.ts";
import { identifier } from "../database/sql.ts";
import { InterruptedError } from "../errors.ts";
import { exportIf } from "../export/export.ts";
import { withContext } from "../faults.ts";
import { lookAtSecond, type SecondStatus } from "../second/look.ts";
import { bringUpToDate } from "../second/sync.ts";
import type { Session } from "../session.ts";
import { isSeeded } from "../soy/tables.ts";
import {
  type Concern,
  concernsIn,
  newestBefore,
  USUAL_LIMITS,
} from "../store/concerns.ts";
import type { Installation } from "../store/installation.ts";
import { readStatus, type StatusReport } from "../store/status.ts";
import { quoted } from "../text.ts";

const day = 86_400_000;

/** A backup is due if the newest one is older, in milliseconds. */
const backupEvery = day * 20 / 24;

/** How long all of it may take, in milliseconds. */
const budget = 4_000;

/** How long to wait for other programs, in milliseconds. */
const patience = { lockTimeout: 2_000, folderTimeout: 1_500 };

/** How long nobody must have written for the application's start to be over. */
const calm = 200;

/**
 * When the application's start, which begins with the hook, has come to its writing: so
 * many milliseconds after the beginning of the process.
 */
const headStart = 800;

/** Larger databases are not verified in passing, in bytes. */
const verifiedSize = 40_000_000;

/** What the hook found. */
export interface HookReport {
  /** The state of the backups, in the end. */
  status: StatusReport;
  /** What is wrong, the worst first. */
  concerns: Concern[];
  /** Why no backup could be made though one was due. */
  failure?: unknown;
}

/**
 * Makes a backup if one is due, and looks at what is wrong.
 *
 * All of it takes five seconds at most: what does not fit into that is left for the
 * next time. A database without anything that a person has entered, such as the
 * application has just made, is never backed up.
 *
 * @throws {BackupError} if the folder of the backups cannot be read.
 */
export async function lookAfter(
  installation: Installation,
  session: Session,
): Promise<HookReport> {
  // Nobody is there to be asked for a passphrase.
  const hasty = {
    ...session,
    ...patience,
    onWait: () => {},
    keys: undefined,
  };
  const before = await readStatus(installation, hasty);
  // What could not be read now is left for the next time.
  const due = before.hasDatabase && before.faults.length === 0 &&
    isDue(before, session);
  const limited = withinBudget(hasty);
  const failure = due ? await tryBackup(installation, limited) : undefined;
  const status = due ? await readStatus(installation, hasty) : before;
  const second = await secondPlace(installation, due, limited);
  const concerns = concernsIn(status, second, USUAL_LIMITS, session.now());
  return { status, concerns, ...failure === undefined ? {} : { failure } };
}

async function secondPlace(
  installation: Installation,
  due: boolean,
  session: Session,
): Promise<SecondStatus | undefined> {
  // What is not there after this the next backup brings; its age tells.
  if (due) {
    await bringUpToDate(installation, session).catch((error) => {
      if (!(error instanceof InterruptedError)) throw error;
    });
  }
  return await lookAtSecond(installation);
}

function withinBudget(session: Session): Session {
  const end = performance.now() + budget;
  return {
    ...session,
    checkpoint: async (progress) => {
      await session.checkpoint(progress);
      if (performance.now() > end) throw new InterruptedError();
    },
  };
}

function isDue({ catalog }: StatusReport, { now }: Session): boolean {
  const newest = newestBefore(catalog.backups, now());
  return !newest || now().getTime() - newest.date!.getTime() > backupEvery;
}

/** Makes a backup; gives the error if that fails. */
async function tryBackup(
  installation: Installation,
  session: Session,
): Promise<unknown> {
  try {
    await backUp(installation, session);
    return undefined;
  } catch (error) {
    // If it is left for later again and again, the age of the newest backup tells.
    return error instanceof InterruptedError ? undefined : error;
  }
}

async function backUp(
  installation: Installation,
  session: Session,
): Promise<void> {
  await waitForStart(installation, session);
  const { size, isWorthIt } = await inspect(installation, session);
  if (!isWorthIt) return;
  const conditions = { ifOlder: backupEvery, ifChanged: true };
  const check = needCheck(conditions, installation, session);
  const verify = size <= verifiedSize
    ? exportVerifier(installation, session)
    : undefined;
  await exportIf(check, installation, session, { verify });
}

// Whoever reads keeps the application's migrations, which do not wait, from committing
// if the journal is not WAL. So the file is watched from outside first.
async function waitForStart(
  { database }: Installation,
  session: Session,
): Promise<void> {
  const quietSince = () =>
    Date.now() - Deno.statSync(database).mtime!.getTime();
  while (performance.now() < headStart || Math.abs(quietSince()) < calm) {
    await new Promise((resolve) => setTimeout(resolve, calm / 2));
    await session.checkpoint();
  }
}

async function inspect(
  { database }: Installation,
  session: Session,
): Promise<{ size: number; isWorthIt: boolean }> {
  const doing = `Cannot read ${quoted(database)}`;
  const db = await withContext(doing, () => openForReading(database));
  try {
    return await withContext(doing, async () => {
      await waitForCalm(db, session);
      return { size: sizeOf(db), isWorthIt: hasPersonalData(db) };
    });
  } finally {
    db.close();
  }
}

// The application's start runs its migrations one by one; between two of them nothing
// is locked. The number changes with each commit of another connection
// (https://sqlite.org/pragma.html#pragma_data_version).
async function waitForCalm(db: Database, session: Session): Promise<void> {
  const version = () => scalar(db, "PRAGMA data_version");
  for (let last = version();;) {
    await new Promise((resolve) => setTimeout(resolve, calm));
    await session.checkpoint();
    const next = version();
    if (next === last) return;
    last = next;
  }
}

function hasPersonalData(db: Database): boolean {
  return tableNames(db).filter((name) => !isSeeded(name)).some((name) => {
    const sql = `SELECT 1 FROM main.${identifier(name)} LIMIT 1`;
    try {
      return rowsOf(db, sql).length > 0;
    } catch {
      // A table of a module that is missing; the export names it.
      return false;
    }
  });
}
