/**
 * Snapshots of the database in the folder of the backups: the state before an
 * import or an undo, to go back to.
 *
 * @module
 */
import { join } from "@std/path";
import { localStamp } from "../output/names.ts";

/** A snapshot. */
export interface Snapshot {
  path: string;
  name: string;
  /** When it was taken, in local time, as in `2026-02-19-153000`. */
  stamp: string;
  /** The snapshot that an undo put back when this one was taken. */
  of: string | undefined;
}

/** How many are kept. */
export const KEPT_SNAPSHOTS = 5;

const pattern =
  /^before-(?:import|undo)-(\d{4}-\d\d-\d\d-\d{6})(?:-of-([\d-]{17}))?\.db$/;

/** The snapshots in a folder, newest first. */
export function listSnapshots(folder: string): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    const found = pattern.exec(name);
    if (!found || !isFile) continue;
    const [, stamp, of] = found;
    snapshots.push({ path: join(folder, name), name, stamp: stamp!, of });
  }
  return snapshots.sort((a, b) => a.stamp < b.stamp ? 1 : -1);
}

/**
 * The stamp of the next snapshot: later than all there are, whatever the clock
 * says, so that the newest is always known.
 */
export function nextStamp(snapshots: Snapshot[], now: Date): string {
  const newest = snapshots[0]?.stamp ?? "";
  let date = now;
  while (localStamp(date) <= newest) {
    date = afterStamp(newest, date);
  }
  return localStamp(date);
}

function afterStamp(stamp: string, date: Date): Date {
  const [year, month, day, time] = stamp.split("-").map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const [hours, minutes, seconds] = [
    Math.floor(time / 10000),
    Math.floor(time / 100) % 100,
    time % 100,
  ];
  const newest = new Date(year, month - 1, day, hours, minutes, seconds);
  return new Date(Math.max(newest.getTime(), date.getTime()) + 1000);
}
