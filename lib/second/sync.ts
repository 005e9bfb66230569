/**
 * Keeping the second place in step: what is missing there is copied, and nothing is
 * ever overwritten or removed there that is not also here.
 *
 * @module
 */
import { join } from "@std/path";
import { readRecipients, type Recipients } from "../age/recipients.ts";
import { InterruptedError } from "../errors.ts";
import { readSummary } from "../format/summary.ts";
import type { Session } from "../session.ts";
import { withFolder } from "../store/folder.ts";
import type { Installation } from "../store/installation.ts";
import { AGE_SUFFIX, keptName, plainName } from "../store/names.ts";
import {
  monthOfPack,
  type PackedBackup,
  readIndex,
} from "../store/pack_index.ts";
import { noteSealed } from "../store/sealed.ts";
import { copyFile } from "./copier.ts";
import { type Ledger, readLedger, writeLedger } from "./ledger.ts";
import {
  filesIn,
  findSecondPlace,
  isCopyName,
  type Print,
  readPrint,
  reasonOf,
  samePrint,
  SECOND_NAME,
} from "./place.ts";

/** What bringing the second place up to date did. */
export interface SecondReport {
  /** The names of the copies that were made. */
  copied: string[];
  /** Copies of days that are in a packed month there now, so that they went. */
  removed: string[];
  /** Why not all is there; absent if all is. */
  fault?: string;
}

/**
 * Brings the second place up to date, if there is one.
 *
 * @returns `undefined` if the owner of the data has named none.
 * @throws {InterruptedError} if a signal asked to stop; the next run goes on from there.
 */
export async function bringUpToDate(
  installation: Installation,
  session: Session,
): Promise<SecondReport | undefined> {
  const place = findSecondPlace(installation);
  if (!place) return undefined;
  const report: SecondReport = { copied: [], removed: [] };
  if (place.fault) return { ...report, fault: place.fault };
  const { backups } = installation;
  try {
    // A broken list of keys must not lead to copies without a key.
    const recipients = await readRecipients(backups);
    const update = new Update(backups, place.path, recipients, session);
    await withFolder(backups, session, () => update.run(report));
    return report;
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { ...report, fault: reasonOf(error) };
  }
}

/** A file here, and how its copy is called. */
interface Original {
  name: string;
  target: string;
  print: Print;
  encrypt: boolean;
}

class Update {
  readonly ledger: Ledger;

  constructor(
    readonly here: string,
    readonly there: string,
    readonly recipients: Recipients | undefined,
    readonly session: Session,
  ) {
    this.ledger = readLedger(here);
  }

  async run(report: SecondReport): Promise<void> {
    const originals = filesIn(this.here).filter(isCopyName)
      .flatMap((name) => this.#original(name));
    for (const original of originals) {
      if (this.#isThere(original) || this.#renamed(original)) continue;
      if (this.#hasMoreDays(original)) continue;
      await this.#copy(original);
      report.copied.push(original.target);
    }
    report.removed.push(...this.#removePacked(originals));
    this.ledger.completeAt = this.session.now();
    this.#save();
  }

  #original(name: string): Original[] {
    const print = readPrint(join(this.here, name));
    if (!print) return [];
    const encrypt = this.recipients !== undefined && name === plainName(name);
    return [{
      name,
      target: encrypt ? name + AGE_SUFFIX : name,
      print,
      encrypt,
    }];
  }

  #isThere({ target, print, encrypt }: Original): boolean {
    const there = readPrint(join(this.there, target));
    if (!there) return false;
    const known = this.ledger.copies.get(target);
    if (known && samePrint(known.source, print)) {
      return samePrint(known.copy, there);
    }
    // The ledger may be lost.
    return !encrypt && samePrint(print, there);
  }

  // The newest backup of a day loses its name to the next one.
  #renamed({ target, print }: Original): boolean {
    const path = join(this.there, target);
    if (readPrint(path)) return false;
    for (const [name, copy] of this.ledger.copies) {
      if (name === target || !samePrint(copy.source, print)) continue;
      const from = join(this.there, name);
      if (!samePrint(readPrint(from), copy.copy)) continue;
      Deno.renameSync(from, path);
      this.ledger.copies.delete(name);
      this.ledger.copies.set(target, copy);
      this.#save();
      return true;
    }
    return false;
  }

  // What was thinned out here stays there, so a month with more days stays as it is.
  #hasMoreDays({ name, target }: Original): boolean {
    if (monthOfPack(plainName(name)) === undefined) return false;
    const there = this.#daysThere(target);
    const here = daysIn(join(this.here, name));
    return there.length > here.length &&
      here.every((day) => there.includes(day));
  }

