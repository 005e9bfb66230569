/**
 * Which backups stay if a person wants fewer of them.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { type BackupEntry, isOfFuture } from "../store/catalog.ts";
import { referenceBackup } from "../store/losses.ts";
import { dayOfBackup } from "../store/names.ts";
import type { Proofs } from "../store/proofs.ts";
import { REMADE_TABLES } from "../soy/tables.ts";
import { counted } from "../text.ts";

/** Of how many of the last days, weeks, months and years the newest backup stays. */
export interface KeepRules {
  daily?: number | undefined;
  weekly?: number | undefined;
  monthly?: number | undefined;
  yearly?: number | undefined;
}

/** A backup that stays though no rule keeps it. */
export interface ProtectedBackup {
  name: string;
  /** Why it is never removed. */
  reason: string;
}

/** What becomes of the backups. */
export interface Retention {
  removed: BackupEntry[];
  protected: ProtectedBackup[];
}

/** What two backups of the same span have in common, by the day of their names. */
const spans: Readonly<Record<keyof KeepRules, (day: string) => string>> = {
  daily: (day) => day,
  weekly: weekOf,
  monthly: (day) => day.slice(0, 7),
  yearly: (day) => day.slice(0, 4),
};

/** The Monday of a day's week. */
function weekOf(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() - (date.getUTCDay() + 6) % 7);
  return date.toISOString().slice(0, 10);
}

/**
 * Applies rules as restic's `forget` does
 * (https://restic.readthedocs.io/en/stable/060_forget.html): the newest backup of each
 * of the last spans that have one stays, and what any rule keeps stays. Some backups
 * stay in any case.
 *
 * @param backups Whole backups of this program, newest first.
 * @param rules Without any, all stay.
 * @param now Backups that are dated later stay, and count for no rule: a clock that was
 * wrong must not cost those of days that have been.
 */
export function applyRules(
  backups: readonly BackupEntry[],
  rules: KeepRules,
  proofs: Proofs,
  now: Date,
): Retention {
  const given = Object.entries(rules).filter(([, count]) => count);
  if (given.length === 0) return { removed: [], protected: [] };
  const future = backups.filter((backup) => isOfFuture(backup, now));
  const past = backups.filter((backup) => !future.includes(backup));
  const staying = new Set(
    given.flatMap(([span, count]) =>
      newestOfSpans(past, spans[span as keyof KeepRules], count!)
    ),
  );
  const kept: ProtectedBackup[] = [];
  const protect = (backup: BackupEntry | undefined, reason: string) => {
    if (!backup || staying.has(backup)) return;
    staying.add(backup);
    kept.push({ name: backup.name, reason });
  };
  for (const backup of future) protect(backup, "its date is in the future");
  protect(past[0], "it is the newest one");
  protect(
    backups.find((backup) => proofs.of(backup)),
    "it is the last one that was verified",
  );
  protect(
    referenceBackup(backups),
    "it is the last one before rows were lost",
  );
  const fullest = fullestOf(backups.filter((backup) => !staying.has(backup)));
  const rows = fullest ? rowsOf(fullest) : 0;
  if ([...staying].every((backup) => rowsOf(backup) < rows)) {
    const more = `it has ${counted(rows, "row")}, more than any that stays`;
    protect(fullest, more);
  }
  const removed = backups.filter((backup) => !staying.has(backup));
  return { removed, protected: kept };
}

function newestOfSpans(
  backups: readonly BackupEntry[],
  spanOf: (day: string) => string,
  count: number,
): BackupEntry[] {
  const newest = new Map<string, BackupEntry>();
  for (const backup of backups) {
    const span = spanOf(dayOfBackup(backup.name)!);
    if (!newest.has(span)) newest.set(span, backup);
  }
  return [...newest.values()].slice(0, count);
}

/** The newest of those with the most rows. */
function fullestOf(backups: BackupEntry[]): BackupEntry | undefined {
  return backups.toSorted((a, b) => rowsOf(b) - rowsOf(a))[0];
}

function rowsOf({ counts }: BackupEntry): number {
  return [...counts() ?? []]
    .filter(([table]) => !REMADE_TABLES.includes(foldName(table)))
    .reduce((sum, [, rows]) => sum + Number(rows), 0);
}
