/**
 * What the second place has, without reading its files: for `status` and the like.
 *
 * @module
 */
import { join } from "@std/path";
import { readRecipients, type Recipients } from "../age/recipients.ts";
import type { Installation } from "../store/installation.ts";
import { AGE_SUFFIX, isAgeName, plainName } from "../store/names.ts";
import { isPackName } from "../store/pack_index.ts";
import { readSealed } from "../store/sealed.ts";
import {
  type Copy,
  forgetGone,
  type Ledger,
  ledgerOf,
  nameHere,
  readLedgers,
  refusePlain,
} from "./ledger.ts";
import {
  filesIn,
  findSecondPlace,
  isOddName,
  locationOf,
  originalsIn,
  readPrint,
  reasonOf,
  samePrint,
} from "./place.ts";

/** What is known of the second place. */
export interface SecondStatus {
  /** Where it is. */
  path: string;
  /** Why it can't be used now; absent if it can. */
  fault?: string;
  /** How many backups and packed months are to be there. */
  expected: number;
  /** The names of those that are not there. */
  missing: string[];
  /** When all was there last. */
  completeAt: Date | undefined;
  /** Conflicted copies and files that were not downloaded to their end. */
  odd: string[];
  /** Whether copies are encrypted, and no key was shown to open them. */
  unopened: boolean;
}

/** Looks at the second place; `undefined` if there is none. */
export async function lookAtSecond(
  installation: Installation,
): Promise<SecondStatus | undefined> {
  const place = findSecondPlace(installation);
  if (!place) return undefined;
  const { backups } = installation;
  const ledgers = readLedgers(backups);
  const status: SecondStatus = {
    path: locationOf(place.path) || place.path,
    expected: 0,
    missing: [],
    completeAt: ledgers.at(-1)?.completeAt,
    odd: [],
    unopened: false,
  };
  if (place.fault) return { ...status, fault: place.fault };
  try {
    const ledger = ledgerOf(ledgers, place.path);
    const { completeAt } = ledger;
    const recipients = await readRecipients(backups);
    forgetGone(ledger, place.path);
    if (!recipients) refusePlain({ ledger, ledgers });
    const found = compare(backups, place.path, ledger, recipients);
    return { ...status, completeAt, ...found };
  } catch (error) {
    return { ...status, fault: reasonOf(error) };
  }
}

function compare(
  here: string,
  there: string,
  ledger: Ledger,
  recipients: Recipients | undefined,
): Pick<SecondStatus, "expected" | "missing" | "odd" | "unopened"> {
  const names = originalsIn(here);
  const isThere = whatIsThere(here, there, ledger);
  const missing = names.filter((name) => {
    const encrypt = recipients !== undefined && name === plainName(name);
    return !isThere(name, encrypt ? name + AGE_SUFFIX : name);
  });
  return {
    expected: names.length,
    missing,
    odd: filesIn(there).filter(isOddName),
    unopened: recipients !== undefined && names.length > missing.length &&
      !readSealed(here).canOpen(recipients.fingerprint),
  };
}

/** Tells, by sizes alone, whether a file has its copy. */
function whatIsThere(
  here: string,
  there: string,
  ledger: Ledger,
): (name: string, target: string) => boolean {
  const known = Map.groupBy(
    ledger.copies,
    ([copy, noted]) => nameHere(copy, noted),
  );
  // It may have got its name since the last copy was made.
  const hasCopy = (name: string, target: string) => {
    const print = readPrint(join(here, name));
    return ledger.copies.entries().some(([copy, { source, copy: { size } }]) =>
      isAgeName(copy) === isAgeName(target) && samePrint(source, print) &&
      sizeOf(join(there, copy)) === size
    );
  };
  return (name, target) => {
    const size = sizeOf(join(here, name));
    const copies = (known.get(name) ?? [])
      .filter(([copy]) => isAgeName(copy) === isAgeName(target));
    // A month there may have more days than the one here.
    const isCopy = ([copy, noted]: [string, Copy]) =>
      (isPackName(name) || noted.source.size === size) &&
      sizeOf(join(there, copy)) === noted.copy.size;
    const isPlainCopy = isAgeName(name) === isAgeName(target) &&
      copies.length === 0 && sizeOf(join(there, target)) === size;
    return isPlainCopy || copies.some(isCopy) || hasCopy(name, target);
  };
}

function sizeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
