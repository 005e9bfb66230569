/**
 * What should worry the owner of the data, for monitors, for the hook and for
 * everything else that says whether the data is safe.
 *
 * @module
 */
import { type BackupEntry, isOfFuture } from "./catalog.ts";
import type { BackupState } from "./state.ts";

/** How old things may be, in milliseconds; what is not given is not checked. */
export interface AgeLimits {
  /** The newest backup. */
  maxAge?: number | undefined;
  /** The last verification of a backup that is still there. */
  maxUnproved?: number | undefined;
}

const day = 86_400_000;

/** When it is time to say that none came to be, or that none was verified. */
export const USUAL_LIMITS: Required<AgeLimits> = {
  maxAge: 3 * day,
  maxUnproved: 30 * day,
};

/** How old the newest backup is when another one is due, in milliseconds. */
export const USUAL_PACE: number = day * 20 / 24;

/** Something to worry about. */
export interface Concern {
  /**
   * `loss`: tables have lost many or all of their rows; `absent`: there is no backup;
   * `stale`: the newest one is too old; `unproved`: none was verified for too long;
   * `failed`: the newest one failed its last verification; `unopened`: encrypted ones
   * that no key was shown to open; `second`: the second place has not had all for too
   * long.
   */
  kind:
    | "loss"
    | "absent"
    | "stale"
    | "unproved"
    | "failed"
    | "unopened"
    | "second";
  /** Since when, if that is known. */
  since?: Date;
}

/** What matters of the second place. */
export interface SecondState {
  /** Why it can't be used now. */
  fault?: string;
  /** What is not there. */
  missing: readonly string[];
  /** When all was there last. */
  completeAt: Date | undefined;
  /** Whether it is encrypted, and no key was shown to open it. */
  unopened: boolean;
}

/**
 * What is wrong, the worst first.
 *
 * @param report The state of the backups.
 * @param second The second place, if there is one.
 * @param now The present moment.
 */
export function concernsIn(
  report: BackupState,
  second: SecondState | undefined,
  limits: AgeLimits,
  now: Date,
): Concern[] {
  const { losses, catalog: { backups }, proofs } = report;
  const newest = newestBefore(backups, now);
  const failed = newest && proofs.failureOf(newest);
  return [
    ...losses.length > 0 ? [{ kind: "loss" } as const] : [],
    ...failed ? [{ kind: "failed", since: failed } as const] : [],
    ...second?.unopened || backups.some(({ unopened }) => unopened)
      ? [{ kind: "unopened" } as const]
      : [],
    ...tooOld(report, newest, limits.maxAge, now),
    ...unproved(report, limits.maxUnproved, now),
    ...incomplete(second, limits.maxAge, now),
  ];
}

// A disk that is away for a day is no reason to worry.
function incomplete(
  second: SecondState | undefined,
  maxAge: number | undefined,
  now: Date,
): Concern[] {
  if (!second || maxAge === undefined) return [];
  const { fault, missing, completeAt } = second;
  if (fault === undefined && missing.length === 0) return [];
  if (!completeAt) return [{ kind: "second" }];
  return isOlder(completeAt, maxAge, now)
    ? [{ kind: "second", since: completeAt }]
    : [];
}

/**
 * The newest backup that is not of the future: one that a wrong clock has dated must
 * not pass for fresh until that day comes.
 *
 * @param backups The backups, newest first.
 * @param anyKey Whether one counts that no key was shown to open, though it may be worth
 * nothing: another such one is worth no more.
 */
export function newestBefore(
  backups: readonly BackupEntry[],
  now: Date,
  anyKey = false,
): BackupEntry | undefined {
  return backups.find((backup) =>
    (anyKey || !backup.unopened) && !isOfFuture(backup, now)
  );
}

function tooOld(
  { proofs, hasDatabase }: BackupState,
  newest: BackupEntry | undefined,
  maxAge: number | undefined,
  now: Date,
): Concern[] {
  if (maxAge === undefined) return [];
  if (!newest) return hasDatabase ? [{ kind: "absent" }] : [];
  // A backup that was found to be what the database is now is as good as a new one.
  const since = latest(newest.date!, proofs.currentAt(newest));
  return isOlder(since, maxAge, now) ? [{ kind: "stale", since }] : [];
}

function unproved(
  { catalog: { backups }, proofs }: BackupState,
  maxUnproved: number | undefined,
  now: Date,
): Concern[] {
  if (maxUnproved === undefined || backups.length === 0) return [];
  const moments = backups.flatMap((entry) => proofs.of(entry) ?? []);
  if (moments.length === 0) {
    // Before the first verification there is as much time as between two.
    const first = backups.at(-1)!.date!;
    return isOlder(first, maxUnproved, now) ? [{ kind: "unproved" }] : [];
  }
  const since = moments.reduce(latest);
  return isOlder(since, maxUnproved, now) ? [{ kind: "unproved", since }] : [];
}

function latest(a: Date, b: Date | undefined): Date {
  return b && b > a ? b : a;
}

function isOlder(moment: Date, age: number, now: Date): boolean {
  return now.getTime() - moment.getTime() > age;
}
