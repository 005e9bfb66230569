/**
 * A damaged database: it is kept under another name, so that a new one can be made in
 * its place.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { openForReading, retryLocked } from "../database/connection.ts";
import { structuralDamage } from "../database/integrity.ts";
import { BackupError, InterruptedError } from "../errors.ts";
import { isDamage } from "../faults.ts";
import { entryAt } from "../file.ts";
import { type Session, stepOf } from "../session.ts";
import { quoted } from "../text.ts";
import {
  createTemp,
  discardTemp,
  PRIVATE_MODE,
  SIDECARS,
  syncFolder,
  type TempFile,
} from "./files.ts";
import { hasDatabase, type Installation, linkTarget } from "./installation.ts";
import { localStamp } from "./names.ts";
import { copyDatabase } from "./snapshots.ts";

const without = "import without --replace-damaged";

/**
 * Makes sure that the database is damaged, and that nobody has it locked.
 *
 * @throws {BackupError} if that is not so.
 */
export async function requireDamaged(
  { database }: Installation,
  session: Session,
): Promise<void> {
  const { size } = Deno.statSync(database);
  await session.checkpoint(stepOf("Checking the database", "", size));
  if (await isDamaged(database, session)) return;
  throw new BackupError(
    `the database ${quoted(database)} is not damaged; ${without}`,
  );
}

async function isDamaged(path: string, session: Session): Promise<boolean> {
  try {
    const db = openForReading(path);
    try {
      return await retryLocked(() => structuralDamage(db), session) !==
        undefined;
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
}

/**
 * Where the damaged database goes: beside it, or beside the file that a link leads to;
 * into the folder of the backups if the program may not write there.
 *
 * @param now The present moment, which is in its name.
 */
export function asidePath(installation: Installation, now: Date): string {
  const { backups } = installation;
  const beside = dirname(realFile(installation));
  const folder = mayWrite(beside) ? beside : backups;
  const path = join(folder, `soy.db.damaged-${localStamp(now)}`);
  for (let copy = 1;; copy++) {
    const free = copy > 1 ? `${path}-${copy}` : path;
    if (!entryAt(free)) return free;
  }
}

/** The file that the name of the database leads to. */
function realFile(installation: Installation): string {
  const { database } = installation;
  return entryAt(database)?.isSymlink
    ? linkTarget(installation) ?? database
    : database;
}

function mayWrite(folder: string): boolean {
  return (["read", "write"] as const).every((name) =>
    Deno.permissions.querySync({ name, path: folder }).state === "granted"
  );
}

/**
 * Copies the database as it is, with what SQLite keeps beside it. That comes first:
 * SQLite clears the log away when it opens the database.
 *
 * @param path Where the copy will go, as {@linkcode asidePath} says.
 * @returns The copy, without a name of its own.
 * @throws {BackupError} if there is no database.
 */
export async function copyDamaged(
  installation: Installation,
  path: string,
  session: Session,
): Promise<TempFile> {
  if (!hasDatabase(installation)) {
    throw new BackupError(`there is no database to replace; ${without}`);
  }
  const { database } = installation;
  const real = realFile(installation);
  const isBeside = dirname(path) === dirname(real);
  if (!isBeside) {
    // Only SQLite reaches the log beside a file that a link leads to.
    const copy = await tryCopy(database, dirname(path), session);
    if (copy) return copy;
  }
  const temp = createTemp(dirname(path));
  try {
    copyBytes(database, temp.path);
    temp.file.syncSync();
    if (!isBeside) return temp;
    for (const suffix of SIDECARS.filter((suffix) => entryAt(real + suffix))) {
      copyBytes(real + suffix, temp.path + suffix);
    }
    return temp;
  } catch (error) {
    discardTemp(temp);
    throw error;
  }
}

async function tryCopy(
  path: string,
  folder: string,
  session: Session,
): Promise<TempFile | undefined> {
  try {
    return await copyDatabase(path, folder, session);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return undefined;
  }
}

function copyBytes(from: string, to: string): void {
  Deno.copyFileSync(from, to);
  Deno.chmodSync(to, PRIVATE_MODE);
}

/**
 * Gives the copy of a damaged database its name, and empties the database. It stays the
 * same file, since its name may belong to a link and other programs may have it open.
 *
 * @param copy What {@linkcode copyDamaged} has made.
 * @param path Its name.
 */
export function keepDamaged(
  { database }: Installation,
  copy: TempFile,
  path: string,
): void {
  copy.file.close();
  for (const suffix of ["", ...SIDECARS]) {
    if (entryAt(copy.path + suffix)) {
      Deno.renameSync(copy.path + suffix, path + suffix);
    }
  }
  syncFolder(dirname(path));
  // truncateSync() follows no link if the permissions are limited.
  Deno.openSync(database, { write: true, truncate: true }).close();
}
