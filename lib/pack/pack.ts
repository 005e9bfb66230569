/**
 * Reading packed months: one day alone, or all that are in a frame.
 *
 * @module
 */
import { basename } from "@std/path";
import { BackupError } from "../errors.ts";
import { faultOf, withContext } from "../faults.ts";
import { FileSink } from "../format/writer.ts";
import { headSize, longTailSize, summarize } from "../format/summary.ts";
import {
  type PackedBackup,
  type PackFrame,
  type PackIndex,
  readIndex,
} from "../store/pack_index.ts";
import { createUnnamed } from "../store/files.ts";
import { quoted } from "../text.ts";
import { blocksIn, findFrames, type FramePlace } from "./frames.ts";
import { entriesOf, type TarEntry } from "./tar.ts";
import { decompressed } from "./zstd.ts";

/** How much is read of a file at once, in bytes. */
const readSize = 1 << 20;

/**
 * Counts bytes that were read, and lets signals in.
 *
 * @throws {InterruptedError} if a signal asked to stop.
 */
export type OnBytes = (bytes: number) => Promise<void>;

/** What is known of a pack. */
export interface PackContents extends PackIndex {
  /** Whether it has no index, or a damaged one, so that all had to be decompressed. */
  indexLost: boolean;
  /** How many frames could not be read to the end; found only without an index. */
  damagedFrames: number;
}

/**
 * What is in a pack. One whose index is gone is decompressed to find out.
 *
 * @throws {BackupError} if it cannot be read.
 */
export async function readPack(
  path: string,
  onBytes: OnBytes,
): Promise<PackContents> {
  return await withContext(`Cannot read ${quoted(path)}`, async () => {
    const index = readIndex(path);
    if (index) return { ...index, indexLost: false, damagedFrames: 0 };
    return await readWithoutIndex(path, onBytes);
  });
}

async function readWithoutIndex(
  path: string,
  onBytes: OnBytes,
): Promise<PackContents> {
  const contents: PackContents = {
    frames: [],
    backups: [],
    indexLost: true,
    damagedFrames: 0,
  };
  using file = Deno.openSync(path, { read: true });
  for (const place of findFrames(file)) {
    const frame = contents.frames.length;
    const found: PackedBackup[] = [];
    try {
      for await (const entry of entriesIn(file, place, onBytes)) {
        found.push({ frame, ...await describe(entry) });
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      contents.damagedFrames++;
    }
    if (found.length === 0) continue;
    contents.frames.push({ ...place, size: 0, sha256: "" });
    contents.backups.push(...found);
  }
  return contents;
}

async function describe(
  { name, size, date, bytes }: TarEntry,
): Promise<Omit<PackedBackup, "frame">> {
  let [head, tail] = [new Uint8Array(0), new Uint8Array(0)];
  for await (const chunk of bytes) {
    if (head.length < headSize) head = joined(head, chunk).slice(0, headSize);
    tail = joined(tail, chunk).slice(-longTailSize);
  }
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const summary = summarize(
    size,
    decode(head),
    (length) => decode(tail.slice(-length)),
  );
  const { sha256, counts } = summary;
  return { name, size, date: summary.date ?? date, sha256, counts: counts() };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/**
 * The files in a frame. An entry's bytes are gone when the next one is asked for.
 *
 * @throws {Error} if the frame is damaged; what comes before that may be whole.
 */
export function entriesIn(
  file: Deno.FsFile,
  place: FramePlace,
  onBytes: OnBytes,
): AsyncGenerator<TarEntry> {
  const blocks = async function* () {
    for (const block of blocksIn(file, place)) {
      await onBytes(block.length);
      yield block;
    }
  };
  return entriesOf(decompressed(blocks()));
}

/** Some bytes of a file, piece by piece. */
export async function* bytesAt(
  file: Deno.FsFile,
  { offset, length }: FramePlace,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length;) {
    const bytes = new Uint8Array(Math.min(readSize, length - at));
    // Others may read elsewhere in the file meanwhile.
    file.seekSync(offset + at, Deno.SeekMode.Start);
    const count = file.readSync(bytes);
    if (!count) return;
    await onBytes(count);
    yield bytes.subarray(0, count);
    at += count;
  }
}

/**
 * Writes one day of a pack into a file.
 *
 * @param path The pack.
 * @param name The name of the backup in it.
 * @throws {BackupError} if it is not there, or its part of the pack is damaged.
 */
export async function unpack(
  path: string,
  name: string,
  into: Deno.FsFile,
  onBytes: OnBytes,
): Promise<void> {
  const { frames, backups } = await readPack(path, onBytes);
  const backup = backups.find((backup) => backup.name === name);
  const pack = quoted(basename(path));
  if (!backup) throw new BackupError(`it is not in ${pack}`);
  using file = Deno.openSync(path, { read: true });
  const frame = frames[backup.frame]!;
  const isWhole = await copyEntry(file, frame, backup, into, onBytes);
  if (!isWhole) throw new BackupError(`its part of ${pack} is damaged`);
}

/** A day of a pack, decoded. */
export interface UnpackedDay {
  backup: PackedBackup;
  /** Its bytes, in a file that is to be closed; absent if they can't be had. */
  file: Deno.FsFile | undefined;
}

/**
 * Decodes all days of a pack, each frame once.
 *
 * @param path The pack.
 * @param scratch Where the files are made, which have no names.
 */
export async function* unpackAll(
  path: string,
  { frames, backups }: PackIndex,
  scratch: string,
  onBytes: OnBytes,
): AsyncGenerator<UnpackedDay> {
  using file = Deno.openSync(path, { read: true });
  for (const [number, frame] of frames.entries()) {
    const left = new Map(
      backups.filter((backup) => backup.frame === number)
        .map((backup) => [backup.name, backup]),
    );
    try {
      for await (const entry of entriesIn(file, frame, onBytes)) {
        const backup = left.get(entry.name);
        if (!backup) continue;
        const copy = await copyOf(entry, scratch);
        left.delete(entry.name);
        yield { backup, file: copy };
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
    for (const backup of left.values()) yield { backup, file: undefined };
  }
}

async function copyOf(
  { bytes }: TarEntry,
  scratch: string,
): Promise<Deno.FsFile> {
  const file = createUnnamed(scratch);
  try {
    const sink = new FileSink(file);
    for await (const chunk of bytes) sink.write(chunk);
    sink.flush();
    return file;
  } catch (error) {
    file.close();
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

/** Whether an error tells of damaged content, and not of the system or of Ctrl-C. */
export function isDamage(error: unknown): boolean {
  return !(error instanceof BackupError) && faultOf(error) === undefined;
}
