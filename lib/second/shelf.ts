/**
 * The files in the second place, and the ledger of them.
 *
 * @module
 */
import { join } from "@std/path";
import { type FileSummary, readSummary } from "../format/summary.ts";
import { SECOND_NAME } from "../store/installation.ts";
import { AGE_SUFFIX, isAgeName, keptName, plainName } from "../store/names.ts";
import { isPackName, monthOfPack, packName } from "../store/pack_index.ts";
import { noteRenamed } from "../store/sealed.ts";
import {
  type Copy,
  type Ledger,
  ledgerOf,
  nameHere,
  readLedgers,
  writeLedgers,
} from "./ledger.ts";
import { writeMarker } from "./marker.ts";
import { backupsIn, daysOf, hasMore } from "./months.ts";
import {
  filesIn,
  isCopyName,
  type Print,
  readPrint,
  samePrint,
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

  /**
   * Finds the copy of a file, under whatever name.
   *
   * @returns Its name; `undefined` if there is none.
   */
  find(original: Original): string | undefined {
    const { target, print } = original;
    if (this.#holds(target, original)) return target;
    // Two backups that are the same to the last byte need a copy each.
    return this.#names(target).find((name) =>
      this.#mayHold(name, print) && !this.#isNeeded(name, print) &&
      this.#holds(name, original)
    );
  }

  /** Finds a month that has all days of this one, and more. */
  findLarger({ name, target }: Original): string | undefined {
    if (!isPackName(name)) return undefined;
    const here = backupsIn(join(this.here, name));
    const days = here.map(({ name }) => name);
    return this.#names(target).filter(isPackName).find((copy) => {
      const known = this.ledger.copies.get(copy);
      if (!known) return hasMore(backupsIn(join(this.there, copy)), here);
      const there = known.days ?? [];
      return nameHere(copy, known) === name && there.length > days.length &&
        days.every((day) => there.includes(day)) && this.isOurs(copy);
    });
  }

  /** The names of what may be copies of a file: as plain or encrypted as this one. */
  #names(target: string): string[] {
    return filesIn(this.there).filter((name) =>
      isCopyName(name) && isAgeName(name) === isAgeName(target)
    );
  }

  // Tells it without reading the file.
  #mayHold(name: string, print: Print): boolean {
    const known = this.ledger.copies.get(name);
    return known
      ? samePrint(known.source, print)
      : Deno.statSync(join(this.there, name)).size === print.size;
  }

  #holds(name: string, { print, encrypt }: Original): boolean {
    const there = readPrint(join(this.there, name));
    if (!there) return false;
    const known = this.ledger.copies.get(name);
    if (known && samePrint(known.source, print)) {
      return samePrint(known.copy, there);
    }
    // The ledger may be lost.
    return !encrypt && samePrint(print, there);
  }

  /** Whether a copy is still that of a file of its own name here. */
  #isNeeded(name: string, print: Print): boolean {
    return [name, plainName(name)]
      .some((here) => samePrint(readPrint(join(this.here, here)), print));
  }

  /** Whether a copy is still what was written there. */
  isOurs(name: string): boolean {
    const known = this.ledger.copies.get(name);
    return known !== undefined &&
      samePrint(known.copy, readPrint(join(this.there, name)));
  }

  /**
   * Gives a copy the name that it should have, if nothing else has it.
   *
   * @param found The name that it has, noted in the ledger.
   * @returns The name that it has now.
   */
  settle({ name, target }: Original, found: string): string {
    const isFree = found !== target && !readPrint(join(this.there, target));
    if (isFree) this.#rename(found, target);
    const now = isFree ? target : found;
    const copy = this.ledger.copies.get(now)!;
    if (!isFree && nameHere(now, copy) === name) return now;
    this.note(now, copy, name);
    this.save();
    return now;
  }

  /**
   * Makes room for a new copy. An earlier backup of the day may have its name: that one
   * gets another name. What another machine has written keeps its name; then the copy
   * gets one of its own.
   *
   * @returns The name for the copy. What has it is a month without other days.
   */
  roomFor({ name, target }: Original): string {
    const earlier = this.#earlierMonth(name, target);
    if (earlier) return earlier;
    const path = join(this.there, target);
    if (!readPrint(path)) return target;
    if (this.isOurs(target) || this.#isBroken(target)) {
      this.#rename(target, this.#freeName(target, path));
      return target;
    }
    this.ledger.copies.delete(target);
    return this.#freeName(target, join(this.here, name));
  }

  #earlierMonth(name: string, target: string): string | undefined {
    if (!isPackName(name)) return undefined;
    const { days = [] } = daysOf(name, join(this.here, name));
    const isEarlier = ([copy, known]: [string, Copy]) =>
      nameHere(copy, known) === name && isAgeName(copy) === isAgeName(target) &&
      (known.days ?? []).every((day) => days.includes(day)) &&
      this.isOurs(copy);
    return [...this.ledger.copies].find(isEarlier)?.[0];
  }

  // A copy that was damaged is told from another machine's backup by its end.
  #isBroken(target: string): boolean {
    if (!this.ledger.copies.has(target) || isAgeName(target)) return false;
    const path = join(this.there, target);
    return isPackName(target)
      ? backupsIn(path).length === 0
      : summaryOf(path)?.sha256 === undefined;
  }

  /** Removes copies. */
  remove(names: Iterable<string>): void {
    for (const name of names) {
      Deno.removeSync(join(this.there, name));
      this.ledger.copies.delete(name);
    }
  }

  /**
   * Notes a copy.
   *
   * @param name Its name.
   * @param copy What is known of it.
   * @param here The name of what it is a copy of.
   */
  note(name: string, { of: _, ...copy }: Copy, here: string): void {
    const of = nameHere(name, copy) === here ? {} : { of: here };
    this.ledger.copies.set(name, { ...copy, ...of });
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
    if (isAgeName(to)) {
      noteRenamed(this.here, join(SECOND_NAME, from), join(SECOND_NAME, to));
    }
  }

  #freeName(target: string, path: string): string {
    const ending = isAgeName(target) ? AGE_SUFFIX : "";
    const month = monthOfPack(plainName(target));
    const date = month || isAgeName(path) ? undefined : summaryOf(path)?.date;
    const moment = date ?? Deno.statSync(path).mtime ?? new Date();
    for (let copy = month ? 2 : 1;; copy++) {
      const name = month ? packName(month, copy) : keptName(moment, copy);
      if (!readPrint(join(this.there, name + ending))) return name + ending;
    }
  }
}

function summaryOf(path: string): FileSummary | undefined {
  try {
    return readSummary(path);
  } catch {
    // It is no backup, or a damaged one.
    return undefined;
  }
}