  #daysThere(target: string): string[] {
    const known = this.ledger.copies.get(target);
    const path = join(this.there, target);
    if (known && samePrint(known.copy, readPrint(path))) {
      return known.days ?? [];
    }
    return target.endsWith(AGE_SUFFIX) ? [] : daysIn(path);
  }

  async #copy({ name, target, print, encrypt }: Original): Promise<void> {
    const path = join(this.here, name);
    using from = Deno.openSync(path);
    const copy = await copyFile(
      from,
      this.there,
      target,
      encrypt ? this.recipients : undefined,
      this.session,
      () => this.#makeRoom(target, name),
    );
    const days = monthOfPack(name) ? { days: daysIn(path) } : {};
    this.ledger.copies.set(target, { source: print, ...copy, ...days });
    this.#save();
    if (encrypt) this.#noteSealed(name, target, copy.copy, print);
  }

  #noteSealed(name: string, target: string, copy: Print, print: Print): void {
    const isPack = monthOfPack(name) !== undefined;
    const summary = isPack ? undefined : readSummary(join(this.here, name));
    noteSealed(this.here, join(SECOND_NAME, target), {
      size: copy.size,
      date: summary?.date ?? this.session.now(),
      sha256: summary?.sha256,
      plainSize: print.size,
      counts: summary?.counts(),
      recipients: this.recipients!.fingerprint,
    });
  }

  // Another backup has the name there: an earlier one of the day, or one of another
  // machine. A month that holds no day that is not in the new one goes.
  #makeRoom(target: string, name: string): void {
    const path = join(this.there, target);
    if (!readPrint(path)) return;
    if (monthOfPack(plainName(target)) !== undefined) {
      const here = daysIn(join(this.here, name));
      const isIn = this.#daysThere(target).every((day) => here.includes(day));
      if (isIn && this.ledger.copies.has(target)) return;
    }
    const aside = this.#freeName(target, path);
    Deno.renameSync(path, join(this.there, aside));
    const known = this.ledger.copies.get(target);
    if (known) this.ledger.copies.set(aside, known);
    this.ledger.copies.delete(target);
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

  // A day that was packed here, and is in the month there, too, needs no file of its own.
  #removePacked(originals: Original[]): string[] {
    const packed = originals
      .filter(({ name }) => monthOfPack(plainName(name)))
      .filter((original) => this.#isThere(original))
      .flatMap(({ name }) => backupsIn(join(this.here, name)));
    const names = new Set(packed.map(({ name }) => name));
    const sizes = new Set(packed.map(({ size }) => size));
    const kept = new Set(originals.map(({ target }) => target));
    const gone = filesIn(this.there)
      .filter((name) => !kept.has(name) && names.has(plainName(name)))
      .filter((name) => {
        const known = this.ledger.copies.get(name);
        return known && sizes.has(known.source.size) && this.#isOurs(name);
      });
    for (const name of gone) {
      Deno.removeSync(join(this.there, name));
      this.ledger.copies.delete(name);
    }
    return gone;
  }

  #isOurs(name: string): boolean {
    const known = this.ledger.copies.get(name);
    return samePrint(known?.copy, readPrint(join(this.there, name)));
  }

  #save(): void {
    writeLedger(this.here, this.ledger);
  }
}

function daysIn(path: string): string[] {
  return backupsIn(path).map(({ name }) => name);
}

function backupsIn(path: string): PackedBackup[] {
  try {
    return readIndex(path)?.backups ?? [];
  } catch {
    return [];
  }
}
