/**
 * Writing a packed month: frames that are taken over as they are, and new ones.
 *
 * @module
 */
import { FileSink } from "../format/writer.ts";
import {
  encodeIndex,
  type PackedBackup,
  type PackFrame,
  type PackIndex,
} from "../store/pack_index.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { compareCopy, compareFrame } from "./compare.ts";
import { type Compressor, UnreadError } from "./compressor.ts";
import { Comparing, Growing } from "./growing.ts";
import {
  checkDays,
  type FramePlan,
  type NewFrame,
  type OldPack,
  originals,
} from "./originals.ts";
import { bytesAt, type OnBytes } from "./pack.ts";
import { TAR_END, tarOf } from "./tar.ts";
import type { Part } from "./thread.ts";
import { compressed, Decoder, fitsTwice } from "./zstd.ts";

/** What it takes to write a pack. */
export interface PackJob {
  /** Where it goes. */
  file: Deno.FsFile;
  /** The same file, to be read back. */
  copy: Deno.FsFile;
  /** The pack that it replaces, if there is one. */
  old: OldPack | undefined;
  compressor: Compressor;
  onBytes: OnBytes;
}

/**
 * Writes a pack, reads it back and compares it with what it was made of: each frame
 * while it and the next one are compressed, if memory allows.
 *
 * @param plans Its frames.
 * @throws {DamagedDayError} if a plain file can't be read, or is not what it was.
 * @throws {BackupError} if a day is not read back as it was.
 * @throws {Error} if the disk takes no more.
 */
export async function writePack(
  job: PackJob,
  plans: FramePlan[],
): Promise<void> {
  const index: PackIndex = { frames: [], backups: [] };
  using decoder = new Decoder();
  const comparing = new Comparing();
  let offset = 0;
  try {
    for (const [number, plan] of plans.entries()) {
      if (comparing.failed) break;
      const { frame, backups } = typeof plan === "number"
        ? await copyFrame(job, plan, offset)
        : await makeCompared(job, decoder, comparing, plan, offset);
      index.frames.push({ ...frame, offset });
      index.backups.push(
        ...backups.map((backup) => ({ ...backup, frame: number })),
      );
      offset += frame.length;
    }
  } finally {
    await comparing.settles();
  }
  await comparing.ends();
  writeEnd(job, index);
}

async function makeCompared(
  job: PackJob,
  decoder: Decoder,
  comparing: Comparing,
  plan: NewFrame,
  offset: number,
): Promise<Written> {
  const { copy, old, onBytes } = job;
  const fits = fitsTwice(largestDay(plan));
  const growing = new Growing(offset);
  const reaches = (end: number) => growing.reaches(end);
  const frame = { file: copy, offset, decoder, reaches };
  const compare = () => compareFrame(frame, plan, old, () => onBytes(0));
  // Days of the old pack take decoders of their own.
  const isAlone = plan.packed.size > 0 || !fits;
  if (isAlone) await comparing.ends();
  else comparing.add(compare);
  const made = await makeFrame(job, plan, growing);
  if (isAlone) {
    comparing.add(compare);
    await comparing.ends();
  }
  if (!fits) decoder[Symbol.dispose]();
  return made;
}

function writeEnd({ file }: PackJob, index: PackIndex): void {
  const sink = new FileSink(file);
  sink.write(compressed(TAR_END));
  sink.write(encodeIndex(index));
  sink.flush();
}

/** A frame that has been written, wherever it begins. */
interface Written {
  frame: Omit<PackFrame, "offset">;
  backups: PackedBackup[];
}

async function copyFrame(
  { file, copy, old, onBytes }: PackJob,
  number: number,
  offset: number,
): Promise<Written> {
  const { file: from, index: { frames, backups } } = old!;
  const frame = frames[number]!;
  const sink = new FileSink(file);
  for await (const bytes of bytesAt(from, frame, onBytes)) sink.write(bytes);
  sink.flush();
  await compareCopy(copy, { ...frame, offset }, onBytes);
  return {
    frame,
    backups: backups.filter((backup) => backup.frame === number),
  };
}

async function makeFrame(
  job: PackJob,
  plan: NewFrame,
  growing: Growing,
): Promise<Written> {
  let failed = true;
  try {
    const frame = await compressFrame(job, plan, growing);
    failed = false;
    return { frame, backups: backupsIn(plan) };
  } catch (error) {
    // Reading it once more tells which one it is, and why.
    if (error instanceof UnreadError) await checkDays(plan.plain, job.onBytes);
    throw error;
  } finally {
    growing.finish(failed);
  }
}

async function compressFrame(
  { file, old, compressor, onBytes }: PackJob,
  plan: NewFrame,
  growing: Growing,
): Promise<Written["frame"]> {
  const sink = new FileSink(file);
  const partOf = ({ path, size }: BackupEntry) => [{ path, length: size }];
  const tar = tarOf<Part>(originals(plan, old, onBytes, partOf));
  let size = 0;
  const counted = async function* () {
    for await (const part of tar) {
      size += part.length;
      yield part;
    }
  };
  const made = compressor.compress(counted(), largestDay(plan));
  for await (const { pieces, read } of made) {
    for (const piece of pieces) sink.write(piece);
    sink.flush();
    growing.growTo(sink.bytes);
    await onBytes(read);
  }
  return { length: sink.bytes, size, sha256: sink.checksum() };
}

function largestDay(plan: NewFrame): number {
  return Math.max(...backupsIn(plan).map(({ size }) => size));
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
