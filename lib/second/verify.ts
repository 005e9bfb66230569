/**
 * Verifying the copies in the second place.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError, EXIT, messageOf } from "../errors.ts";
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
  problem?: string;
}

/**
 * Verifies a copy that is not known here, such as one of another machine.
 *
 * @param path The copy.
 * @returns What is wrong with it, if anything.
 */
export type VerifyUnknown = (path: string) => Promise<string | undefined>;

/**
 * Verifies that each copy is, to the last byte, what was written: that is proved with
 * what it is a copy of. Others are verified as backups.
 *
 * @returns Nothing if there is no second place.
 */
export async function verifySecond(
  installation: Installation,
  session: Session,
  verifyUnknown: VerifyUnknown,
): Promise<VerifiedCopy[]> {
  const place = findSecondPlace(installation);
  if (!place) return [];
  if (place.fault) return [{ name: SECOND_NAME, problem: place.fault }];
  const { copies } = readLedger(installation.backups);
  const verified: VerifiedCopy[] = [];
  for (const file of filesIn(place.path).filter(isCopyName)) {
    const name = join(SECOND_NAME, file);
    const path = join(place.path, file);
    const known = copies.get(file)?.sha256;
    const problem = await problemOf(path, known, session, verifyUnknown);
    verified.push({ name, ...problem === undefined ? {} : { problem } });
  }
  return verified;
}

async function problemOf(
  path: string,
  known: string | undefined,
  session: Session,
  verifyUnknown: VerifyUnknown,
): Promise<string | undefined> {
  try {
    if (known === undefined) return await verifyUnknown(path);
    return await hashOf(path, session) === known
      ? undefined
      : "it is not what was written there";
  } catch (error) {
    const isOther = error instanceof BackupError &&
      error.exitCode !== EXIT.failed;
    if (isOther) throw error;
    return error instanceof BackupError ? messageOf(error) : reasonOf(error);
  }
}
