/**
 * Taking backups out of a pack, one or all of them.
 *
 * @module
 */
import { basename } from "@std/path";
import { BackupError } from "../errors.ts";
import { FileSink } from "../format/writer.ts";
import { createUnnamed } from "../store/files.ts";
import type {
  PackedBackup,
  PackFrame,
  PackIndex,
} from "../store/pack_index.ts";
import { quoted } from "../text.ts";
import {
  entriesIn,
  entriesInWhole,
  isDamage,
  type OnBytes,
  readPack,
  sha256At,
} from "./pack.ts";
import type { TarEntry } from "./tar.ts";
import type { Bytes } from "./zstd.ts";

/**
 * Writes one day of a pack into a file.
 *
 * @param pack The pack, decrypted.
 * @param path What errors call it.
 * @param name The name of the backup in it.
 * @throws {BackupError} if it is not there, or its part of the pack is damaged.
 */
export async function unpack(
  pack: Deno.FsFile,
  path: string,
  name: string,
  into: Deno.FsFile,
  onBytes: OnBytes,
): Promise<void> {
  const { frames, backups } = await readPack(pack, path, onBytes);
  const backup = backups.find((backup) => backup.name === name);
  if (!backup) {
    throw new BackupError(`it is not in ${quoted(basename(path))}`);
  }
  const frame = frames[backup.frame]!;
  const isWhole = await copyEntry(pack, frame, backup, into, onBytes);
  if (!isWhole) throw partDamage(path);
}

/**
 * Whether the frame that a day is in is damaged. What is decoded of it may be another
 * text then, before the decoder gets to the frame's own checksum.
 *
 * @param pack The pack, decrypted.
 * @param path What errors call it.
 * @param name The name of the backup in it.
 */
export async function isPartDamaged(
  pack: Deno.FsFile,
  path: string,
  name: string,
  onBytes: OnBytes,
): Promise<boolean> {
  const { frames, backups } = await readPack(pack, path, onBytes);
  const backup = backups.find((backup) => backup.name === name);
  return backup !== undefined &&
    await isDamagedFrame(pack, frames[backup.frame]!, onBytes);
}

async function isDamagedFrame(
  pack: Deno.FsFile,
  frame: PackFrame,
  onBytes: OnBytes,
): Promise<boolean> {
  if (frame.sha256 === "") return frame.damaged === true;
  return await sha256At(pack, frame, onBytes) !== frame.sha256;
}

/** What a person is told of a day whose part of a pack is damaged. */
export function partDamage(path: string): BackupError {
  return new BackupError(`its part of ${quoted(basename(path))} is damaged`);
}

/** A day of a pack as it is decoded. */
export interface StreamedDay {
  backup: PackedBackup;
  /** Whether its frame is damaged, so that its bytes may be others; see `isPartDamaged`. */
  damaged: boolean;
  /** Its bytes; absent if they can't be had. */
  bytes: Bytes | undefined;
}

/** A day of a pack, decoded. */
export interface UnpackedDay extends Pick<StreamedDay, "backup" | "damaged"> {
  /** Its bytes, in a file that is to be closed; absent if they can't be had. */
  file: Deno.FsFile | undefined;
}

/**
 * Decodes all days of a pack, each frame once.
 *
 * @param pack The pack, decrypted.
 * @param scratch Where the files are made, which have no names.
 */
export async function* unpackAll(
  pack: Deno.FsFile,
  index: PackIndex,
  scratch: string,
  onBytes: OnBytes,
): AsyncGenerator<UnpackedDay> {
  for await (const { bytes, ...day } of streamAll(pack, index, onBytes)) {
    yield { ...day, file: bytes && await copyOf(bytes, scratch) };
  }
}

/**
 * Gives the bytes of each day of a pack, while each frame is decoded once. They are gone
 * when the next day is asked for.
 *
 * @param pack The pack, decrypted.
 */
export async function* streamAll(
  pack: Deno.FsFile,
  { frames, backups }: PackIndex,
  onBytes: OnBytes,
): AsyncGenerator<StreamedDay> {
  for await (const run of runsIn(pack, frames, onBytes)) {
    const { numbers, entries, damaged } = run;
    const left = new Map(
      backups.filter(({ frame }) => numbers.has(frame))
        .map((backup) => [backup.name, backup]),
    );
    try {
      for await (const { name, bytes } of entries) {
        const backup = left.get(name);
        if (!backup) continue;
        left.delete(name);
        yield { backup, damaged, bytes };
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
    for (const backup of left.values()) {
      yield { backup, damaged: true, bytes: undefined };
    }
  }
}

/** Some frames, one after the other, by their numbers in the index. */
interface Run {
  numbers: Set<number>;
  entries: AsyncGenerator<TarEntry>;
  damaged: boolean;
}

// A decoder gets its memory anew from the system, which takes as long as decoding. So
// frames that are whole share one, and only a damaged one is by itself.
async function* runsIn(
  file: Deno.FsFile,
  frames: readonly PackFrame[],
  onBytes: OnBytes,
): AsyncGenerator<Run> {
  let whole: number[] = [];
  const runOf = (numbers: number[]): Run => {
    const places = numbers.map((number) => frames[number]!);
    const entries = entriesInWhole(file, places, onBytes);
    return { numbers: new Set(numbers), entries, damaged: false };
  };
  for (const [number, frame] of frames.entries()) {
    const damaged = await isDamagedFrame(file, frame, onBytes);
    if (frame.sha256 !== "" && !damaged) {
      whole.push(number);
      continue;
    }
    if (whole.length > 0) yield runOf(whole);
    whole = [];
    const entries = entriesIn(file, frame, onBytes);
    yield { numbers: new Set([number]), entries, damaged };
  }
  if (whole.length > 0) yield runOf(whole);
}

/** A copy in a file without a name; `undefined` if the bytes are damaged. */
async function copyOf(
  bytes: Bytes,
  scratch: string,
): Promise<Deno.FsFile | undefined> {
  const file = createUnnamed(scratch);
  try {
    const sink = new FileSink(file);
    for await (const chunk of bytes) sink.write(chunk);
    sink.flush();
    return file;
  } catch (error) {
    file.close();
    if (isDamage(error)) return undefined;
    throw error;
  }
}

async function copyEntry(
  file: Deno.FsFile,
  frame: PackFrame,
  { name, size }: PackedBackup,
  into: Deno.FsFile,
  onBytes: OnBytes,
): Promise<boolean> {
  const sink = new FileSink(into);
  try {
    for await (const entry of entriesIn(file, frame, onBytes)) {
      if (entry.name !== name) continue;
      let written = 0;
      for await (const bytes of entry.bytes) {
        sink.write(bytes);
        written += bytes.length;
      }
      sink.flush();
      return written === size;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return false;
}
