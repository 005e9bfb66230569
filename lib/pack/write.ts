/**
 * Writing a packed month: frames that are taken over as they are, and new ones.
 *
 * @module
 */
import { createHash, sameBytes } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { FileSink } from "../format/writer.ts";
import type { BackupEntry } from "../store/catalog.ts";
import {
  encodeIndex,
  type PackedBackup,
  type PackFrame,
  type PackIndex,
} from "../store/pack_index.ts";
import { printable } from "../text.ts";
import { bytesAt, entriesIn, type OnBytes } from "./pack.ts";
import { TAR_END, type TarEntry, tarOf } from "./tar.ts";
import { type Bytes, compressed, iterate } from "./zstd.ts";

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

/** The days that a new frame is made of, as they are now. */
async function* originals(
  { packed, plain }: NewFrame,
  old: OldPack | undefined,
  onBytes: OnBytes,
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
    yield { name, size, date: date!, bytes: readFile(backup, onBytes) };
  }
}

async function* readFile(
  { path, size }: BackupEntry,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  using file = Deno.openSync(path, { read: true });
  yield* bytesAt(file, { offset: 0, length: size }, onBytes);
}

/**
 * Reads a new pack back and compares it, byte for byte, with what it was made of.
 *
 * @throws {BackupError} if a day is not there as it was.
 */
export async function comparePack(
  file: Deno.FsFile,
  index: PackIndex,
  plans: FramePlan[],
  old: OldPack | undefined,
  onBytes: OnBytes,
): Promise<void> {
  for (const [number, plan] of plans.entries()) {
    const frame = index.frames[number]!;
    if (typeof plan === "number") {
      await compareFrame(file, frame, onBytes);
      continue;
    }
    const packed = entriesIn(file, frame, onBytes);
    for await (
      const { name, size, bytes } of originals(plan, old, onBytes)
    ) {
      const { value: entry } = await packed.next();
      const same = entry?.name === name && entry.size === size &&
        await sameStreams(entry.bytes, bytes);
      if (!same) throw new BackupError(`${printable(name)} ${readBack}`);
    }
    const { done } = await packed.next();
    if (!done) throw new BackupError(`a day too many ${readBack}`);
  }
}

const readBack = "was not read back as it was written; the plain files stay " +
  "as they are. Check the disk, then try again";

async function compareFrame(
  file: Deno.FsFile,
  frame: PackFrame,
  onBytes: OnBytes,
): Promise<void> {
  const hash = createHash("sha256");
  for await (const bytes of bytesAt(file, frame, onBytes)) {
    hash.update(bytes);
  }
  if (hash.digest("hex") === frame.sha256) return;
  throw new BackupError(`a part of the pack ${readBack}`);
}

/** Which files are in a pack as they are now. */
export async function identicalIn(
  { file, index: { frames, backups } }: OldPack,
  files: BackupEntry[],
  onBytes: OnBytes,
): Promise<Set<string>> {
  const found = new Set<string>();
  const plain = new Map(files.map((backup) => [backup.name, backup]));
  const wanted = new Set(
    backups.filter(({ name }) => plain.has(name)).map(({ frame }) => frame),
  );
  for (const number of wanted) {
    for await (const entry of entriesIn(file, frames[number]!, onBytes)) {
      const backup = plain.get(entry.name);
      if (!backup || entry.size !== backup.size) continue;
      const same = await sameStreams(entry.bytes, readFile(backup, onBytes));
      if (same) found.add(entry.name);
    }
  }
  return found;
}

async function sameStreams(a: Bytes, b: Bytes): Promise<boolean> {
  const others = iterate(b);
  let other: Uint8Array = new Uint8Array(0);
  for await (let bytes of a) {
    while (bytes.length > 0) {
      if (other.length === 0) {
        const { value, done } = await others.next();
        if (done) return false;
        other = value;
      }
      const length = Math.min(bytes.length, other.length);
      if (!sameBytes(bytes.subarray(0, length), other.subarray(0, length))) {
        return false;
      }
      [bytes, other] = [bytes.subarray(length), other.subarray(length)];
    }
  }
  return other.length === 0 && (await others.next()).done === true;
}
