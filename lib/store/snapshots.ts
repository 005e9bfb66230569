/**
 * Snapshots of the database in the folder of the backups: the state before an
 * import or an undo, to go back to.
 *
 * @module
 */
import { join } from "@std/path";
import { localStamp } from "./names.ts";

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
  const first = Math.max(now.getTime(), timeOf(newest) + 1000);
  // Where clocks go back for winter an hour comes twice.
  for (const hours of [0, 1, 2]) {
    const stamp = localStamp(new Date(first + hours * 3_600_000));
    if (stamp > newest) return stamp;
  }
  return localStamp(now);
}

/** The moment of a stamp in milliseconds; 0 where there is none. */
function timeOf(stamp: string): number {
  const [year, month, day, time] = stamp.split("-").map(Number);
  if (time === undefined) return 0;
  const [hours, rest] = [Math.floor(time / 10000), time % 10000];
  const [minutes, seconds] = [Math.floor(rest / 100), rest % 100];
  return new Date(year!, month! - 1, day, hours, minutes, seconds).getTime();
}
