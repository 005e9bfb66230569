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
import type { Some } from "./zstd.ts";

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
 * The bytes of a plain file; a piece is gone when the next one is asked for.
 *
 * @throws {DamagedDayError} if the system can't read it.
 */
export async function* readFile(
  { name, path, size }: BackupEntry,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  try {
    using file = Deno.openSync(path, { read: true });
    yield* bytesAt(file, { offset: 0, length: size }, onBytes);
  } catch (error) {
    const fault = faultOf(error);
    throw fault ? new DamagedDayError(name, fault) : error;
  }
}

/**
 * Compares bytes with the checksum of a backup. Its last line holds the checksum of all
 * that comes before, so the two determine every byte.
 */
class ChecksumCheck {
  readonly #lastLine: string;
  #hash = createHash("sha256");
  #decoder = new TextDecoder();
  #at = 0;
  #end = "";

  constructor(readonly backup: BackupEntry) {
    this.#lastLine = CURRENT.checksumLine(backup.sha256!);
  }

  update(piece: Uint8Array): void {
    const hashed = this.backup.size - this.#lastLine.length;
    const split = Math.max(0, hashed - this.#at);
    this.#hash.update(piece.subarray(0, split));
    const end = piece.subarray(split);
    if (end.length > 0) {
      this.#end += this.#decoder.decode(end, { stream: true });
    }
    this.#at += piece.length;
  }

  /** What is wrong with the bytes so far, if anything. */
  fault(): string | undefined {
    const { size, sha256 } = this.backup;
    const isWhole = this.#at === size && this.#end === this.#lastLine &&
      this.#hash.digest("hex") === sha256;
    return isWhole
      ? undefined
      : "its checksum doesn't match, so it was damaged or edited";
  }
}

/**
 * The bytes of a plain file that has a checksum; a piece is gone when the next one is
 * asked for.
 *
 * @throws {DamagedDayError} if the system can't read it, and after the last piece if the
 * checksum doesn't match.
 */
export async function* readChecked(
  backup: BackupEntry,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  const check = new ChecksumCheck(backup);
  for await (const piece of readFile(backup, onBytes)) {
    check.update(piece);
    yield piece;
  }
  const fault = check.fault();
  if (fault) throw new DamagedDayError(backup.name, fault);
}

/** What is wrong with a plain file that has a checksum, if anything. */
export async function damageOf(
  backup: BackupEntry,
  onBytes: OnBytes,
): Promise<string | undefined> {
  try {
    for await (const _ of readChecked(backup, onBytes)) { /* checked */ }
  } catch (error) {
    if (error instanceof DamagedDayError) return error.fault;
    throw error;
  }
}

/**
 * Reads plain files that have checksums.
 *
 * @throws {DamagedDayError} if the system can't read one, or its checksum doesn't match.
 */
export async function checkDays(
  days: BackupEntry[],
  onBytes: OnBytes,
): Promise<void> {
  for (const day of days) {
    for await (const _ of readChecked(day, onBytes)) { /* checked */ }
  }
}

/**
 * The days that a new frame is made of, as they are now.
 *
 * @param read Reads a plain file, or says where it is.
 */
export async function* originals<Piece extends { length: number }>(
  { packed, plain }: NewFrame,
  old: OldPack | undefined,
  onBytes: OnBytes,
  read: (backup: BackupEntry) => Some<Piece>,
): AsyncGenerator<TarEntry<Piece | Uint8Array>> {
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
    yield { name, size, date: date!, bytes: read(day) };
  }
}
