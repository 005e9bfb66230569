/**
 * Packs compared with what they were made of.
 *
 * @module
 */
import { sameBytes } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import type { BackupEntry } from "../store/catalog.ts";
import type { PackFrame } from "../store/pack_index.ts";
import { blocksIn } from "./frames.ts";
import {
  checkDays,
  type NewFrame,
  type OldPack,
  originals,
  readChecked,
  readFile,
} from "./originals.ts";
import { entriesIn, isDamage, type OnBytes, sha256At } from "./pack.ts";
import { tarOf } from "./tar.ts";
import { type Bytes, type Decoder, iterate, release } from "./zstd.ts";

/** A frame to be read back. */
export interface ReadBack {
  /** The new pack. */
  file: Deno.FsFile;
  /** Where the frame begins. */
  offset: number;
  /** Decodes it; nothing is left in it if the frame is whole. */
  decoder: Decoder;
  /** Waits until so much of the file is there, or the frame has ended. */
  reaches: (end: number) => Promise<void>;
}

/**
 * Reads a new frame back and compares it, byte for byte, with what it was made of: the
 * plain files, which have their checksums, and days of the old pack.
 *
 * @throws {DamagedDayError} if a plain file can't be read, or is not what it was.
 * @throws {BackupError} if the frame is not there as it was.
 */
export async function compareFrame(
  { file, offset, decoder, reaches }: ReadBack,
  plan: NewFrame,
  old: OldPack | undefined,
  onBytes: OnBytes,
): Promise<void> {
  const read = (day: BackupEntry) => readChecked(day, onBytes);
  const isSame = await sameStreams(
    decoder.decode(blocksIn(file, { offset, length: Infinity }, reaches)),
    tarOf(originals(plan, old, onBytes, read)),
    release,
  ).catch((error) => {
    if (isDamage(error)) return false;
    throw error;
  });
  if (isSame) return;
  await checkDays(plan.plain, onBytes);
  throw new BackupError(notTheSame);
}

/**
 * Compares a frame of a new pack that was taken over with what it was.
 *
 * @throws {BackupError} if it is another.
 */
export async function compareCopy(
  file: Deno.FsFile,
  frame: PackFrame,
  onBytes: OnBytes,
): Promise<void> {
  if (await sha256At(file, frame, onBytes) === frame.sha256) return;
  throw new BackupError(notTheSame);
}

const notTheSame = "a part of the pack was not read back as it was written; " +
  "the plain files stay as they are. Check the disk, then try again";

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
      const bytes = readFile(backup, onBytes);
      if (await sameStreams(entry.bytes, bytes)) found.add(entry.name);
    }
  }
  return found;
}

async function sameStreams(
  a: Bytes,
  b: Bytes,
  onUsed: (piece: Uint8Array) => void = () => {},
): Promise<boolean> {
  const others = iterate(b);
  let other: Uint8Array = new Uint8Array(0);
  try {
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
      onUsed(bytes);
    }
    return other.length === 0 && (await others.next()).done === true;
  } finally {
    await others.return(undefined);
  }
}
