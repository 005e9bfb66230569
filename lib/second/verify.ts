/**
 * Verifying the copies in the second place.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { BackupError, EXIT, isLocked, messageOf } from "../errors.ts";
import type { Session } from "../session.ts";
import { type Installation, SECOND_NAME } from "../store/installation.ts";
import { isEncryptedName } from "../store/names.ts";
import { readSealed, type Sealed } from "../store/sealed.ts";
import { hashOf } from "./copier.ts";
import { type Ledger, ledgerOf, readLedgers } from "./ledger.ts";
import {
  filesIn,
  findSecondPlace,
  isCopyName,
  newestFirst,
  reasonOf,
} from "./place.ts";

/** A copy that was verified. */
export interface VerifiedCopy {
  /** Its name, seen from the folder of the backups. */
  name: string;
  /** What is wrong with it; absent if nothing is. */
  problem?: string | undefined;
  /** Whether it is another machine's, and no key that was given opens it. */
  locked?: boolean | undefined;
}

/** What verifying the second place found. */
export interface VerifiedPlace {
  copies: VerifiedCopy[];
  /** Why they could not be looked at; absent if they could. */
  fault?: string;
}

/**
 * Verifies a copy as a backup: one that is not known here, such as one of another
 * machine, or one that no key has opened yet.
 *
 * @param path The copy.
 * @returns What is wrong with it, if anything.
 */
export type VerifyUnknown = (
  path: string,
) => Promise<Pick<VerifiedCopy, "problem" | "locked">>;

/**
 * The newest encrypted copy of a day, which a key can be shown to open.
 *
 * @returns Its path; nothing if there is none.
 */
export function newestEncryptedCopy(
  installation: Installation,
): string | undefined {
  const place = findSecondPlace(installation);
  if (!place || place.fault) return undefined;
  const [newest] = filesIn(place.path).filter(isEncryptedName)
    .sort(newestFirst);
  return newest === undefined ? undefined : join(place.path, newest);
}

/**
 * Verifies that each copy is, to the last byte, what was written: that is proved with
 * what it is a copy of. Others are verified as backups, and if there is a key, so are
 * those that none has opened yet.
 *
 * @returns No copies if there is no second place.
 */
export async function verifySecond(
  installation: Installation,
  session: Session,
  verifyUnknown: VerifyUnknown,
): Promise<VerifiedPlace> {
  const place = findSecondPlace(installation);
  if (!place) return { copies: [] };
  if (place.fault) return { copies: [], fault: place.fault };
  const known = knownIn(installation, place.path);
  if (typeof known === "string") return { copies: [], fault: known };
  const hasKey = ((await session.keys?.identities()) ?? []).length > 0;
  const opened = new Opened(installation.backups);
  const verifyAsBackup: VerifyUnknown = (path) => {
    opened.readAgain();
    return verifyUnknown(path);
  };
  const copies: VerifiedCopy[] = [];
  for (const file of filesIn(place.path).filter(isCopyName)) {
    const path = join(place.path, file);
    const name = join(SECOND_NAME, file);
    const sha256 = known.get(file)?.sha256;
    let result = await resultOf(path, sha256, session, verifyAsBackup);
    if (hasKey && !result.problem && !opened.has(name)) {
      result = await resultOf(path, undefined, session, verifyAsBackup);
    }
    copies.push({ name, ...result });
  }
  return { copies };
}

/** Which copies can be read: they are plain, or a key was shown to open them. */
class Opened {
  #sealed: Sealed | undefined;

  /** @param folder The folder of the backups. */
  constructor(readonly folder: string) {}

  /** Takes it that a key may have opened another one. */
  readAgain(): void {
    this.#sealed = undefined;
  }

  // One that a key opens stands for all that are encrypted for the same recipients.
  has(name: string): boolean {
    if (!isEncryptedName(basename(name))) return true;
    const { size } = Deno.statSync(join(this.folder, name));
    this.#sealed ??= readSealed(this.folder);
    return this.#sealed.wasOpened(name, size);
  }
}

/** The copies that were noted; if it is another place, what is wrong. */
function knownIn(
  { backups }: Installation,
  path: string,
): Ledger["copies"] | string {
  try {
    return ledgerOf(readLedgers(backups), path).copies;
  } catch (error) {
    return reasonOf(error);
  }
}

async function resultOf(
  path: string,
  known: string | undefined,
  session: Session,
  verifyUnknown: VerifyUnknown,
): Promise<Pick<VerifiedCopy, "problem" | "locked">> {
  try {
    if (known === undefined) return await verifyUnknown(path);
    return await hashOf(path, session) === known
      ? {}
      : { problem: "it is not what was written there" };
  } catch (error) {
    const isOther = error instanceof BackupError &&
      error.exitCode !== EXIT.failed;
    if (isOther) throw error;
    const isOurs = error instanceof BackupError;
    const problem = isOurs ? messageOf(error) : reasonOf(error);
    return { problem, locked: isLocked(error) };
  }
}
