/**
 * One run at a time in a folder, and who holds it.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError } from "../errors.ts";
import type { Session } from "../session.ts";
import { printable, quoted } from "../text.ts";
import { ensureFolder, ownPrefix, PRIVATE_MODE, removeStale } from "./files.ts";

/** Says who holds the lock of a folder, since the lock itself cannot tell. */
const holderName = ".backup-holder.tmp";

/** Time between two tries to lock a folder, in milliseconds. */
const lockEvery = 100;

/** What a wait for a folder needs of a session. */
export type FolderWaiting = Pick<
  Session,
  "onWait" | "checkpoint" | "folderTimeout"
>;

/**
 * Does a step while no other run of the program works in the same folder.
 *
 * What a run that was killed has left behind is removed first: with the lock held,
 * nobody else can be writing it.
 *
 * @param folder The folder, created if it is missing.
 * @param session Is told that there is a wait, may stop it, and says how long it
 * may last.
 * @param step What to do.
 * @throws {BackupError} if the lock outlasts the session's `folderTimeout`, as that
 * of a run that was stopped (SIGSTOP) does.
 */
export async function withFolder<T>(
  folder: string,
  session: FolderWaiting,
  step: () => Promise<T>,
): Promise<T> {
  ensureFolder(folder);
  await session.checkpoint();
  const lock = await lockFolder(folder, session);
  try {
    removeStale(folder);
    const forget = lock && noteHolder(folder);
    try {
      return await step();
    } finally {
      forget?.();
    }
  } finally {
    lock?.close();
  }
}

/**
 * Removes what killed runs have left in a folder other than that of the backups, unless
 * another run works there.
 *
 * @returns Shows other runs that this one works there, as long as it is open.
 */
export function clearLeftovers(folder: string): Deno.FsFile | undefined {
  if (Deno.build.os === "windows") return undefined;
  const file = Deno.openSync(folder, { read: true });
  try {
    if (tryLock(file)) removeStale(folder);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function lockFolder(
  folder: string,
  { onWait, checkpoint, folderTimeout }: FolderWaiting,
): Promise<Deno.FsFile | undefined> {
  // Windows does not open folders as files.
  if (Deno.build.os === "windows") return undefined;
  const end = performance.now() + folderTimeout;
  const file = Deno.openSync(folder, { read: true });
  try {
    for (let tries = 0; !tryLock(file); tries++) {
      if (performance.now() > end) throw new BackupError(heldBy(folder));
      // Of one that is just being let go there is nothing to tell.
      if (tries === 1) onWait(quoted(folder));
      await new Promise((resolve) => setTimeout(resolve, lockEvery));
      await checkpoint();
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

// Some file systems have no locks; a backup without one is better than none.
function tryLock(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return true;
  }
}

// A courtesy to whoever waits: where it fails, the lock holds all the same.
function noteHolder(folder: string): () => void {
  const path = join(folder, holderName);
  const forget = () => {
    try {
      Deno.removeSync(path);
    } catch { /* gone already, or never made */ }
  };
  try {
    const options = { createNew: true, mode: PRIVATE_MODE };
    Deno.writeTextFileSync(path, holderNote(), options);
  } catch {
    // A full disk leaves an empty file.
    forget();
  }
  return forget;
}

function holderNote(): string {
  return `process ${Deno.pid}`;
}

function heldBy(folder: string): string {
  let holder = "another run of this program";
  try {
    const noted = Deno.readTextFileSync(join(folder, holderName));
    if (noted) holder += ` (${printable(noted, 40)})`;
  } catch { /* an older version makes no note */ }
  return `${holder} has ${
    quoted(folder)
  } locked; wait for it, or end it if it ` +
    "hangs, and try again";
}

/** How to know the temporary files of this run, for whoever ends it. */
export function ownFiles(): Record<"prefix" | "holder" | "note", string> {
  return {
    /** How their names begin. */
    prefix: ownPrefix(),
    /** The name of the file that says who holds a folder. */
    holder: holderName,
    /** What this run writes into that one. */
    note: holderNote(),
  };
}
