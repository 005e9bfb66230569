/**
 * The days of encrypted months: only with a key can they be listed.
 *
 * @module
 */
import { join } from "@std/path";
import { readPack } from "../pack/pack.ts";
import type { Session } from "../session.ts";
import { type BackupEntry, packNames } from "../store/catalog.ts";
import { isAgeName } from "../store/names.ts";
import { withPack } from "./open.ts";

/**
 * Lists the days of the encrypted months in a folder.
 *
 * @param scratch Where each is decrypted, into a file without a name.
 * @throws {BackupError} if the key does not open one of them, or it is damaged.
 */
export async function encryptedDays(
  folder: string,
  scratch: string,
  session: Session,
): Promise<BackupEntry[]> {
  const days: BackupEntry[] = [];
  for (const name of packNames(folder).filter((name) => isAgeName(name))) {
    days.push(...await daysIn(join(folder, name), scratch, session));
  }
  return days;
}

async function daysIn(
  path: string,
  scratch: string,
  session: Session,
): Promise<BackupEntry[]> {
  const { backups } = await withPack(
    path,
    scratch,
    session,
    (pack) => readPack(pack, path, () => session.checkpoint()),
  );
  return backups.map(({ counts, ...backup }) => ({
    ...backup,
    path,
    form: "packed",
    encrypted: true,
    ours: true,
    counts: () => counts,
  }));
}
