/**
 * What a pack is made of: plain backups, which are known by their checksums, and days of
 * the pack that it replaces.
 *
 * @module
 */
import { createHash } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { CURRENT } from "../format/versions.ts";
import type { BackupEntry } from "../store/catalog.ts";
import type { PackedBackup, PackIndex } from "../store/pack_index.ts";
import { printable } from "../text.ts";
import { bytesAt, entriesIn, type OnBytes } from "./pack.ts";
import type { TarEntry } from "./tar.ts";
import type { Bytes } from "./zstd.ts";

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

/** A plain backup can't be read, or is not what it was. */
export class DamagedDayError extends BackupError {
  override name = "DamagedDayError";

  /** @param fault What is wrong, as in `it was damaged`. */
  constructor(name: string, readonly fault: string) {
    super(`${printable(name)}: ${fault}`);
  }
}

/**
 * The bytes of a plain file.
 *
 * @param lend Gives memory for a piece, as {@linkcode bytesAt} has it.
 * @throws {DamagedDayError} if the system can't read it.
 */
export async function* readFile(
  { name, path, size }: BackupEntry,
  onBytes: OnBytes,
  lend?: () => Uint8Array,
): AsyncGenerator<Uint8Array> {
  try {
    using file = Deno.openSync(path, { read: true });
    yield* bytesAt(file, { offset: 0, length: size }, onBytes, lend);
  } catch (error) {
    const fault = faultOf(error);
    throw fault ? new DamagedDayError(name, fault) : error;
  }
}

/**
 * Whether some bytes are those of a backup with a checksum. Its last line holds the
 * checksum of all that comes before, so the two determine every byte.
 */
export async function isWhole(
  { size, sha256 }: Pick<BackupEntry, "size" | "sha256">,
  bytes: Bytes,
): Promise<boolean> {
  const lastLine = CURRENT.checksumLine(sha256!);
  const hashed = size - lastLine.length;
  const hash = createHash("sha256");
  const decoder = new TextDecoder();
  let [at, end] = [0, ""];
  for await (const piece of bytes) {
    const split = Math.max(0, hashed - at);
    hash.update(piece.subarray(0, split));
    end += decoder.decode(piece.subarray(split), { stream: true });
    at += piece.length;
  }
  return at === size && end === lastLine && hash.digest("hex") === sha256;
}

/** What is wrong with a plain file that has a checksum, if anything. */
export async function damageOf(
  backup: BackupEntry,
  onBytes: OnBytes,
): Promise<string | undefined> {
  try {
    return await isWhole(backup, readFile(backup, onBytes))
      ? undefined
      : "its checksum doesn't match, so it was damaged or edited";
  } catch (error) {
    if (error instanceof DamagedDayError) return error.fault;
    throw error;
  }
}

/** A day that a new frame is made of. */
export interface Original extends TarEntry {
  /** The plain file, if it is one. */
  plain?: BackupEntry;
}

/**
 * The days that a new frame is made of, as they are now.
 *
 * @param lend Gives memory for a piece of a plain file, as {@linkcode bytesAt} has it.
 */
export async function* originals(
  { packed, plain }: NewFrame,
  old: OldPack | undefined,
  onBytes: OnBytes,
  lend?: () => Uint8Array,
): AsyncGenerator<Original> {
  for (const [number, backups] of packed) {
    const frame = old!.index.frames[number]!;
    const dates = new Map(backups.map(({ name, date }) => [name, date]));
    for await (const entry of entriesIn(old!.file, frame, onBytes)) {
      const date = dates.get(entry.name);
      if (date) yield { ...entry, date };
    }
  }
  for (const day of plain) {
    const { name, size, date } = day;
    const bytes = readFile(day, onBytes, lend);
    yield { name, size, date: date!, bytes, plain: day };
  }
}
