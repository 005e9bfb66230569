/**
 * What the page tells, collected without reading more than it must.
 *
 * @module
 */
import { lookAtSecond, type SecondStatus } from "../second/look.ts";
import type { Place } from "../history/moment.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { localDay } from "../store/names.ts";
import type { Proofs } from "../store/proofs.ts";
import { readStatus, type StatusReport } from "../store/status.ts";
import { type Change, findChanges } from "./changes.ts";
import { measureRoom, type Room } from "./room.ts";

/** What is known of whether a backup restores. */
export type BackupState = "verified" | "unverified" | "failed" | "unopened";

/** A day with a backup. */
export interface Day {
  /** The local day, as in `2026-02-19`. */
  day: string;
  /** Its newest backup. */
  backup: BackupEntry;
  state: BackupState;
  /** How many rows that backup has; `undefined` if it doesn't tell. */
  rows: number | undefined;
  /** How large the plain backup is, in bytes. */
  bytes: number;
  /** How many backups of the day there are. */
  count: number;
}

/** Everything that the page tells. */
export interface ReportFacts {
  /** The moment. */
  made: Date;
  status: StatusReport;
  /** The second place, if there is one. */
  second: SecondStatus | undefined;
  /** The days with a backup, oldest first. */
  days: Day[];
  /** What changed from each day with a backup to the next, newest first. */
  changes: Change[];
  room: Room;
  /** What could not be read, each a sentence. */
  faults: string[];
}

/**
 * Collects the facts.
 *
 * @throws {BackupError} if the folder of the backups can't be read.
 */
export async function collectFacts(place: Place): Promise<ReportFacts> {
  const { installation, session } = place;
  const status = await readStatus(installation, session);
  const { backups } = status.catalog;
  const days = daysOf(backups, status.proofs);
  const newest = days.map(({ backup }) => backup);
  const { changes, faults } = await findChanges(place, newest);
  return {
    made: session.now(),
    status,
    second: await lookAtSecond(installation),
    days,
    changes,
    room: measureRoom(backups),
    faults: [...status.faults, ...faults],
  };
}

function daysOf(backups: readonly BackupEntry[], proofs: Proofs): Day[] {
  const byDay = Map.groupBy(backups, ({ date }) => localDay(date!));
  return [...byDay].map(([day, all]) => {
    const backup = all[0]!;
    const counts = backup.counts();
    return {
      day,
      backup,
      state: stateOf(backup, proofs),
      rows: counts &&
        [...counts.values()].reduce((sum, rows) => sum + Number(rows), 0),
      bytes: backup.plainSize ?? backup.size,
      count: all.length,
    };
  }).reverse();
}

function stateOf(backup: BackupEntry, proofs: Proofs): BackupState {
  if (backup.unopened) return "unopened";
  if (proofs.of(backup)) return "verified";
  return proofs.failureOf(backup) ? "failed" : "unverified";
}
