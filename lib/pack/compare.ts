/**
 * Packs compared with what they were made of.
 *
 * @module
 */
import { sameBytes } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import type { BackupEntry } from "../store/catalog.ts";
import type { PackFrame } from "../store/pack_index.ts";
import { printable } from "../text.ts";
import {
  DamagedDayError,
  damageOf,
  type FramePlan,
  isWhole,
  type OldPack,
  type Original,
  originals,
  readFile,
} from "./originals.ts";
import { entriesIn, type OnBytes, sha256At } from "./pack.ts";
import type { TarEntry } from "./tar.ts";
import { type Bytes, iterate } from "./zstd.ts";

/**
 * Reads a frame of a new pack back and compares it with what it was made of: packed days
 * byte for byte, and plain ones with their checksums, which prove the plain files, too.
 *
 * @param file The new pack.
 * @throws {DamagedDayError} if a plain file is not what it was.
 * @throws {BackupError} if a day is not there as it was.
 */
export async function compareFrame(
  file: Deno.FsFile,
  frame: PackFrame,
  plan: FramePlan,
  old: OldPack | undefined,
  onBytes: OnBytes,
): Promise<void> {
  if (typeof plan === "number") {
    if (await sha256At(file, frame, onBytes) === frame.sha256) return;
    throw new BackupError(`a part of the pack ${readBack}`);
  }
  const packed = entriesIn(file, frame, onBytes);
  for await (const original of originals(plan, old, onBytes)) {
    const { value: entry } = await packed.next();
    if (entry && await isSame(entry, original)) continue;
    const { name, plain } = original;
    const fault = plain && await damageOf(plain, onBytes);
    if (fault) throw new DamagedDayError(name, fault);
    throw new BackupError(`${printable(name)} ${readBack}`);
  }
  const { done } = await packed.next();
  if (!done) throw new BackupError(`a day too many ${readBack}`);
}

async function isSame(entry: TarEntry, original: Original): Promise<boolean> {
  const { name, size, bytes, plain } = original;
  if (entry.name !== name || entry.size !== size) return false;
  return plain
    ? await isWhole(plain, entry.bytes)
    : await sameStreams(entry.bytes, bytes);
}

const readBack = "was not read back as it was written; the plain files stay " +
  "as they are. Check the disk, then try again";

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
