/**
 * Which backup a person means: by path, by name, by day or moment, or counted back
 * from the newest one.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, dirname, join } from "@std/path";
import { headOf, isEncryptedHead } from "../age/header.ts";
import { BackupError } from "../errors.ts";
import { addContext, withContext } from "../faults.ts";
import {
  type BackupEntry,
  listBackups,
  type Source,
} from "../store/catalog.ts";
import { copyFolders, listCopies } from "../store/copies.ts";
import type { Installation } from "../store/installation.ts";
import {
  isBackupName,
  localMinutes,
  monthOfBackup,
  plainName,
} from "../store/names.ts";
import {
  isPackName,
  monthOfPack,
  packName,
  readIndex,
} from "../store/pack_index.ts";
import type { Session } from "../session.ts";
import { nearest, printable, quoted } from "../text.ts";

/** A backup that was asked for. */
export interface FoundSource extends Source {
  /** Says which one was taken if there is none of the day or moment asked for. */
  note?: string;
}

/**
 * Finds the backup that a person names.
 *
 * @param words How it is named: `latest`, `latest~2`, `2026-02-19`,
 * `2026-02-19 18:05`, the name of a file, or a path.
 * @param session Has the keys to encrypted months; without them their days are not
 * looked for.
 * @throws {BackupError} if there is none.
 */
export async function findSource(
  installation: Installation,
  words: string,
  session?: Session,
): Promise<FoundSource> {
  const back = /^latest(?:~(\d{1,6}))?$/i.exec(words);
  if (back) {
    return await newestSource(installation, Number(back[1] ?? 0), session);
  }
  if (basename(words) !== words) return sourceAt(words);
  const named = sourceNamed(installation, words);
  const end = endOfMoment(words);
  // Someone may keep things of a day in a folder.
  if (named && !(end && isFolder(named.path))) return named;
  const backups = await entriesOf(installation, session);
  const packed = backups.find(({ name }) => name === words);
  if (packed) return packed;
  if (end) return newestUntil(backups, words, end);
  throw unknown(installation, words);
}

/**
 * Finds the newest backup, or one before it.
 *
 * @param back How many backups to go back from the newest one.
 * @throws {BackupError} if there are not that many.
 */
export async function newestSource(
  installation: Installation,
  back = 0,
  session?: Session,
): Promise<BackupEntry> {
  const backups = await entriesOf(installation, session);
  const found = backups[back];
  if (found) return found;
  const folder = quoted(installation.backups);
  throw new BackupError(
    backups.length === 0
      ? `Cannot find a backup in ${folder}; make one with export`
      : `Cannot go back ${back} backups in ${folder}: there are ` +
        `${backups.length}; status lists them`,
  );
}

async function entriesOf(
  { backups, scratch }: Installation,
  session: Session | undefined,
): Promise<BackupEntry[]> {
  const reading = `Cannot read ${quoted(backups)}`;
  const catalog = await withContext(reading, () => listBackups(backups));
  const identities = await session?.keys?.identities() ?? [];
  if (!session || identities.length === 0) return catalog.backups;
  const { encryptedDays } = await import("./encrypted_packs.ts");
  const days = await encryptedDays(backups, scratch, session);
  return [...catalog.backups, ...days]
    .sort((a, b) => b.date!.getTime() - a.date!.getTime());
}

/**
 * The source at a path; which form it has shows in its first bytes. A day of a packed
 * month has its name behind that of the month, as if that were a folder.
 *
 * @throws {BackupError} if it is a month of backups.
 */
export function sourceAt(path: string): Source {
  const name = basename(path);
  const pack = dirname(path);
  if (isPackName(basename(pack)) && isBackupName(name)) {
    return { ...formOf(pack), name, path: pack, form: "packed" };
  }
  if (!isPackName(name)) return { name, path, ...formOf(path) };
  throw new BackupError(
    `Cannot take all of ${quoted(name)} at once: it holds a month of ` +
      "backups; name one of its days, as status lists them, or as in " +
      `${printable(name)}/backup-${monthOfPack(plainName(name))}-01.json`,
  );
}

/** The path of the packed month that a person names; of no other file. */
export function monthNamed(
  { backups }: Installation,
  words: string,
): string | undefined {
  if (!isPackName(basename(words))) return undefined;
  return basename(words) === words ? join(backups, words) : words;
}

type Form = Pick<Source, "form" | "encrypted">;

// A database says so in its first bytes, whatever its name is
// (https://sqlite.org/fileformat.html#the_database_header), and so does age.
function formOf(path: string): Form {
  try {
    if (!Deno.statSync(path).isFile) return { form: "json" };
    using file = Deno.openSync(path);
    const head = headOf(file);
    if (head.startsWith("SQLite format 3\0")) return { form: "sqlite" };
    if (isEncryptedHead(head)) return { form: "json", encrypted: true };
    return { form: formOfName(path) };
  } catch {
    // Opening it says why.
    return { form: formOfName(path) };
  }
}

function formOfName(path: string): Source["form"] {
  return path.endsWith(".db") ? "sqlite" : "json";
}

function sourceNamed(
  installation: Installation,
  name: string,
): Source | undefined {
  const listed = join(installation.backups, name);
  try {
    if (existsSync(listed)) return sourceAt(listed);
  } catch (error) {
    throw addContext(`Cannot look for ${quoted(listed)}`, error);
  }
  return packedNamed(installation, name) ?? [
    name,
    ...copyFolders(installation).map((folder) => join(folder, name)),
    join(installation.backups, "second-place", name),
  ]
    .filter(isReadable).map(sourceAt)[0];
}

function packedNamed(
  { backups }: Installation,
  name: string,
): Source | undefined {
  const month = monthOfBackup(name);
  const path = month && join(backups, packName(month));
  if (!path || !isReadable(path)) return undefined;
  const listed = listBackups(backups).backups
    .find((entry) => entry.form === "packed" && entry.name === name);
  if (listed || readIndex(path)) return listed;
  // Without an index only reading the pack tells whether it is there.
  return { name, path, form: "packed" };
}

function isReadable(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    // The program may only read data/ and output/.
    return false;
  }
}

function isFolder(path: string): boolean {
  return existsSync(path, { isDirectory: true });
}

const momentPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T _](\d\d)[:.]?(\d\d)(?:[:.]?(\d\d))?)?$/;

/** The last instant of a day, minute or second in local time. */
function endOfMoment(words: string): Date | undefined {
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

function newestUntil(
  backups: readonly BackupEntry[],
  words: string,
  end: Date,
): FoundSource {
  const found = backups.find(({ date }) => date! <= end);
  if (!found) {
    const oldest = backups.at(-1);
    const hint = oldest
      ? `the oldest is ${printable(oldest.name)}`
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

function unknown(installation: Installation, name: string): BackupError {
  const { backups } = installation;
  const [near] = nearest(name, ["latest", ...namesOf(installation)]);
  const hint = near === undefined ? "" : `did you mean ${printable(near)}? `;
  return new BackupError(
    `Cannot find backup ${quoted(name)} in ${quoted(backups)}; ${hint}` +
      "status lists the backups",
  );
}

function namesOf(installation: Installation): string[] {
  const { backups } = installation;
  try {
    const files = [...Deno.readDirSync(backups)].map(({ name }) => name);
    return [
      ...files.filter((name) => /\.(json|db|age)$/.test(name)),
      ...listBackups(backups).backups.map(({ name }) => name),
      ...listCopies(installation).map(({ name }) => name),
    ];
  } catch {
    return [];
  }
}
