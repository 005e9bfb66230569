/**
 * Verifying the copies in the second place.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError, EXIT, isLocked, messageOf } from "../errors.ts";
import type { Session } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import { hashOf } from "./copier.ts";
import { readLedger } from "./ledger.ts";
import {
  filesIn,
  findSecondPlace,
  isCopyName,
  reasonOf,
  SECOND_NAME,
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
 * Verifies a copy that is not known here, such as one of another machine.
 *
 * @param path The copy.
 * @returns What is wrong with it, if anything.
 */
export type VerifyUnknown = (
  path: string,
) => Promise<Pick<VerifiedCopy, "problem" | "locked">>;

/**
 * Verifies that each copy is, to the last byte, what was written: that is proved with
 * what it is a copy of. Others are verified as backups.
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
  const known = readLedger(installation.backups).copies;
  const copies: VerifiedCopy[] = [];
  for (const file of filesIn(place.path).filter(isCopyName)) {
    const path = join(place.path, file);
    const sha256 = known.get(file)?.sha256;
    const result = await resultOf(path, sha256, session, verifyUnknown);
    copies.push({ name: join(SECOND_NAME, file), ...result });
  }
  return { copies };
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
