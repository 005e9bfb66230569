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
import { compareFrame } from "./compare.ts";
import type { Compressor } from "./compressor.ts";
import {
  type FramePlan,
  type NewFrame,
  type OldPack,
  originals,
} from "./originals.ts";
import { bytesAt, type OnBytes } from "./pack.ts";
import { TAR_END, tarOf } from "./tar.ts";
import { WINDOW, windowOf } from "./zstd.ts";

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
 * while the next one is compressed, if memory allows.
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
  const { copy, old, onBytes } = job;
  const compare = (number: number) =>
    compareFrame(copy, index.frames[number]!, plans[number]!, old, onBytes);
  let offset = 0;
  for (const [number, plan] of plans.entries()) {
    const comparing = number > 0 ? compare(number - 1) : undefined;
    if (!fitTogether(plan, plans[number - 1])) await comparing;
    const { frame, backups } = await beside(writeFrame(job, plan), comparing);
    index.frames.push({ ...frame, offset });
    index.backups.push(
      ...backups.map((backup) => ({ ...backup, frame: number })),
    );
    offset += frame.length;
  }
  const end = writeEnd(job, index);
  await beside(end, plans.length > 0 ? compare(plans.length - 1) : undefined);
}

/** Whether zstd's windows for two frames are no larger than its largest one. */
function fitTogether(a: FramePlan, b: FramePlan | undefined): boolean {
  return windowsOf(a) + (b === undefined ? 0 : windowsOf(b)) <= WINDOW;
}

function windowsOf(plan: FramePlan): number {
  if (typeof plan === "number") return 0;
  const [old, made] = [plan.packed.size > 0 ? 1 : 0, 1];
  return (old + made) * windowOf(largestDay(plan));
}

/** Waits for both steps, even if one fails. */
async function beside<T>(
  step: Promise<T>,
  other: Promise<void> | undefined,
): Promise<T> {
  const [done, alongside] = await Promise.allSettled([step, other]);
  if (done.status === "rejected") throw done.reason;
  if (alongside.status === "rejected") throw alongside.reason;
  return done.value;
}

async function writeEnd(
  { file, compressor }: PackJob,
  index: PackIndex,
): Promise<void> {
  const sink = new FileSink(file);
  for await (const bytes of compressor.compress([TAR_END], 0)) {
    sink.write(bytes);
  }
  sink.write(encodeIndex(index));
  sink.flush();
}

async function writeFrame(job: PackJob, plan: FramePlan): Promise<Written> {
  return typeof plan === "number"
    ? await copyFrame(job, plan)
    : await makeFrame(job, plan);
}

/** A frame that has been written, wherever it begins. */
interface Written {
  frame: Omit<PackFrame, "offset">;
  backups: PackedBackup[];
}

async function copyFrame(
  { file, old, onBytes }: PackJob,
  number: number,
): Promise<Written> {
  const { file: from, index: { frames, backups } } = old!;
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
  { file, old, compressor, onBytes }: PackJob,
  plan: NewFrame,
): Promise<Written> {
  const sink = new FileSink(file);
  const lend = () => compressor.lend();
  const tar = tarOf(originals(plan, old, onBytes, lend));
  let size = 0;
  const counted = async function* () {
    for await (const bytes of tar) {
      size += bytes.length;
      yield bytes;
    }
  };
  const made = compressor.compress(counted(), largestDay(plan));
  for await (const bytes of made) sink.write(bytes);
  const sha256 = sink.checksum();
  const frame = { length: sink.bytes, size, sha256 };
  return { frame, backups: backupsIn(plan) };
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
