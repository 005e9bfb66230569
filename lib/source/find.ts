/**
 * Which backup a person means: by path, by name, by day or moment, or counted back
 * from the newest one.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { BackupError } from "../errors.ts";
import { addContext, withContext } from "../faults.ts";
import { entryAt } from "../file.ts";
import {
  type BackupEntry,
  isOfFuture,
  listBackups,
  type Source,
} from "../store/catalog.ts";
import { copyFolders, listCopies } from "../store/copies.ts";
import type { Installation } from "../store/installation.ts";
import { monthOfBackup } from "../store/names.ts";
import { packName, readIndex } from "../store/pack_index.ts";
import type { Session } from "../session.ts";
import { nearest, printable, quoted } from "../text.ts";
import { endOfMoment, type FoundSource, newestUntil } from "./calendar.ts";
import { dayNamed, sourceAt } from "./form.ts";

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
  if (basename(words) !== words) {
    return sourceAt(dayNamed(installation, words));
  }
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
 * Finds the newest backup, or one before it. Those that a wrong clock has dated in the
 * future only count if there are no others.
 *
 * @param back How many backups to go back from the newest one.
 * @throws {BackupError} if there are not that many.
 */
export async function newestSource(
  installation: Installation,
  back = 0,
  session?: Session,
): Promise<BackupEntry> {
  const all = await entriesOf(installation, session);
  const now = session?.now() ?? new Date();
  const past = all.filter((backup) => !isOfFuture(backup, now));
  const backups = past.length > 0 ? past : all;
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

function sourceNamed(
  installation: Installation,
  name: string,
): Source | undefined {
  const listed = join(installation.backups, name);
  try {
    if (existsSync(listed)) return sourceAt(listed);
    mustNotBeLink(listed);
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

// Looking for a link finds what it leads to.
function mustNotBeLink(path: string): void {
  if (!entryAt(path)) return;
  throw new BackupError(
    `Cannot read backup ${
      quoted(path)
    }: it is a link to a file that is not there`,
  );
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
