/**
 * What there is to tidy: the backups that are whole, and the files to leave alone.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError, EXIT } from "../errors.ts";
import { withContext } from "../faults.ts";
import { openFile } from "../file.ts";
import {
  type BackupEntry,
  listBackups,
  packedEntry,
  type UnrecognizedFile,
} from "../store/catalog.ts";
import { dayOfBackup, isBackupName, monthOfBackup } from "../store/names.ts";
import { monthOfPack, packName } from "../store/pack_index.ts";
import { quoted } from "../text.ts";
import { damageOf } from "./originals.ts";
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
  /** The numbers of the frames that are damaged, as far as it was looked for. */
  damaged: Set<number>;
  /** Why it is left as it is, if so. */
  fault: string | undefined;
}

/** What there is. */
export interface Inventory {
  /** Backups of this program, newest first: whole as far as they were checked. */
  backups: BackupEntry[];
  /** Those of them that are plain and old enough to be packed, oldest first. */
  packable: BackupEntry[];
  /** The packs by their months. */
  packs: Map<string, FoundPack>;
  leftAlone: LeftAlone[];
}

/** Whose bytes are compared with their checksums before anything is done. */
export interface Checks {
  /** All backups, since some are to go. */
  all: boolean;
  /** Those that are to be packed; else packing them finds out. */
  packable: boolean;
}

/** Looks at all backups of a folder. */
export async function takeInventory(
  folder: string,
  checks: Checks,
  onBytes: OnBytes,
): Promise<Inventory> {
  const { backups, unrecognized } = listBackups(folder);
  const plain = backups
    .filter(({ form, encrypted }) => form === "json" && !encrypted);
  const packs = await findPacks(folder, onBytes);
  const packed = new Set(packs.values().flatMap(packedIn).map(nameOf));
  const recent = recentDays([...plain.map(nameOf), ...packed]);
  const isRecent = ({ name }: BackupEntry) => recent.has(dayOfBackup(name)!);
  const touched = new Set(
    plain.filter((backup) => !isRecent(backup) || packed.has(backup.name))
      .map(({ name }) => monthOfBackup(name)),
  );
  for (const [month, pack] of packs) {
    // Without an index the frames have just been read.
    const isChecked = !pack.indexLost && (checks.all || touched.has(month));
    if (isChecked) pack.damaged = await damagedFrames(pack, onBytes);
  }
  const isChecked = (backup: BackupEntry) =>
    checks.all || packed.has(backup.name) ||
    checks.packable && !isRecent(backup);
  const looked = await lookAt(plain, isChecked, onBytes);
  return {
    backups: [...packs.values().flatMap(packedIn), ...looked.whole]
      .sort((a, b) => b.date!.getTime() - a.date!.getTime()),
    packable: looked.whole.filter((backup) => !isRecent(backup))
      .sort((a, b) => a.date!.getTime() - b.date!.getTime()),
    packs,
    leftAlone: [
      ...packs.values().flatMap(damagedIn),
      ...unrecognized
        .filter(({ name }) => monthOfPack(name) === undefined)
        .map((file) => ({ ...file, damaged: isBackupName(file.name) })),
      ...looked.leftAlone,
    ],
  };
}

/** The plain backups that are whole, as far as they are checked, and the others. */
export async function lookAt(
  plain: BackupEntry[],
  isChecked: (backup: BackupEntry) => boolean,
  onBytes: OnBytes,
): Promise<{ whole: BackupEntry[]; leftAlone: LeftAlone[] }> {
  const whole: BackupEntry[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const backup of plain) {
    const { name } = backup;
    const other = strangeness(backup);
    const fault = other ??
      (isChecked(backup) ? await damageOf(backup, onBytes) : undefined);
    if (fault === undefined) whole.push(backup);
    else leftAlone.push({ name, fault, damaged: other === undefined });
  }
  return { whole, leftAlone };
}

function nameOf({ name }: BackupEntry): string {
  return name;
}

/**
 * The backups that would be packed, as far as can be told without reading them: one
 * that is damaged stays as it is.
 */
export function packableIn(backups: readonly BackupEntry[]): BackupEntry[] {
  const known = backups.filter(({ encrypted }) => !encrypted);
  const recent = recentDays(known.map(nameOf));
  return known.filter((backup) =>
    backup.form === "json" && !strangeness(backup) &&
    !recent.has(dayOfBackup(backup.name)!)
  );
}

async function findPacks(
  folder: string,
  onBytes: OnBytes,
): Promise<Inventory["packs"]> {
  const packs: Inventory["packs"] = new Map();
  for (const { name } of Deno.readDirSync(folder)) {
    const month = monthOfPack(name);
    // One of another machine, with a number in its name, stays as it is.
    if (month === undefined || name !== packName(month)) continue;
    packs.set(month, await findPack(join(folder, name), name, onBytes));
  }
  return packs;
}

async function findPack(
  path: string,
  name: string,
  onBytes: OnBytes,
): Promise<FoundPack> {
  const contents = await tryRead(path, onBytes);
  return {
    ...contents,
    name,
    path,
    bytes: Deno.statSync(path).size,
    damaged: new Set(),
    fault: contents.fault ?? faultIn(contents),
  };
}

async function damagedFrames(
  { path, frames }: FoundPack,
  onBytes: OnBytes,
): Promise<Set<number>> {
  const damaged = new Set<number>();
  using file = Deno.openSync(path, { read: true });
  for (const [number, frame] of frames.entries()) {
    const sha256 = await sha256At(file, frame, onBytes);
    if (sha256 !== frame.sha256) damaged.add(number);
  }
  return damaged;
}

async function tryRead(
  path: string,
  onBytes: OnBytes,
): Promise<PackContents & { fault?: string }> {
  try {
    return await withContext(`Cannot read ${quoted(path)}`, async () => {
      using file = openFile(path);
      return await readPack(file, path, onBytes);
    });
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

function recentDays(names: string[]): Set<string> {
  const days = names.flatMap((name) => dayOfBackup(name) ?? []);
  return new Set([...new Set(days)].sort().slice(-plainDays));
}

/** Why a backup is not one of this program's own, as they are without a hand on them. */
function strangeness(
  { name, ours, sha256 }: BackupEntry,
): string | undefined {
  if (!isBackupName(name)) {
    return "it has another name than this program gives";
  }
  return ours && sha256
    ? undefined
    : "it has no checksum: it has the old hand-made form";
}
