/**
 * What there is to tidy: the backups that are whole, and the files to leave alone.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError, EXIT } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { CURRENT } from "../format/versions.ts";
import {
  type BackupEntry,
  listBackups,
  packedEntry,
  type UnrecognizedFile,
} from "../store/catalog.ts";
import { dayOfBackup, isBackupName } from "../store/names.ts";
import { monthOfPack } from "../store/pack_index.ts";
import { type OnBytes, type PackContents, readPack, sha256At } from "./pack.ts";

/** The newest days that stay plain files. */
const plainDays = 7;

/** A file that stays as it is. */
export interface LeftAlone extends UnrecognizedFile {
  /** Whether it is damaged, and not only of another kind. */
  damaged: boolean;
}

/** A pack as it is. */
export interface FoundPack extends PackContents {
  name: string;
  path: string;
  bytes: number;
  /** The numbers of the frames that are damaged. */
  damaged: Set<number>;
  /** Why it is left as it is, if so. */
  fault: string | undefined;
}

/** What there is. */
export interface Inventory {
  /** Whole backups of this program, newest first; of packed ones the frame is whole. */
  backups: BackupEntry[];
  /** Those of them that are plain and old enough to be packed. */
  packable: BackupEntry[];
  /** The packs by their months. */
  packs: Map<string, FoundPack>;
  leftAlone: LeftAlone[];
}

/**
 * Looks at all backups of a folder.
 *
 * @param all Whether the checksums of those that are not to be packed are compared, too.
 */
export async function takeInventory(
  folder: string,
  all: boolean,
  onBytes: OnBytes,
): Promise<Inventory> {
  const { packs, leftAlone } = await findPacks(folder, onBytes);
  const { backups, unrecognized } = listBackups(folder);
  const others = unrecognized
    .filter(({ name }) => monthOfPack(name) === undefined)
    .map((file) => ({ ...file, damaged: isBackupName(file.name) }));
  const plain = backups
    .filter(({ form, encrypted }) => form === "json" && !encrypted);
  const recent = recentDays([...plain, ...packs.values().flatMap(packedIn)]);
  const isRecent = ({ name }: BackupEntry) => recent.has(dayOfBackup(name)!);
  const found: Inventory = {
    backups: [...packs.values().flatMap(packedIn)],
    packable: [],
    packs,
    leftAlone: [...leftAlone, ...others],
  };
  for (const backup of plain) {
    const fault = strangeness(backup) ??
      (all || !isRecent(backup) ? await damageOf(backup, onBytes) : undefined);
    if (fault) found.leftAlone.push({ name: backup.name, ...fault });
    else found.backups.push(backup);
    if (!fault && !isRecent(backup)) found.packable.push(backup);
  }
  found.backups.sort((a, b) => b.date!.getTime() - a.date!.getTime());
  found.packable.sort((a, b) => a.date!.getTime() - b.date!.getTime());
  return found;
}

/**
 * The backups that would be packed, as far as can be told without reading them: one
 * that is damaged stays as it is.
 */
export function packableIn(backups: readonly BackupEntry[]): BackupEntry[] {
  const known = backups.filter(({ encrypted }) => !encrypted);
  const recent = recentDays(known);
  return known.filter((backup) =>
    backup.form === "json" && !strangeness(backup) &&
    !recent.has(dayOfBackup(backup.name)!)
  );
}

async function findPacks(
  folder: string,
  onBytes: OnBytes,
): Promise<Pick<Inventory, "packs" | "leftAlone">> {
  const packs: Inventory["packs"] = new Map();
  const leftAlone: LeftAlone[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    const month = monthOfPack(name);
    if (month === undefined) continue;
    const pack = await findPack(join(folder, name), name, onBytes);
    packs.set(month, pack);
    leftAlone.push(...damagedIn(pack));
  }
  return { packs, leftAlone };
}

async function findPack(
  path: string,
  name: string,
  onBytes: OnBytes,
): Promise<FoundPack> {
  const contents = await tryRead(path, onBytes);
  const pack: FoundPack = {
    ...contents,
    name,
    path,
    bytes: Deno.statSync(path).size,
    damaged: new Set(),
    fault: contents.fault ?? faultIn(contents),
  };
  // Without an index the frames have just been read.
  if (contents.indexLost) return pack;
  using file = Deno.openSync(path, { read: true });
  for (const [number, frame] of contents.frames.entries()) {
    const sha256 = await sha256At(file, frame, onBytes);
    if (sha256 !== frame.sha256) pack.damaged.add(number);
  }
  return pack;
}

async function tryRead(
  path: string,
  onBytes: OnBytes,
): Promise<PackContents & { fault?: string }> {
  try {
    return await readPack(path, onBytes);
  } catch (error) {
    const isOther = !(error instanceof BackupError) ||
      error.exitCode !== EXIT.failed;
    if (isOther) throw error;
    const nothing = { frames: [], backups: [], damagedFrames: 0 };
    return { ...nothing, indexLost: true, fault: error.message };
  }
}

function faultIn(
  { indexLost, damagedFrames, backups }: PackContents,
): string | undefined {
  if (!indexLost) return undefined;
  if (damagedFrames > 0) {
    return "its index is gone and a part of it is damaged; verify --all says " +
      "what can be restored";
  }
  const isOurs = backups.length > 0 &&
    backups.every(({ name }) => isBackupName(name));
  return isOurs ? undefined : "not made by this program";
}

function damagedIn(pack: FoundPack): LeftAlone[] {
  const { name, fault, damaged, backups } = pack;
  if (fault !== undefined) return [{ name, fault, damaged: true }];
  return backups.filter(({ frame }) => damaged.has(frame)).map((backup) => ({
    name: backup.name,
    fault: `its part of ${name} is damaged; verify --all says whether it can ` +
      "be restored",
    damaged: true,
  }));
}

/** The whole backups of a pack. */
function packedIn(pack: FoundPack): BackupEntry[] {
  if (pack.fault !== undefined) return [];
  return pack.backups
    .filter(({ name, frame }) => isBackupName(name) && !pack.damaged.has(frame))
    .map((backup) => packedEntry(pack.path, backup));
}

function recentDays(backups: BackupEntry[]): Set<string> {
  const days = backups.flatMap(({ name }) => dayOfBackup(name) ?? []);
  return new Set([...new Set(days)].sort().slice(-plainDays));
}

/** Why a backup is not one of this program's own, as they are without a hand on them. */
function strangeness(
  { name, ours, sha256 }: BackupEntry,
): Omit<LeftAlone, "name"> | undefined {
  const fault = !isBackupName(name)
    ? "it has another name than this program gives"
    : !ours || !sha256
    ? "it has no checksum: it has the old hand-made form"
    : undefined;
  return fault === undefined ? undefined : { fault, damaged: false };
}

async function damageOf(
  { path, sha256, size }: BackupEntry,
  onBytes: OnBytes,
): Promise<Omit<LeftAlone, "name"> | undefined> {
  try {
    using file = Deno.openSync(path, { read: true });
    const length = size - CURRENT.checksumLine(sha256!).length;
    const found = await sha256At(file, { offset: 0, length }, onBytes);
    if (found === sha256) return undefined;
    const fault = "its checksum doesn't match, so it was damaged or edited";
    return { fault, damaged: true };
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return { fault, damaged: true };
  }
}
