/**
 * What was copied to second places: a small file in the folder of the backups. An
 * encrypted copy does not tell of what it is one. Disks that take turns have a ledger
 * each.
 *
 * @module
 */
import { join } from "@std/path";
import { BackupError } from "../errors.ts";
import { readText } from "../file.ts";
import { isDate } from "../format/members.ts";
import { replaceText } from "../store/files.ts";
import { plainName, utcSeconds } from "../store/names.ts";
import { MARKER_NAME, readMarker } from "./marker.ts";
import {
  filesIn,
  isCopyName,
  locationOf,
  type Print,
  readPrint,
  samePrint,
} from "./place.ts";

/** The name of the file. */
export const LEDGER_NAME = ".backup-second-place.json";

/** How many places are remembered. */
const mostPlaces = 8;

/** A copy in the second place. */
export interface Copy {
  /** What it is a copy of. */
  source: Print;
  /** The copy itself; another one if it is encrypted. */
  copy: Print;
  /** The SHA-256 of all its bytes, in hexadecimal digits. */
  sha256: string;
  /** The names of the backups in it if it is a packed month. */
  days?: string[];
  /** The name of the source if the copy has another one. */
  of?: string;
}

/**
 * The name here of what a copy is one of.
 *
 * @param name The copy's name.
 */
export function nameHere(name: string, { source, copy, of }: Copy): string {
  return of ?? (samePrint(source, copy) ? name : plainName(name));
}

/** All copies in one place, and when it was last complete. */
export interface Ledger {
  /** The id in its marker; empty if it has none yet. */
  id: string;
  /** Where the link to it led. */
  location: string;
  /** The copies by their names there. */
  copies: Map<string, Copy>;
  completeAt: Date | undefined;
}

/** A ledger as it stands in the file. */
interface LedgerJson {
  location?: string;
  complete?: unknown;
  copies?: Record<string, Copy>;
}

/**
 * Reads the ledgers of all places, the one that was used last at the end; none if the
 * file is missing or damaged.
 */
export function readLedgers(folder: string): Ledger[] {
  try {
    const json = JSON.parse(readText(join(folder, LEDGER_NAME)));
    // Before places had markers there was one ledger.
    const places: Record<string, LedgerJson> = json.places ?? { "": json };
    return Object.entries(places).map(([id, ledger]) => ledgerFrom(id, ledger));
  } catch {
    return [];
  }
}

function ledgerFrom(
  id: string,
  { location, complete, copies }: LedgerJson,
): Ledger {
  const known = Object.entries(copies ?? {})
    .filter(([name, copy]) => isCopyName(name) && isCopy(copy));
  return {
    id,
    location: String(location ?? ""),
    completeAt: isDate(complete) ? new Date(complete) : undefined,
    copies: new Map(known),
  };
}

// Someone may have edited the file; what is not known is copied anew.
function isCopy(copy: Partial<Copy> | null): boolean {
  const { source, copy: print, sha256, days, of } = copy ?? {};
  return isPrint(source) && isPrint(print) && typeof sha256 === "string" &&
    (days === undefined || Array.isArray(days)) &&
    (of === undefined || typeof of === "string");
}

function isPrint(print: Print | null | undefined): boolean {
  return typeof print?.size === "number" && typeof print.tail === "string";
}

/**
 * Refuses to make plain copies if there are encrypted ones: a list of keys that was lost
 * must not lead to copies that anybody can read.
 *
 * @param places The ledger of the place that is there now, and those of all places.
 * @throws {BackupError} if copies are encrypted, there or in another place.
 */
export function refusePlain(
  { ledger, ledgers }: { ledger: Ledger; ledgers: readonly Ledger[] },
): void {
  const isThere = hasEncrypted(ledger);
  if (!isThere && !ledgers.some(hasEncrypted)) return;
  throw new BackupError(
    `the copies ${isThere ? "there" : "in another second place"} are ` +
      "encrypted, and output/recipients.txt is gone; put it back, or, to have " +
      "plain copies, remove " +
      (isThere ? "the encrypted ones" : `output/${LEDGER_NAME}`),
  );
}

function hasEncrypted({ copies }: Ledger): boolean {
  return copies.values().some(({ source, copy }) => !samePrint(source, copy));
}

/** Forgets copies that somebody has removed from the place. */
export function forgetGone({ copies }: Ledger, place: string): void {
  const there = new Set(filesIn(place));
  for (const name of copies.keys()) {
    if (!there.has(name)) copies.delete(name);
  }
}

/**
 * Finds the ledger of the place that is there now.
 *
 * @param ledgers Those that are known.
 * @param path The second place.
 * @returns The ledger; a new one for a place that is used for the first time.
 * @throws {BackupError} if it is not the place that was there before, such as the folder
 * on which a disk is mounted at other times.
 * @throws {Error} if it can't be read.
 */
export function ledgerOf(ledgers: Ledger[], path: string): Ledger {
  const location = locationOf(path);
  const id = readMarker(path);
  if (id === undefined && isExpected(ledgers, path, location)) {
    throw new BackupError(
      `its disk does not seem to be there: the folder has no ${MARKER_NAME}, ` +
        "or no id in it; if this is a new disk, put an empty file of that " +
        "name into it",
    );
  }
  const known = id ? ledgers.find((ledger) => ledger.id === id) : undefined;
  if (known) return { ...known, location };
  const copies = new Map(
    ledgers.flatMap((ledger) => copiesIn(path, ledger)),
  );
  return { id: id ?? "", location, copies, completeAt: undefined };
}

// A link that leads elsewhere now was made by a person.
function isExpected(
  ledgers: Ledger[],
  path: string,
  location: string,
): boolean {
  return ledgers.some((ledger) =>
    ledger.id === ""
      ? ledger.copies.size > 0 && copiesIn(path, ledger).length === 0
      : ledger.location === location
  );
}

// Which copies of a ledger are in a place: its marker may be new, or another machine's.
function copiesIn(path: string, { copies }: Ledger): [string, Copy][] {
  return [...copies].filter(([name, { copy }]) =>
    samePrint(copy, readPrint(join(path, name)))
  );
}

/**
 * Writes the ledgers of all places.
 *
 * @param ledgers What is known of other places; the one used last at the end.
 * @param ledger That of the place which is there now.
 * @throws {Error} if the disk does not take it.
 */
export function writeLedgers(
  folder: string,
  ledgers: Ledger[],
  ledger: Ledger,
): void {
  const others = ledgers.filter(({ id }) => id !== "" && id !== ledger.id);
  const kept = [...others, ledger].slice(-mostPlaces);
  const places = Object.fromEntries(
    kept.map(({ id, location, completeAt, copies }) => [id, {
      location,
      complete: completeAt ? utcSeconds(completeAt) : null,
      copies: Object.fromEntries(copies),
    }]),
  );
  const text = JSON.stringify({ places }, undefined, 1);
  replaceText(folder, LEDGER_NAME, text + "\n");
}
