/**
 * Days that are there twice, plain and packed: a run that was killed has left them, or
 * a person has taken them out of the pack.
 *
 * @module
 */
import type { BackupEntry } from "../store/catalog.ts";
import { identicalIn } from "./compare.ts";
import type { FoundPack, Inventory, LeftAlone } from "./inventory.ts";
import type { OnBytes } from "./pack.ts";
import type { OldPack } from "./originals.ts";

/** Plain files that have the name of a packed day. */
export interface Twice {
  all: Set<BackupEntry>;
  /** Those that are in the pack as they are, so that they can go. */
  same: BackupEntry[];
  leftAlone: LeftAlone[];
}

/** Finds the plain files that have the name of a packed day. */
export async function findTwice(
  { backups, packs }: Inventory,
  onBytes: OnBytes,
): Promise<Twice> {
  const plain = backups.filter(({ form }) => form === "json");
  const same = new Set<string>();
  const all = new Set<BackupEntry>();
  for (const pack of packs.values()) {
    const packed = new Set(
      backups.filter(({ path }) => path === pack.path).map(({ name }) => name),
    );
    const shared = plain.filter(({ name }) => packed.has(name));
    for (const backup of shared) all.add(backup);
    if (shared.length === 0) continue;
    using old = openPack(pack);
    const identical = await identicalIn(old, shared, onBytes);
    for (const name of identical) same.add(name);
  }
  const isSame = ({ name }: BackupEntry) => same.has(name);
  return {
    all,
    same: [...all].filter(isSame),
    leftAlone: [...all].filter((backup) => !isSame(backup)).map(({ name }) => ({
      name,
      fault: "a packed day has the same name and other bytes",
      damaged: false,
    })),
  };
}

/** Opens a pack for reading. */
export function openPack(pack: FoundPack): OldPack & Disposable {
  const file = Deno.openSync(pack.path, { read: true });
  return { file, index: pack, [Symbol.dispose]: () => file.close() };
}
