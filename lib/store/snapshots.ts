/**
 * Snapshots: copies of the database as it was before an import or an undo, for `undo`
 * to go back to. They are made by SQLite's online backup, which is correct while other
 * programs use the database.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { closing, openForReading, openTarget } from "../database/connection.ts";
import { copyOver } from "../database/copy.ts";
import { BackupError } from "../errors.ts";
import { onDisk } from "../faults.ts";
import { type Session, stepOf } from "../session.ts";
import { createTemp, discardTemp, syncFolder, type TempFile } from "./files.ts";
import { localStamp } from "./names.ts";
import { nearest, printable, quoted } from "../text.ts";

/** A snapshot. */
export interface Snapshot {
  path: string;
  name: string;
  /** When it was taken, in local time, as in `2026-02-19-153000`. */
  stamp: string;
  /** What it was taken before. */
  kind: "import" | "undo";
  /** The stamp of the snapshot that an undo put back when this one was taken. */
  of: string | undefined;
  /** The stamp of the import's snapshot that it is, or that uses of undo began with. */
  origin: string | undefined;
}

/** How many are kept. */
export const KEPT_SNAPSHOTS = 5;

const stampPattern = "(\\d{4}-\\d\\d-\\d\\d-\\d{6})";
const pattern = new RegExp(
  `^before-(import|undo)-${stampPattern}` +
    `(?:-of-${stampPattern}(?:-import-${stampPattern})?)?\\.db$`,
);

/** The snapshots in a folder, newest first; a missing folder has none. */
export function listSnapshots(folder: string): Snapshot[] {
  const snapshots: Snapshot[] = [];
  if (!existsSync(folder)) return snapshots;
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    const found = pattern.exec(name);
    if (!found || !isFile) continue;
    const [, kind, stamp, of, first] = found;
    snapshots.push({
      path: join(folder, name),
      name,
      kind: kind as Snapshot["kind"],
      stamp: stamp!,
      of,
      origin: kind === "import" ? stamp : first ?? of,
    });
  }
  return snapshots.sort((a, b) => a.stamp < b.stamp ? 1 : -1);
}

/** The stamp in the name of a snapshot; `undefined` if it is none. */
export function stampOf(name: string): string | undefined {
  return pattern.exec(name)?.[2];
}

/**
 * Finds a snapshot as a person names it.
 *
 * @param snapshots All that there are.
 * @param name Its name, or a path to it.
 * @throws {BackupError} if it is not one of them.
 */
export function findSnapshot(snapshots: Snapshot[], name: string): Snapshot {
  const bare = basename(name);
  const found = snapshots.find((snapshot) => snapshot.name === bare);
  if (found && (bare === name || isSameFile(name, found.path))) return found;
  const [near] = nearest(bare, snapshots.map(({ name }) => name));
  const hint = near === undefined ? "" : `did you mean ${printable(near)}? `;
  throw new BackupError(
    `there is no snapshot ${quoted(name)}; ${hint}undo --list shows them`,
  );
}

function isSameFile(path: string, other: string): boolean {
  try {
    const [a, b] = [Deno.statSync(path), Deno.statSync(other)];
    return a.dev === b.dev && a.ino === b.ino && a.size === b.size;
  } catch {
    return false;
  }
}

/**
 * The stamp of the next snapshot: later than all there are, whatever the clock
 * says, so that the newest is always known.
 */
export function nextStamp(snapshots: Snapshot[], now: Date): string {
  const newest = snapshots[0]?.stamp ?? "";
  const first = Math.max(now.getTime(), timeOf(newest) + 1000);
  // Where clocks go back for winter an hour comes twice.
  for (const hours of [0, 1, 2]) {
    const stamp = localStamp(new Date(first + hours * 3_600_000));
    if (stamp > newest) return stamp;
  }
  // No year has more digits than four.
  const taken = new Set(snapshots.map(({ stamp }) => stamp));
  for (let time = now.getTime();; time += 1000) {
    const stamp = localStamp(new Date(time));
    if (!taken.has(stamp)) return stamp;
  }
}

/** The moment of a stamp in milliseconds; 0 if it is not one. */
export function timeOf(stamp: string): number {
  const [year, month, day, time] = stamp.split("-").map(Number);
  if (time === undefined) return 0;
  const [hours, rest] = [Math.floor(time / 10000), time % 10000];
  const [minutes, seconds] = [Math.floor(rest / 100), rest % 100];
  return new Date(year!, month! - 1, day, hours, minutes, seconds).getTime();
}

/**
 * Copies a database into a new file that nobody else knows of.
 *
 * @param path The database.
 * @param folder Where the copy is made.
 * @param session Is told that there is something to wait for, and may stop it.
 * @throws {Error} with SQLite's or the system's message; no file is left then.
 */
export async function copyDatabase(
  path: string,
  folder: string,
  session: Session,
): Promise<TempFile> {
  await session.checkpoint(stepOf("Copying the database"));
  const temp = createTemp(folder);
  try {
    await copyInto(path, temp.path, session);
    await onDisk(quoted(folder), () => temp.file.syncSync());
    return temp;
  } catch (error) {
    discardTemp(temp);
    throw error;
  }
}

async function copyInto(
  path: string,
  copy: string,
  session: Session,
): Promise<void> {
  using source = closing(openForReading(path));
  using target = closing(openTarget(copy));
  await copyOver(source.db, target.db, session);
  // In WAL mode the copy would grow files of its own beside it.
  target.db.exec("PRAGMA journal_mode = DELETE");
}

/**
 * The name of the next snapshot.
 *
 * @param folder The folder of the backups, with its lock held.
 * @param reason What is about to happen.
 * @param now The present moment.
 * @param of The snapshot that an undo is about to put back.
 */
export function snapshotName(
  folder: string,
  reason: Snapshot["kind"],
  now: Date,
  of?: Snapshot,
): string {
  const stamp = nextStamp(listSnapshots(folder), now);
  const first = of?.kind === "undo" && of.origin ? `-import-${of.origin}` : "";
  const end = of ? `-of-${of.stamp}${first}` : "";
  return `before-${reason}-${stamp}${end}.db`;
}

/**
 * Makes a copy a snapshot.
 *
 * @param copy The copy; its path is another one afterwards.
 * @param folder The folder of the backups, with its lock held.
 * @param name The name of the snapshot.
 */
export function nameSnapshot(
  copy: TempFile,
  folder: string,
  name: string,
): void {
  copy.file.close();
  Deno.renameSync(copy.path, join(folder, name));
  syncFolder(folder);
}

/**
 * Lets the oldest snapshots go. One that can't be removed stays until the next time: what
 * was done before this is done.
 *
 * @param made The name of the one just made, which stays whatever dates others have.
 */
export function pruneSnapshots(folder: string, made?: string): void {
  const others = listSnapshots(folder).filter(({ name }) => name !== made);
  const kept = made === undefined ? KEPT_SNAPSHOTS : KEPT_SNAPSHOTS - 1;
  for (const { path } of others.slice(kept)) {
    try {
      Deno.removeSync(path);
    } catch { /* see above */ }
  }
}
