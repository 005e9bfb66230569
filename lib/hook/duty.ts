/**
 * What the hook does if there is something to do: a backup that is due, and a closer look
 * at what seems to be wrong.
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
import type { Session } from "../session.ts";
import { isSeeded } from "../soy/tables.ts";
import type { Catalog } from "../store/catalog.ts";
import { newestBefore, USUAL_PACE } from "../store/concerns.ts";
import type { Installation } from "../store/installation.ts";
import type { BackupState } from "../store/state.ts";
import { readStatus } from "../store/status.ts";
import { openStill } from "./still.ts";

/** Larger databases are not verified in passing, in bytes. */
const verifiedSize = 40_000_000;

/** Nothing is verified if less time is left, in milliseconds: a backup matters more. */
const timeToVerify = 1_500;

/** How the hook may work. */
export interface Haste {
  /** Waits for no other program for long. */
  hasty: Session;
  /** The same, stopped when the time is over. */
  limited: Session;
  /** When that is, on the clock of `performance.now()`. */
  end: number;
}

/** What a close look found. */
export interface CloseLook {
  /** The state of the backups, in the end. */
  status: BackupState;
  /** Why no backup could be made though one was due. */
  failure?: unknown;
}

/**
 * Looks at the database when the application's start is over, and backs it up.
 *
 * @param before What a glance at it said.
 */
export async function lookClosely(
  installation: Installation,
  before: BackupState,
  due: boolean,
  { hasty, limited, end }: Haste,
): Promise<CloseLook> {
  try {
    using still = await openStill(installation, limited);
    const sealed = isEncrypted(before.catalog, limited.now());
    const failure = due
      ? await tryBackup(still.db, installation, limited, { sealed, end })
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

// Whoever has encrypted the newest one wants no plain ones any more.
function isEncrypted({ backups }: Catalog, now: Date): boolean {
  return newestBefore(backups, now, true)?.encrypted ?? false;
}

/** Makes a backup; gives the error if that fails. */
async function tryBackup(
  db: Database,
  installation: Installation,
  session: Session,
  how: { sealed: boolean; end: number },
): Promise<unknown> {
  try {
    await backUp(db, installation, session, how);
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
  { sealed, end }: { sealed: boolean; end: number },
): Promise<void> {
  if (!hasPersonalData(db)) return;
  const seal = sealed ? await sealFor(installation, session) : undefined;
  const conditions = {
    ifOlder: USUAL_PACE,
    ifChanged: true,
    recipients: seal?.recipients,
  };
  const check = needCheck(conditions, installation, session);
  const hasTime = end - performance.now() >= timeToVerify;
  const verify = hasTime && sizeOf(db) <= verifiedSize
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
