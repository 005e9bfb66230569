/**
 * Packs compared with what they were made of, byte for byte.
 *
 * @module
 */
import { sameBytes } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import type { BackupEntry } from "../store/catalog.ts";
import type { PackFrame, PackIndex } from "../store/pack_index.ts";
import { printable } from "../text.ts";
import { entriesIn, hashedAtOnce, type OnBytes, sha256At } from "./pack.ts";
import { type FramePlan, type OldPack, originals, readFile } from "./write.ts";
import { type Bytes, iterate } from "./zstd.ts";

/**
 * Reads a new pack back and compares it, byte for byte, with what it was made of.
 *
 * @throws {BackupError} if a day is not there as it was.
 */
export async function comparePack(
  file: Deno.FsFile,
  index: PackIndex,
  plans: FramePlan[],
  old: OldPack | undefined,
  onBytes: OnBytes,
): Promise<void> {
  const buffer = new Uint8Array(hashedAtOnce);
  for (const [number, plan] of plans.entries()) {
    const frame = index.frames[number]!;
    if (typeof plan === "number") {
      await compareFrame(file, frame, onBytes);
      continue;
    }
    const packed = entriesIn(file, frame, onBytes);
    for await (
      const { name, size, bytes } of originals(plan, old, onBytes, buffer)
    ) {
      const { value: entry } = await packed.next();
      const same = entry?.name === name && entry.size === size &&
        await sameStreams(entry.bytes, bytes);
      if (!same) throw new BackupError(`${printable(name)} ${readBack}`);
    }
    const { done } = await packed.next();
    if (!done) throw new BackupError(`a day too many ${readBack}`);
  }
}

const readBack = "was not read back as it was written; the plain files stay " +
  "as they are. Check the disk, then try again";

async function compareFrame(
  file: Deno.FsFile,
  frame: PackFrame,
  onBytes: OnBytes,
): Promise<void> {
  if (await sha256At(file, frame, onBytes) === frame.sha256) return;
  throw new BackupError(`a part of the pack ${readBack}`);
}

/** Which files are in a pack as they are now. */
export async function identicalIn(
  { file, index: { frames, backups } }: OldPack,
  files: BackupEntry[],
  onBytes: OnBytes,
): Promise<Set<string>> {
  const buffer = new Uint8Array(hashedAtOnce);
  const found = new Set<string>();
  const plain = new Map(files.map((backup) => [backup.name, backup]));
  const wanted = new Set(
    backups.filter(({ name }) => plain.has(name)).map(({ frame }) => frame),
  );
  for (const number of wanted) {
    for await (const entry of entriesIn(file, frames[number]!, onBytes)) {
      const backup = plain.get(entry.name);
      if (!backup || entry.size !== backup.size) continue;
      const same = await sameStreams(
        entry.bytes,
        readFile(backup, onBytes, buffer),
      );
      if (same) found.add(entry.name);
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
