/**
 * Tidying: old backups are packed into months, and thinned out if a person asks for it.
 *
 * A pack is written beside the old one, synced, read back and compared with what it was
 * made of; then it takes the old one's name, and only then the plain files go. So each
 * day is there at least once at any moment.
 *
 * @module
 */
import { join } from "@std/path";
import { InterruptedError } from "../errors.ts";
import { withContext } from "../faults.ts";
import type { Session } from "../session.ts";
import { type BackupEntry, listBackups } from "../store/catalog.ts";
import { withFolder } from "../store/folder.ts";
import type { Installation } from "../store/installation.ts";
import { isBackupName } from "../store/names.ts";
import { monthOfPack, packName } from "../store/pack_index.ts";
import { forgetProofs, readProofs } from "../store/proofs.ts";
import { quoted } from "../text.ts";
import { type LeftAlone, takeInventory } from "./inventory.ts";
import { type MonthPlan, planMonths } from "./months.ts";
import type { OnBytes } from "./pack.ts";
import {
  applyRules,
  type KeepRules,
  type ProtectedBackup,
} from "./retention.ts";
import { Compressor } from "./compressor.ts";
import { removePlain, replaceMonth } from "./replace.ts";
import { findTwice } from "./twice.ts";
import { WINDOW } from "./zstd.ts";

/** How to tidy. */
export interface TidyOptions {
  /** Only say what would be done. */
  dryRun: boolean;
  /** Which backups stay; without any rule, all. */
  keep: KeepRules;
}

/** A month that was packed, or would be. */
export interface PackedMonth {
  /** The name of the pack. */
  name: string;
  /** The plain files that went into it. */
  backups: string[];
  /** How large they were. */
  plainBytes: number;
  /** The size of the pack before, 0 if there was none. */
  bytesBefore: number;
  /** Its size now; 0 if it is gone, `undefined` in a preview. */
  bytes: number | undefined;
}

/** What tidying did. */
export interface TidyReport {
  months: PackedMonth[];
  removed: BackupEntry[];
  protected: ProtectedBackup[];
  leftAlone: LeftAlone[];
  /** The size of all backups before; and now, unless this is a preview. */
  bytesBefore: number;
  bytesAfter: number | undefined;
  /** Files that are larger than what zstd looks back on. */
  large: number;
}

/**
 * Packs and thins out the backups of an installation.
 *
 * @throws {BackupError} if something cannot be read or written, or a pack is not read
 * back as it was written; each day is there then, plain or packed.
 */
export async function tidy(
  { backups: folder }: Installation,
  session: Session,
  options: TidyOptions,
): Promise<TidyReport> {
  const step = () => tidyFolder(folder, session, options);
  try {
    return await withContext(
      `Cannot tidy ${quoted(folder)}`,
      () => withFolder(folder, session, step),
    );
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError(
      "Interrupted: each day is there, plain or packed; tidy goes on from there",
    );
  }
}

async function tidyFolder(
  folder: string,
  session: Session,
  { dryRun, keep }: TidyOptions,
): Promise<TidyReport> {
  const thins = Object.values(keep).some(Boolean);
  const onBytes = meter(folder, session);
  const checks = { all: thins, packable: dryRun };
  const inventory = await takeInventory(folder, checks, onBytes);
  const twice = await findTwice(inventory, onBytes);
  const isOnce = (backup: BackupEntry) => !twice.all.has(backup);
  const { removed, protected: kept } = applyRules(
    inventory.backups.filter(isOnce),
    keep,
    readProofs(folder),
    session.now(),
  );
  const gone = new Set(removed.map(({ name }) => name));
  const packable = inventory.packable.filter(isOnce)
    .filter(({ name }) => !gone.has(name));
  const bytesBefore = sizeOf(folder);
  const plans = planMonths(inventory, packable, gone);
  const done = dryRun
    ? { months: plans.map((plan) => describe(plan)), leftAlone: [] }
    : await replaceMonths(folder, plans, gone, onBytes);
  if (!dryRun) {
    await removePlain(folder, [...removed, ...twice.same]);
    forgetProofs(folder, listBackups(folder).backups, session.now());
  }
  return {
    months: done.months,
    removed,
    protected: kept,
    leftAlone: [
      ...inventory.leftAlone,
      ...twice.leftAlone,
      ...done.leftAlone,
    ],
    bytesBefore,
    bytesAfter: dryRun ? undefined : sizeOf(folder),
    large: packable.filter(({ size }) => size > WINDOW).length,
  };
}

async function replaceMonths(
  folder: string,
  plans: MonthPlan[],
  removed: ReadonlySet<string>,
  onBytes: OnBytes,
): Promise<Pick<TidyReport, "months" | "leftAlone">> {
  using compressor = new Compressor();
  const packing = { folder, compressor, removed, onBytes };
  const months: PackedMonth[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const plan of plans) {
    const replaced = await replaceMonth(packing, plan);
    if (replaced.plan) months.push(describe(replaced.plan, replaced.bytes));
    leftAlone.push(...replaced.leftAlone);
  }
  return { months, leftAlone };
}

function describe(
  { month, old, packed }: MonthPlan,
  bytes?: number,
): PackedMonth {
  return {
    name: packName(month),
    backups: packed.map(({ name }) => name),
    plainBytes: packed.reduce((sum, { size }) => sum + size, 0),
    bytesBefore: old?.bytes ?? 0,
    bytes,
  };
}

/** Plain files and packs together, in bytes. */
function sizeOf(folder: string): number {
  return filesIn(folder).reduce((sum, { size }) => sum + size, 0);
}

function filesIn(folder: string): Deno.FileInfo[] {
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => isBackupName(name) || monthOfPack(name))
    .map(({ name }) => Deno.lstatSync(join(folder, name)));
}

// Each plain byte is counted once, when it is read to be packed. What is not packed counts
// too much, so that it ends early rather than late.
function meter(folder: string, { checkpoint }: Session): OnBytes {
  const total = sizeOf(folder);
  let bytes = 0;
  return async (count) => {
    bytes += count;
    const done = Math.min(bytes, total);
    await checkpoint({
      doing: "Tidying",
      table: "",
      rows: 0,
      bytes: done,
      total,
    });
  };
}
