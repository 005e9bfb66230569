/**
 * The files in the second place, and the ledger of them.
 *
 * @module
 */
import { join } from "@std/path";
import { readSummary } from "../format/summary.ts";
import { AGE_SUFFIX, keptName, plainName } from "../store/names.ts";
import {
  isPackName,
  monthOfPack,
  type PackedBackup,
  readIndex,
} from "../store/pack_index.ts";
import { noteRenamed } from "../store/sealed.ts";
import {
  type Copy,
  type Ledger,
  ledgerOf,
  readLedgers,
  writeLedgers,
} from "./ledger.ts";
import { writeMarker } from "./marker.ts";
import {
  filesIn,
  type Print,
  readPrint,
  samePrint,
  SECOND_NAME,
} from "./place.ts";

/** A file here, and how its copy is called. */
export interface Original {
  name: string;
  target: string;
  print: Print;
  encrypt: boolean;
}

/** What is in the second place. */
export class Shelf {
  /** What is known of all places. */
  readonly ledgers: Ledger[];
  /** What is known of the one that is there now. */
  readonly ledger: Ledger;

  /**
   * @param here The folder of the backups.
   * @param there The second place.
   * @throws {BackupError} if it is not the place that is expected.
   */
  constructor(readonly here: string, readonly there: string) {
    this.ledgers = readLedgers(here);
    this.ledger = ledgerOf(this.ledgers, there);
  }

  /** Marks the place if it is used for the first time. */
  mark(): void {
    if (this.ledger.id) return;
    this.ledger.id = writeMarker(this.there);
    this.save();
  }

  /** Forgets copies that somebody has removed. */
  forgetGone(): void {
    const there = new Set(filesIn(this.there));
    for (const name of this.ledger.copies.keys()) {
      if (!there.has(name)) this.ledger.copies.delete(name);
    }
  }

  /** Whether a file has its copy. */
  has({ target, print, encrypt }: Original): boolean {
    const there = readPrint(join(this.there, target));
    if (!there) return false;
    const known = this.ledger.copies.get(target);
    if (known && samePrint(known.source, print)) {
      return samePrint(known.copy, there);
    }
    // The ledger may be lost.
    return !encrypt && samePrint(print, there);
  }

  /** Whether a copy is still what was written there. */
  isOurs(name: string): boolean {
    const known = this.ledger.copies.get(name);
    return known !== undefined &&
      samePrint(known.copy, readPrint(join(this.there, name)));
  }

  /** Finds the copy of a file under another name, and gives it the right one. */
  renamed({ target, print }: Original): boolean {
    if (readPrint(join(this.there, target))) return false;
    for (const [name, copy] of this.ledger.copies) {
      if (name === target || !samePrint(copy.source, print)) continue;
      // A plain copy stays plain under whatever name.
      if (isAge(name) !== isAge(target)) continue;
      // Two backups that are the same to the last byte need a copy each.
      if (this.#isNeeded(name, print) || !this.isOurs(name)) continue;
      this.#rename(name, target);
      this.save();
      return true;
    }
    return false;
  }

  /** Whether a copy is still that of a file of its own name here. */
  #isNeeded(name: string, print: Print): boolean {
    return [name, plainName(name)]
      .some((here) => samePrint(readPrint(join(this.here, here)), print));
  }

  /** The backups in a packed month there. */
  daysOf(target: string): string[] {
    if (this.isOurs(target)) return this.ledger.copies.get(target)!.days ?? [];
    const path = join(this.there, target);
    return target.endsWith(AGE_SUFFIX) ? [] : daysIn(path);
  }

  /**
   * Makes room for a copy. Another backup may have the name there: an earlier one of the
   * day, or one of another machine. A month that holds no day that is not in the new one
   * goes.
   */
  makeRoom(target: string, name: string): void {
    const path = join(this.there, target);
    if (!readPrint(path)) return;
    if (isPackName(target)) {
      const here = daysIn(join(this.here, name));
      const isIn = this.daysOf(target).every((day) => here.includes(day));
      if (isIn && this.ledger.copies.has(target)) return;
    }
    this.#rename(target, this.#freeName(target, path));
  }

  /** Removes copies. */
  remove(names: Iterable<string>): void {
    for (const name of names) {
      Deno.removeSync(join(this.there, name));
      this.ledger.copies.delete(name);
    }
  }

  /** Notes a copy. */
  note(target: string, copy: Copy): void {
    this.ledger.copies.set(target, copy);
  }

  /** Writes the ledger. */
  save(): void {
    writeLedgers(this.here, this.ledgers, this.ledger);
  }

  #rename(from: string, to: string): void {
    Deno.renameSync(join(this.there, from), join(this.there, to));
    const { copies } = this.ledger;
    const known = copies.get(from);
    if (known) copies.set(to, known);
    copies.delete(from);
    if (to.endsWith(AGE_SUFFIX)) {
      noteRenamed(this.here, join(SECOND_NAME, from), join(SECOND_NAME, to));
    }
  }

  #freeName(target: string, path: string): string {
    const ending = target.endsWith(AGE_SUFFIX) ? AGE_SUFFIX : "";
    const month = monthOfPack(plainName(target));
    const date = ending || month ? undefined : readSummary(path).date;
    const moment = date ?? Deno.statSync(path).mtime ?? new Date();
    for (let copy = 1;; copy++) {
      const name = month
        ? `backups-${month}-other-${copy}.tar.zst${ending}`
        : keptName(moment, copy) + ending;
      if (!readPrint(join(this.there, name))) return name;
    }
  }
}

function isAge(name: string): boolean {
  return name.endsWith(AGE_SUFFIX);
}

/** What the ledger has of the backups in a file, if it is a packed month. */
export function daysOf(name: string, path: string): Pick<Copy, "days"> {
  return monthOfPack(name) === undefined ? {} : { days: daysIn(path) };
}

/** The names of the backups in a packed month. */
export function daysIn(path: string): string[] {
  return backupsIn(path).map(({ name }) => name);
}

/** The backups in a packed month; none if its index can't be read. */
export function backupsIn(path: string): PackedBackup[] {
  try {
    return readIndex(path)?.backups ?? [];
  } catch {
    return [];
  }
}
