/**
 * Names of backup files, in local time, as the person's calendar has it.
 *
 * @module
 */

const ours = /^backup-\d{4}-\d\d-\d\d(-\d{6})?(-\d+)?\.json$/;

/** Whether a name is one that an export gives. */
export function isBackupName(name: string): boolean {
  return ours.test(name);
}

/** How the names of encrypted files end. */
export const AGE_SUFFIX = ".age";

/** Whether a name is that of an encrypted file, such as a backup or a packed month. */
export function isAgeName(name: string): boolean {
  return name.endsWith(AGE_SUFFIX);
}

/** Whether a name is that of an encrypted backup. */
export function isEncryptedName(name: string): boolean {
  return isAgeName(name) && isBackupName(plainName(name));
}

/** A name without the ending of an encrypted file. */
export function plainName(name: string): string {
  return isAgeName(name) ? name.slice(0, -AGE_SUFFIX.length) : name;
}

const momentInName = /^backup-(\d{4})-(\d\d)-(\d\d)(?:-(\d\d)(\d\d)(\d\d))?/;

/**
 * The moment of a backup by its name.
 *
 * @param name The name; that of a day's newest backup has no time.
 * @param written When the file was written: its time of day is taken if it is of that
 * day, else the end of the day.
 */
export function momentOfName(name: string, written: Date): Date {
  const found = momentInName.exec(name)?.slice(1).map((part) => Number(part));
  const [year = 0, month = 1, day = 1, hour, minute, second] = found ?? [];
  if (!Number.isNaN(hour)) {
    return new Date(year, month - 1, day, hour, minute, second);
  }
  const end = new Date(year, month - 1, day, 23, 59, 59);
  return localDay(written) === localDay(end) ? written : end;
}

/** The local day of a backup by its name, as in `2026-02-19`. */
export function dayOfBackup(name: string): string | undefined {
  return isBackupName(name)
    ? name.slice("backup-".length).slice(0, 10)
    : undefined;
}

/** The local month of a backup by its name, as in `2026-02`. */
export function monthOfBackup(name: string): string | undefined {
  return dayOfBackup(name)?.slice(0, 7);
}

/** Whether a name is the plain one of a day, without a time. */
export function isDailyName(name: string): boolean {
  return /^backup-\d{4}-\d\d-\d\d\.json$/.test(name);
}

/**
 * The name of the backup of a day.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(dailyName(new Date(2026, 1, 19)), "backup-2026-02-19.json");
 * ```
 */
export function dailyName(date: Date): string {
  return `backup-${localDay(date)}.json`;
}

/**
 * The name under which an earlier backup of a day is kept, as in
 * `backup-2026-02-19-153000.json`.
 *
 * @param date The moment of that backup.
 * @param copy From 2 on if the name is taken.
 */
export function keptName(date: Date, copy: number): string {
  const suffix = copy > 1 ? `-${copy}` : "";
  return `backup-${localStamp(date)}${suffix}.json`;
}

/**
 * The name of the file with rows that an import left out.
 *
 * @param date The moment of the import.
 * @param copy From 2 on if the name is taken.
 */
export function rejectedName(date: Date, copy: number): string {
  const suffix = copy > 1 ? `-${copy}` : "";
  return `rejected-${localStamp(date)}${suffix}.json`;
}

/** A moment in local time as names have it, as in `2026-02-19-153000`. */
export function localStamp(date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${localDay(date)}-${time.map(twoDigits).join("")}`;
}

/** A moment in UTC with seconds, as in `2026-02-19T15:30:00Z`. */
export function utcSeconds(date: Date): string {
  return date.toISOString().slice(0, 19) + "Z";
}

/** A moment in local time for people, as in `2026-02-19 15:30`. */
export function localMinutes(date: Date): string {
  const time = [date.getHours(), date.getMinutes()];
  return `${localDay(date)} ${time.map(twoDigits).join(":")}`;
}

/** A local day as names have it, as in `2026-02-19`. */
export function localDay(date: Date): string {
  const year = String(date.getFullYear()).padStart(4, "0");
  return [year, twoDigits(date.getMonth() + 1), twoDigits(date.getDate())]
    .join("-");
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}
