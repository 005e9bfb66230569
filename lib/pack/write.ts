/**
 * Writing a packed month: frames that are taken over as they are, and new ones.
 *
 * @module
 */
import { FileSink } from "../format/writer.ts";
import type { BackupEntry } from "../store/catalog.ts";
import {
  encodeIndex,
  type PackedBackup,
  type PackFrame,
  type PackIndex,
} from "../store/pack_index.ts";
import { bytesAt, entriesIn, type OnBytes } from "./pack.ts";
import { TAR_END, type TarEntry, tarOf } from "./tar.ts";
import { compressed } from "./zstd.ts";

/** What a new frame is made of. */
export interface NewFrame {
  /** Days of the old pack's frames, by the number of the frame, and what they hold. */
  packed: Map<number, PackedBackup[]>;
  /** Days that are plain files. */
  plain: BackupEntry[];
}

/** A frame of a new pack: the number of one of the old pack, or what to make it of. */
export type FramePlan = number | NewFrame;

/** A pack that is to be replaced, open for reading. */
export interface OldPack {
  file: Deno.FsFile;
  index: PackIndex;
}

/**
 * Writes a pack.
 *
 * @param file Where it goes.
 * @param plans Its frames.
 * @param old The pack that it replaces, if there is one.
 * @returns Its index.
 * @throws {Error} if a day cannot be read, or the disk takes no more.
 */
export async function writePack(
  file: Deno.FsFile,
  plans: FramePlan[],
  old: OldPack | undefined,
  onBytes: OnBytes,
): Promise<PackIndex> {
  const index: PackIndex = { frames: [], backups: [] };
  let offset = 0;
  for (const [number, plan] of plans.entries()) {
    const written = typeof plan === "number"
      ? await copyFrame(file, old!, plan, onBytes)
      : await makeFrame(file, plan, old, onBytes);
    index.frames.push({ ...written.frame, offset });
    index.backups.push(
      ...written.backups.map((backup) => ({ ...backup, frame: number })),
    );
    offset += written.frame.length;
  }
  const sink = new FileSink(file);
  for await (const bytes of compressed([TAR_END], 0)) sink.write(bytes);
  sink.write(encodeIndex(index));
  sink.flush();
  return index;
}

/** A frame that has been written, wherever it begins. */
interface Written {
  frame: Omit<PackFrame, "offset">;
  backups: PackedBackup[];
}

async function copyFrame(
  file: Deno.FsFile,
  { file: from, index: { frames, backups } }: OldPack,
  number: number,
  onBytes: OnBytes,
): Promise<Written> {
  const frame = frames[number]!;
  const sink = new FileSink(file);
  for await (const bytes of bytesAt(from, frame, onBytes)) sink.write(bytes);
  sink.flush();
  return {
    frame,
    backups: backups.filter((backup) => backup.frame === number),
  };
}

async function makeFrame(
  file: Deno.FsFile,
  plan: NewFrame,
  old: OldPack | undefined,
  onBytes: OnBytes,
): Promise<Written> {
  const sink = new FileSink(file);
  let size = 0;
  const tar = tarOf(originals(plan, old, onBytes));
  const counted = async function* () {
    for await (const bytes of tar) {
      size += bytes.length;
      yield bytes;
    }
  };
  let length = 0;
  const backups = backupsIn(plan);
  const day = Math.max(...backups.map(({ size }) => size));
  for await (const bytes of compressed(counted(), day)) {
    sink.write(bytes);
    length += bytes.length;
  }
  const frame = { length, size, sha256: sink.checksum() };
  return { frame, backups };
}

/** The days that a new frame gets, in its order. */
function backupsIn({ packed, plain }: NewFrame): PackedBackup[] {
  const files = plain.map(({ name, size, date, sha256, counts }) => ({
    name,
    size,
    date: date!,
    sha256,
    frame: 0,
    counts: counts(),
  }));
  return [...[...packed.values()].flat(), ...files];
}

/**
 * The days that a new frame is made of, as they are now.
 *
 * @param buffer Holds pieces of plain files, as {@linkcode bytesAt} has it.
 */
export async function* originals(
  { packed, plain }: NewFrame,
  old: OldPack | undefined,
  onBytes: OnBytes,
  buffer?: Uint8Array,
): AsyncGenerator<TarEntry> {
  for (const [number, backups] of packed) {
    const frame = old!.index.frames[number]!;
    const dates = new Map(backups.map(({ name, date }) => [name, date]));
    for await (const entry of entriesIn(old!.file, frame, onBytes)) {
      const date = dates.get(entry.name);
      if (date) yield { ...entry, date };
    }
  }
  for (const backup of plain) {
    const { name, size, date } = backup;
    yield { name, size, date: date!, bytes: readFile(backup, onBytes, buffer) };
  }
}

/** The bytes of a plain file. */
export async function* readFile(
  { path, size }: BackupEntry,
  onBytes: OnBytes,
  buffer?: Uint8Array,
): AsyncGenerator<Uint8Array> {
  using file = Deno.openSync(path, { read: true });
  yield* bytesAt(file, { offset: 0, length: size }, onBytes, buffer);
}
