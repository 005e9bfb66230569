/**
 * What a month's pack is to become.
 *
 * @module
 */
import type { BackupEntry } from "../store/catalog.ts";
import { monthOfBackup } from "../store/names.ts";
import type { PackedBackup } from "../store/pack_index.ts";
import type { FoundPack, Inventory } from "./inventory.ts";
import type { FramePlan, NewFrame } from "./originals.ts";

/** The backups in a frame; damage costs no more than these. */
export const frameDays = 10;

/** A month that is to be packed, or packed anew. */
export interface MonthPlan {
  month: string;
  /** The pack that is to be replaced. */
  old: FoundPack | undefined;
  /** Plain files that go into it. */
  packed: BackupEntry[];
  /** Frames of the new pack; without any, the month is to have none. */
  frames: FramePlan[];
}

/**
 * Plans the months that change.
 *
 * @param packable The plain files to pack, oldest first.
 * @param removed The backups that are to go.
 */
export function planMonths(
  { packs }: Pick<Inventory, "packs">,
  packable: BackupEntry[],
  removed: ReadonlySet<string>,
): MonthPlan[] {
  const byMonth = Map.groupBy(packable, ({ name }) => monthOfBackup(name)!);
  const months = new Set([...packs.keys(), ...byMonth.keys()]);
  return [...months].sort()
    .map((month) =>
      planMonth(month, packs.get(month), byMonth.get(month) ?? [], removed)
    )
    .filter(isChange);
}

function planMonth(
  month: string,
  old: FoundPack | undefined,
  packed: BackupEntry[],
  removed: ReadonlySet<string>,
): MonthPlan {
  if (!old) {
    return { month, old, packed, frames: fill([], packed) };
  }
  // Nothing is added to what cannot be read in all its parts.
  if (old.fault !== undefined) {
    return { month, old, packed: [], frames: old.frames.map((_, i) => i) };
  }
  const frames = old.indexLost
    ? remade(old, removed)
    : old.frames.flatMap((_, number) => thinned(old, number, removed));
  if (packed.length === 0) return { month, old, packed, frames };
  return { month, old, packed, frames: fill(opened(frames, old), packed) };
}

function isChange({ old, packed, frames }: MonthPlan): boolean {
  if (packed.length > 0) return true;
  return frames.length !== (old?.frames.length ?? 0) ||
    frames.some((frame) => typeof frame !== "number");
}

/** A frame without the backups that are to go. */
function thinned(
  { backups, damaged }: FoundPack,
  number: number,
  removed: ReadonlySet<string>,
): FramePlan[] {
  const all = backups.filter(({ frame }) => frame === number);
  const kept = all.filter(({ name }) => !removed.has(name));
  if (kept.length === all.length || damaged.has(number)) return [number];
  return kept.length > 0
    ? [{ packed: new Map([[number, kept]]), plain: [] }]
    : [];
}

/** All frames made anew, since another program may have made them as it likes. */
function remade(
  { backups }: FoundPack,
  removed: ReadonlySet<string>,
): NewFrame[] {
  const kept = backups.filter(({ name }) => !removed.has(name));
  return chunks(kept).map((chunk) => ({
    packed: Map.groupBy(chunk, ({ frame }) => frame),
    plain: [],
  }));
}

/** Frames of which the last one takes more days, if it has room. */
function opened(frames: FramePlan[], old: FoundPack): FramePlan[] {
  const last = frames.at(-1);
  if (typeof last !== "number" || old.damaged.has(last)) return frames;
  const held = old.backups.filter(({ frame }) => frame === last);
  if (held.length >= frameDays) return frames;
  return [...frames.slice(0, -1), {
    packed: new Map<number, PackedBackup[]>([[last, held]]),
    plain: [],
  }];
}

function fill(frames: FramePlan[], plain: BackupEntry[]): FramePlan[] {
  const last = frames.at(-1);
  if (typeof last !== "object") {
    return [...frames, ...chunks(plain).map(newFrame)];
  }
  const held = [...last.packed.values()].flat().length;
  const room = Math.max(0, frameDays - held);
  const first: NewFrame = { ...last, plain: plain.slice(0, room) };
  const others = chunks(plain.slice(room)).map(newFrame);
  return [...frames.slice(0, -1), first, ...others];
}

function newFrame(plain: BackupEntry[]): NewFrame {
  return { packed: new Map(), plain };
}

function chunks<T>(items: T[]): T[][] {
  const count = Math.ceil(items.length / frameDays);
  return Array.from(
    { length: count },
    (_, i) => items.slice(i * frameDays, (i + 1) * frameDays),
  );
}
