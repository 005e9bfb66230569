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
import { sizeOfFile } from "../bytes.ts";
import { InterruptedError } from "../errors.ts";
import { withContext } from "../faults.ts";
import type { Session } from "../session.ts";
import type { BackupEntry } from "../store/catalog.ts";
import {
  createTemp,
  discardTemp,
  syncedEarly,
  syncFolder,
} from "../store/files.ts";
import { withFolder } from "../store/folder.ts";
import type { Installation } from "../store/installation.ts";
import { isBackupName } from "../store/names.ts";
import { monthOfPack, packName } from "../store/pack_index.ts";
import { readProofs } from "../store/proofs.ts";
import { quoted } from "../text.ts";
import { type LeftAlone, takeInventory } from "./inventory.ts";
import { type MonthPlan, planMonths } from "./months.ts";
import type { OnBytes } from "./pack.ts";
import {
  applyRules,
  type KeepRules,
  type ProtectedBackup,
} from "./retention.ts";
import { comparePack } from "./compare.ts";
import { findTwice, openPack } from "./twice.ts";
import { writePack } from "./write.ts";
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
  const inventory = await takeInventory(folder, thins, onBytes);
  const twice = await findTwice(inventory, onBytes);
  const isOnce = (backup: BackupEntry) => !twice.all.has(backup);
  const { removed, protected: kept } = applyRules(
    inventory.backups.filter(isOnce),
    keep,
    readProofs(folder),
  );
  const gone = new Set(removed.map(({ name }) => name));
  const packable = inventory.packable.filter(isOnce)
    .filter(({ name }) => !gone.has(name));
  const bytesBefore = sizeOf(folder);
  const months: PackedMonth[] = [];
  for (const plan of planMonths(inventory, packable, gone)) {
    const bytes = dryRun ? undefined : await replacePack(folder, plan, onBytes);
    months.push(describe(plan, bytes));
  }
  if (!dryRun) removePlain(folder, [...removed, ...twice.same]);
  return {
    months,
    removed,
    protected: kept,
    leftAlone: [...inventory.leftAlone, ...twice.leftAlone],
    bytesBefore,
    bytesAfter: dryRun ? undefined : sizeOf(folder),
    large: packable.filter(({ size }) => size > WINDOW).length,
  };
}

/**
 * Replaces a month's pack, and removes the plain files that are in it then.
 *
 * @returns Its size in bytes.
 */
async function replacePack(
  folder: string,
  { month, old, packed, frames }: MonthPlan,
  onBytes: OnBytes,
): Promise<number> {
  const path = join(folder, packName(month));
  if (frames.length === 0) {
    Deno.removeSync(path);
    syncFolder(folder);
    return 0;
  }
  const temp = createTemp(folder);
  using from = old && openPack(old);
  try {
    const write = () => writePack(temp.file, frames, from, onBytes);
    const index = await syncedEarly(temp.file, write);
    await comparePack(temp.file, index, frames, from, onBytes);
    const size = sizeOfFile(temp.file);
    temp.file.close();
    Deno.renameSync(temp.path, path);
    syncFolder(folder);
    removePlain(folder, packed);
    return size;
  } finally {
    discardTemp(temp);
  }
}

function removePlain(folder: string, backups: BackupEntry[]): void {
  const plain = backups.filter(({ form }) => form === "json");
  for (const { path } of plain) Deno.removeSync(path);
  if (plain.length > 0) syncFolder(folder);
}

function describe(
  { month, old, packed }: MonthPlan,
  bytes: number | undefined,
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

// Each plain byte is read three times: for its checksum, to be packed, to be compared.
// What is not packed counts too much, so that it ends early rather than late.
function meter(folder: string, { checkpoint }: Session): OnBytes {
  const total = sizeOf(folder) * 3;
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
