/**
 * What happens to the backups when a session of Claude Code starts, beside the start of
 * the application: a backup if one is due, and a look at what is wrong.
 *
 * @module
 */
import { InterruptedError } from "../errors.ts";
import type { SecondStatus } from "../second/look.ts";
import type { Session } from "../session.ts";
import {
  type Concern,
  concernsIn,
  newestBefore,
  USUAL_LIMITS,
  USUAL_PACE,
} from "../store/concerns.ts";
import { hasSecondPlace, type Installation } from "../store/installation.ts";
import type { BackupState } from "../store/state.ts";
import type { CloseLook } from "./duty.ts";
import { glanceAt } from "./glance.ts";

/** How long all of it may take, in milliseconds. */
const budget = 4_000;

/** The part of it that the program may have needed to start. */
const longestStart = 1_000;

/** How long to wait for other programs, in milliseconds. */
const patience = { lockTimeout: 2_000, folderTimeout: 1_500 };

/** What the hook found. */
export interface HookReport extends CloseLook {
  /** What is wrong, the worst first. */
  concerns: Concern[];
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
  const end = endOfBudget();
  const limited = until(end, hasty);
  const before = await glanceAt(installation, limited);
  const due = before.hasDatabase && isDue(before, session.now());
  const found = due || saysSomething(before)
    ? await lookClosely(installation, before, due, { hasty, limited, end })
    : { status: before };
  const second = await secondPlace(installation, due, limited);
  const { status } = found;
  const concerns = concernsIn(status, second, USUAL_LIMITS, session.now());
  return { ...found, concerns };
}

// Most starts need nothing of this, so it isn't even loaded.
async function lookClosely(
  ...args: Parameters<typeof import("./duty.ts").lookClosely>
): Promise<CloseLook> {
  const { lookClosely } = await import("./duty.ts");
  return await lookClosely(...args);
}

function saysSomething({ losses, faults }: BackupState): boolean {
  return losses.length + faults.length > 0;
}

async function secondPlace(
  installation: Installation,
  due: boolean,
  session: Session,
): Promise<SecondStatus | undefined> {
  if (!hasSecondPlace(installation)) return undefined;
  // What is not there after this the next backup brings; its age tells.
  if (due) {
    const { bringUpToDate } = await import("../second/sync.ts");
    await bringUpToDate(installation, session).catch((error) => {
      if (!(error instanceof InterruptedError)) throw error;
    });
  }
  const { lookAtSecond } = await import("../second/look.ts");
  return await lookAtSecond(installation);
}

/** By when all has to be done, on the clock of `performance.now()`. */
function endOfBudget(): number {
  const now = performance.now();
  return now + budget - Math.min(now, longestStart);
}

function until(end: number, session: Session): Session {
  return {
    ...session,
    checkpoint: async (progress) => {
      await session.checkpoint(progress);
      if (performance.now() > end) throw new InterruptedError();
    },
  };
}

function isDue({ catalog: { backups } }: BackupState, now: Date): boolean {
  const newest = newestBefore(backups, now, true);
  return !newest || now.getTime() - newest.date!.getTime() > USUAL_PACE;
}
