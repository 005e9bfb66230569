/**
 * What happens to the backups when a session of Claude Code starts, beside the start of
 * the application: a backup if one is due, and a look at what is wrong.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { needCheck } from "../compare/current.ts";
import { exportVerifier } from "../compare/verify.ts";
import { rowsOf, sizeOf, tableNames } from "../database/connection.ts";
import { identifier } from "../database/sql.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { exportIf } from "../export/export.ts";
import { sealFor } from "../export/seal.ts";
import { lookAtSecond, type SecondStatus } from "../second/look.ts";
import { bringUpToDate } from "../second/sync.ts";
import type { Session } from "../session.ts";
import { isSeeded } from "../soy/tables.ts";
import { type Catalog, listBackups } from "../store/catalog.ts";
import {
  type Concern,
  concernsIn,
  newestBefore,
  USUAL_LIMITS,
} from "../store/concerns.ts";
import type { Installation } from "../store/installation.ts";
import { readStatus, type StatusReport } from "../store/status.ts";
import { glanceAt, openStill } from "./still.ts";

const day = 86_400_000;

/** A backup is due if the newest one is older, in milliseconds. */
const backupEvery = day * 20 / 24;

/** How long all of it may take, in milliseconds. */
const budget = 4_000;

/** The part of it that the program may have needed to start. */
const longestStart = 1_000;

/** How long to wait for other programs, in milliseconds. */
const patience = { lockTimeout: 2_000, folderTimeout: 1_500 };

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
  const limited = withinBudget(hasty);
  // Beside the application's start the file may be looked at, but not locked.
  const glance = () => glanceAt(installation, limited);
  const before = await readStatus(installation, hasty, glance);
  const due = before.hasDatabase && isDue(before, session.now());
  const found = due || saysSomething(before)
    ? await lookClosely(installation, before, due, { hasty, limited })
    : { status: before };
  const second = await secondPlace(installation, due, limited);
  const { status } = found;
  const concerns = concernsIn(status, second, USUAL_LIMITS, session.now());
  return { ...found, concerns };
}

function saysSomething({ losses, faults }: StatusReport): boolean {
  return losses.length + faults.length > 0;
}

/**
 * Looks at the database when the application's start is over, and backs it up.
 *
 * @param before What a glance at it said.
 */
async function lookClosely(
  installation: Installation,
  before: StatusReport,
  due: boolean,
  { hasty, limited }: Record<"hasty" | "limited", Session>,
): Promise<Omit<HookReport, "concerns">> {
  try {
    using still = await openStill(installation, limited);
    const failure = due
      ? await tryBackup(still.db, installation, limited)
      : undefined;
    const open = () => ({ db: still.db, [Symbol.dispose]: () => {} });
    const status = await readStatus(installation, hasty, open);
    return { status, ...failure === undefined ? {} : { failure } };
  } catch (error) {
    // What could not be confirmed now is left for the next time.
    const faults = error instanceof InterruptedError ? [] : [messageOf(error)];
    return { status: { ...before, losses: [], faults } };
  }
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
  const now = performance.now();
  const end = now + budget - Math.min(now, longestStart);
  return {
    ...session,
    checkpoint: async (progress) => {
      await session.checkpoint(progress);
      if (performance.now() > end) throw new InterruptedError();
    },
  };
}

function isDue({ catalog: { backups } }: StatusReport, now: Date): boolean {
  const newest = newestBefore(backups, now, true);
  return !newest || now.getTime() - newest.date!.getTime() > backupEvery;
}

// Whoever has encrypted the newest one wants no plain ones any more.
function isEncrypted({ backups }: Catalog, now: Date): boolean {
  return newestBefore(backups, now, true)?.encrypted ?? false;
}

/** Makes a backup; gives the error if that fails. */
async function tryBackup(
  db: Database,
  installation: Installation,
  session: Session,
): Promise<unknown> {
  try {
    await backUp(db, installation, session);
    return undefined;
  } catch (error) {
    // If it is left for later again and again, the age of the newest backup tells.
    return error instanceof InterruptedError ? undefined : error;
  }
}

async function backUp(
  db: Database,
  installation: Installation,
  session: Session,
): Promise<void> {
  if (!hasPersonalData(db)) return;
  const seal = isEncrypted(listBackups(installation.backups), session.now())
    ? await sealFor(installation, session)
    : undefined;
  const conditions = {
    ifOlder: backupEvery,
    ifChanged: true,
    recipients: seal?.recipients,
  };
  const check = needCheck(conditions, installation, session);
  const verify = sizeOf(db) <= verifiedSize
    ? exportVerifier(installation, session)
    : undefined;
  await exportIf(check, installation, session, {
    verify,
    from: db,
    seal,
  });
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
