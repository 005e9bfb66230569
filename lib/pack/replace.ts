/**
 * One month's pack takes the place of the plain files that went into it, and of the
 * pack that was there before.
 *
 * @module
 */
import { join } from "@std/path";
import { sizeOfFile } from "../file.ts";
import type { BackupEntry } from "../store/catalog.ts";
import {
  createTemp,
  discardTemp,
  syncedEarly,
  syncFolder,
} from "../store/files.ts";
import { packName } from "../store/pack_index.ts";
import type { Compressor } from "./compressor.ts";
import { type LeftAlone, lookAt } from "./inventory.ts";
import { type MonthPlan, planMonths } from "./months.ts";
import { DamagedDayError } from "./originals.ts";
import type { OnBytes } from "./pack.ts";
import { openPack } from "./twice.ts";
import { writePack } from "./write.ts";

/** What all months share. */
export interface Packing {
  folder: string;
  compressor: Compressor;
  /** The backups that are to go. */
  removed: ReadonlySet<string>;
  onBytes: OnBytes;
}

/** What became of a month. */
export interface ReplacedMonth {
  /** What was done; `undefined` if nothing was left to do. */
  plan: MonthPlan | undefined;
  /** The size of its pack in bytes. */
  bytes: number;
  leftAlone: LeftAlone[];
}

/**
 * Packs a month, without the plain files that turn out to be damaged on the way.
 *
 * @throws {BackupError} if something cannot be read or written, or the pack is not read
 * back as it was written; each day is there then, plain or packed.
 */
export async function replaceMonth(
  packing: Packing,
  plan: MonthPlan,
): Promise<ReplacedMonth> {
  try {
    return { plan, bytes: await replacePack(packing, plan), leftAlone: [] };
  } catch (error) {
    if (!(error instanceof DamagedDayError)) throw error;
  }
  const { removed, onBytes } = packing;
  const { month, old, packed } = plan;
  const { whole, leftAlone } = await lookAt(packed, () => true, onBytes);
  const packs = new Map(old ? [[month, old]] : []);
  const [rest] = planMonths({ packs }, whole, removed);
  const bytes = rest ? await replacePack(packing, rest) : old?.bytes ?? 0;
  return { plan: rest, bytes, leftAlone };
}

async function replacePack(
  { folder, compressor, onBytes }: Packing,
  { month, old, packed, frames }: MonthPlan,
): Promise<number> {
  const path = join(folder, packName(month));
  if (frames.length === 0) {
    Deno.removeSync(path);
    syncFolder(folder);
    return 0;
  }
  if (packed.length > 0) compressor.start();
  // Signals are listened to before there is something to clear up.
  await onBytes(0);
  const temp = createTemp(folder);
  const { file } = temp;
  using from = old && openPack(old);
  try {
    using copy = Deno.openSync(temp.path, { read: true });
    const job = { file, copy, old: from, compressor, onBytes };
    await syncedEarly(file, () => writePack(job, frames));
    const size = sizeOfFile(file);
    file.close();
    Deno.renameSync(temp.path, path);
    syncFolder(folder);
    await removePlain(folder, packed);
    return size;
  } finally {
    discardTemp(temp);
  }
}

/** Removes those of some backups that are plain files. */
export async function removePlain(
  folder: string,
  backups: BackupEntry[],
): Promise<void> {
  const plain = backups.filter(({ form }) => form === "json");
  const left = plain.values();
  const remove = async () => {
    for (const { path } of left) await Deno.remove(path);
  };
  // Two at a time: the system takes a while to free what it holds of a file.
  await Promise.all([remove(), remove()]);
  if (plain.length > 0) syncFolder(folder);
}
