/**
 * Copying one file to the second place: written under a temporary name, synced, read
 * back and compared, and only then given its name.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import type { Recipients } from "../age/recipients.ts";
import type { Session } from "../session.ts";
import {
  copyBytes,
  createTemp,
  discardTemp,
  syncedEarly,
  syncFolder,
} from "../store/files.ts";
import { readPrint } from "./place.ts";
import type { Copy } from "./ledger.ts";

/** How much is read at once, in bytes. */
const readSize = 1 << 18;

/** A copy that was made: all that is known of it but what it is one of. */
export type MadeCopy = Pick<Copy, "copy" | "sha256">;

/**
 * Copies a file.
 *
 * @param from The file.
 * @param folder The second place.
 * @param recipients For whom it is encrypted, if it is.
 * @param nameFor Gives the name for the copy, and notes the copy: if the program is
 * killed after that, the next run knows it again.
 * @throws {BackupError} if what is read back is not what was written.
 * @throws {Error} if the disk is full, or gone.
 */
export async function copyFile(
  from: Deno.FsFile,
  folder: string,
  recipients: Recipients | undefined,
  session: Session,
  nameFor: (made: MadeCopy) => string,
): Promise<MadeCopy> {
  const temp = createTemp(folder);
  try {
    const write = () => writeCopy(from, temp.file, recipients, session);
    const written = await syncedEarly(temp.file, write);
    temp.file.close();
    const sha256 = await hashOf(temp.path, session);
    if (written !== sha256) {
      throw new BackupError(
        "a copy was not read back as it was written; check that disk",
      );
    }
    const made = { copy: readPrint(temp.path)!, sha256 };
    Deno.renameSync(temp.path, join(folder, nameFor(made)));
    syncFolder(folder);
    return made;
  } finally {
    discardTemp(temp);
  }
}

/** Writes the copy; gives the checksum of what was written. */
async function writeCopy(
  from: Deno.FsFile,
  to: Deno.FsFile,
  recipients: Recipients | undefined,
  { checkpoint }: Session,
): Promise<string> {
  const hash = createHash("sha256");
  if (recipients) {
    const { encrypt } = await import("../age/age.ts");
    const hashing = (bytes: Uint8Array) => void hash.update(bytes);
    await encrypt(from, to, recipients.keys, checkpoint, hashing);
    return hash.digest("hex");
  }
  from.seekSync(0, Deno.SeekMode.Start);
  await copyBytes(from, to, async (bytes) => {
    hash.update(bytes);
    await checkpoint();
  });
  return hash.digest("hex");
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function hashOf(
  path: string,
  { checkpoint }: Session,
): Promise<string> {
  const hash = createHash("sha256");
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(readSize);
  for (let count; (count = file.readSync(bytes));) {
    hash.update(bytes.subarray(0, count));
    await checkpoint();
  }
  return hash.digest("hex");
}
