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
import { turn } from "../session.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { compareCopy, compareFrame } from "./compare.ts";
import { type Compressor, UnreadError } from "./compressor.ts";
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

/** After how many bytes of a pack others get a turn while it is read back. */
const turnAfter = 1 << 16;

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
 * while it is compressed, if memory allows.
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
  let offset = 0;
  for (const [number, plan] of plans.entries()) {
    const { frame, backups } = typeof plan === "number"
      ? await copyFrame(job, plan, offset)
      : await makeCompared(job, decoder, plan, offset);
    index.frames.push({ ...frame, offset });
    index.backups.push(
      ...backups.map((backup) => ({ ...backup, frame: number })),
    );
    offset += frame.length;
  }
  writeEnd(job, index);
}

async function makeCompared(
  job: PackJob,
  decoder: Decoder,
  plan: NewFrame,
  offset: number,
): Promise<Written> {
  const { copy, old, onBytes } = job;
  const day = largestDay(plan);
  const growing = new Growing(offset);
  const reaches = (end: number) => growing.reaches(end);
  const frame = { file: copy, offset, decoder, reaches };
  const compare = () => compareFrame(frame, plan, old, () => onBytes(0));
  const making = makeFrame(job, plan, growing);
  // Days of the old pack take decoders of their own.
  if (plan.packed.size > 0 || !fitsTwice(day)) await making;
  const [made, compared] = await Promise.allSettled([making, compare()]);
  if (!fitsTwice(day)) decoder[Symbol.dispose]();
  if (made.status === "rejected") throw made.reason;
  if (compared.status === "rejected") throw compared.reason;
  return made.value;
}

/** How far a frame has been written. */
class Growing {
  #end: number;
  #turned: number;
  #ended = false;
  #failed = false;
  #onGrown: () => void = () => {};

  /** @param offset Where it begins. */
  constructor(readonly offset: number) {
    this.#turned = offset;
    this.#end = offset;
  }

  /** Notes that so many of its bytes have been written. */
  growTo(length: number): void {
    this.#end = this.offset + length;
    this.#onGrown();
  }

  /** Notes that nothing follows. */
  finish(failed: boolean): void {
    this.#ended = true;
    this.#failed = failed;
    this.#onGrown();
  }

  /**
   * Waits until it has been written so far, or to its end.
   *
   * @throws {Error} if it came to nothing.
   */
  async reaches(end: number): Promise<void> {
    // The thread that compresses must not wait while this one compares.
    if (end - this.#turned > turnAfter) {
      this.#turned = end;
      await turn();
    }
    while (this.#end < end && !this.#ended) {
      await new Promise<void>((resolve) => this.#onGrown = resolve);
    }
    if (this.#failed) throw new Error("The frame came to nothing");
  }
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
