/**
 * Reading packed months: one day alone, or all that are in a frame.
 *
 * @module
 */
import { createHash, sameBytes } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { faultOf, withContext } from "../faults.ts";
import { readAt } from "../file.ts";
import { headSize, longTailSize, summarize } from "../format/summary.ts";
import {
  indexIn,
  type PackedBackup,
  type PackIndex,
} from "../store/pack_index.ts";
import { quoted } from "../text.ts";
import { blocksIn, findFrames, type FramePlace } from "./frames.ts";
import { entriesOf, type TarEntry } from "./tar.ts";
import { compressed, decompressed } from "./zstd.ts";

/** How much is read of a file at once, in bytes: what fits into a processor's caches. */
const readAtOnce = 1 << 18;

/** A frame of nothing; the two bytes after the first four may be others. */
const emptyFrame = compressed(new Uint8Array(0));

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
 * @param file The pack, decrypted.
 * @param path What errors call it.
 * @throws {BackupError} if it cannot be read.
 */
export async function readPack(
  file: Deno.FsFile,
  path: string,
  onBytes: OnBytes,
): Promise<PackContents> {
  return await withContext(`Cannot read ${quoted(path)}`, async () => {
    const index = indexIn(file);
    if (index) return { ...index, indexLost: false, damagedFrames: 0 };
    return await readWithoutIndex(file, onBytes);
  });
}

async function readWithoutIndex(
  file: Deno.FsFile,
  onBytes: OnBytes,
): Promise<PackContents> {
  const contents: PackContents = {
    frames: [],
    backups: [],
    indexLost: true,
    damagedFrames: 0,
  };
  for (const place of findFrames(file)) {
    const frame = contents.frames.length;
    const found: PackedBackup[] = [];
    let damaged = false;
    try {
      for await (const entry of entriesIn(file, place, onBytes)) {
        found.push({ frame, ...await describe(entry) });
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      damaged = true;
      contents.damagedFrames++;
    }
    if (found.length === 0) continue;
    contents.frames.push({ ...place, size: 0, sha256: "", damaged });
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
    for await (const block of blocksIn(file, place)) {
      await onBytes(block.length);
      yield block;
    }
  };
  return entriesOf(decompressed(blocks()));
}

/**
 * The files in frames that are one after the other, several times as fast as frame by
 * frame.
 *
 * @param places Frames whose checksums are right: see `blocksIn`.
 */
export function entriesInWhole(
  file: Deno.FsFile,
  places: readonly FramePlace[],
  onBytes: OnBytes,
): AsyncGenerator<TarEntry> {
  const pieces = async function* () {
    for (const place of places) {
      yield* bytesAt(file, withContent(file, place), onBytes);
    }
  };
  return entriesOf(decompressed(pieces()));
}

/**
 * A frame without the empty one that Deno 2.9.6 now and then puts after it. In one piece
 * with the end of another, an empty frame would end the decoder's output.
 */
function withContent(file: Deno.FsFile, place: FramePlace): FramePlace {
  const length = place.length - emptyFrame.length;
  const end = readAt(file, place.offset + length, emptyFrame.length);
  const isEmpty = sameBytes(end.subarray(0, 4), emptyFrame.subarray(0, 4)) &&
    sameBytes(end.subarray(6), emptyFrame.subarray(6));
  return isEmpty && length > 0 ? { ...place, length } : place;
}

/** Some bytes of a file; a piece is gone when the next one is asked for. */
export async function* bytesAt(
  file: Deno.FsFile,
  { offset, length }: FramePlace,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(readAtOnce);
  for (let at = 0; at < length;) {
    const bytes = memory.subarray(0, Math.min(memory.length, length - at));
    // Others may read elsewhere in the file meanwhile.
    file.seekSync(offset + at, Deno.SeekMode.Start);
    const count = file.readSync(bytes);
    if (!count) return;
    await onBytes(count);
    yield bytes.subarray(0, count);
    at += count;
  }
}

/** The checksum of some bytes of a file, in hexadecimal digits. */
export async function sha256At(
  file: Deno.FsFile,
  place: FramePlace,
  onBytes: OnBytes,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of bytesAt(file, place, onBytes)) hash.update(bytes);
  return hash.digest("hex");
}

/** Whether an error tells of damaged content, and not of the system or of Ctrl-C. */
export function isDamage(error: unknown): boolean {
  return !(error instanceof BackupError) && faultOf(error) === undefined;
}
