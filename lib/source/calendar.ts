/**
 * Days and moments as people type them, and the backup that is meant.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import type { BackupEntry, Source } from "../store/catalog.ts";
import { localMinutes } from "../store/names.ts";
import { printable } from "../text.ts";

/** A backup that was asked for. */
export interface FoundSource extends Source {
  /** Says which one was taken if there is none of the day or moment asked for. */
  note?: string;
}

const momentPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T _](\d\d)[:.]?(\d\d)(?:[:.]?(\d\d))?)?$/;

/**
 * The last instant of a day, minute or second in local time; `undefined` if the words
 * are none.
 */
export function endOfMoment(words: string): Date | undefined {
  const found = momentPattern.exec(words.trim());
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1)
    .map((part) => part === undefined ? undefined : Number(part));
  const date = new Date(
    year!,
    month! - 1,
    day!,
    hour ?? 23,
    minute ?? 59,
    second ?? 59,
    999,
  );
  // The 31st of February would be a day in March.
  const real = date.getMonth() === month! - 1 && date.getDate() === day &&
    (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
  return real ? date : undefined;
}

/**
 * Finds the newest backup of a moment or before it.
 *
 * @param backups The newest first.
 * @param words How a person named the moment.
 * @param end Its last instant.
 * @throws {BackupError} if all are younger.
 */
export function newestUntil(
  backups: readonly BackupEntry[],
  words: string,
  end: Date,
): FoundSource {
  const found = backups.find(({ date }) => date! <= end);
  if (!found) {
    const oldest = backups.at(-1);
    const hint = oldest
      ? `the oldest is ${printable(oldest.name)}, of ${
        localMinutes(oldest.date!)
      }`
      : "make one with export";
    throw new BackupError(
      `Cannot find a backup of ${printable(words)} or before it; ${hint}`,
    );
  }
  const when = localMinutes(found.date!);
  const isOfDay = when.slice(0, 10) === words.trim().slice(0, 10);
  if (isOfDay) return found;
  const note = `No backup of ${printable(words)}; the last one before it is ` +
    `${printable(found.name)}, of ${when}.`;
  return { ...found, note };
}
