/**
 * Keeping the second place in step: what is missing there is copied, and nothing is
 * ever overwritten or removed there that is not also here.
 *
 * @module
 */
import { join } from "@std/path";
import { readRecipients, type Recipients } from "../age/recipients.ts";
import { BackupError, InterruptedError } from "../errors.ts";
import { withContext } from "../faults.ts";
import { readSummary } from "../format/summary.ts";
import type { Session } from "../session.ts";
import { clearLeftovers, withFolder } from "../store/folder.ts";
import type { Installation } from "../store/installation.ts";
import { AGE_SUFFIX, plainName } from "../store/names.ts";
import { isPackName, monthOfPack } from "../store/pack_index.ts";
import { noteSealed, readSealed } from "../store/sealed.ts";
import { quoted } from "../text.ts";
import { copyFile, hashOf } from "./copier.ts";
import { type Ledger, LEDGER_NAME } from "./ledger.ts";
import {
  filesIn,
  findSecondPlace,
  isCopyName,
  newestFirst,
  type Print,
  readPrint,
  reasonOf,
  samePrint,
  SECOND_NAME,
} from "./place.ts";
import { backupsIn, daysIn, daysOf, type Original, Shelf } from "./shelf.ts";

/** What bringing the second place up to date did. */
export interface SecondReport {
  /** The names of the copies that were made. */
  copied: string[];
  /** Copies that went, since they are there packed, or encrypted, now. */
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
    await withFolder(backups, session, async () => {
      const shelf = new Shelf(backups, place.path);
      await new Update(shelf, recipients, session).run(report);
    });
    return report;
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { ...report, fault: reasonOf(error) };
  }
}

class Update {
  readonly here: string;
  readonly there: string;
  readonly #faults: string[] = [];

  constructor(
    readonly shelf: Shelf,
    readonly recipients: Recipients | undefined,
    readonly session: Session,
  ) {
    this.here = shelf.here;
    this.there = shelf.there;
  }

  async run(report: SecondReport): Promise<void> {
    using _working = clearLeftovers(this.there);
    this.shelf.forgetGone();
    this.#checkRecipients();
    this.shelf.mark();
    const originals: Original[] = [];
    // If there is room, or time, for some only, the newest ones matter most.
    for (
      const name of filesIn(this.here).filter(isCopyName).sort(newestFirst)
    ) {
      const original = await this.#attempt(() => this.#original(name));
      if (!original) continue;
      originals.push(original);
      const isNew = await this.#attempt(() => this.#bring(original));
      if (isNew) report.copied.push(original.target);
    }
    const redundant = new Set([
      ...this.#packed(originals),
      ...this.#plain(originals),
    ]);
    this.shelf.remove(redundant);
    report.removed.push(...redundant);
    const [fault] = this.#faults;
    if (!fault) this.shelf.ledger.completeAt = this.session.now();
    this.shelf.save();
    if (fault) throw new BackupError(fault);
  }

  // What is wrong with one file must not keep the others from being copied.
  async #attempt<T>(step: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      const isOfOne = error instanceof BackupError &&
        !(error instanceof InterruptedError);
      if (!isOfOne) throw error;
      this.#faults.push(error.message);
      return undefined;
    }
  }

  // A list of keys that was lost must not lead to copies that anybody can read.
  #checkRecipients(): void {
    const { ledger, ledgers } = this.shelf;
    if (this.recipients) return;
    const isThere = hasEncrypted(ledger);
    if (!isThere && !ledgers.some(hasEncrypted)) return;
    throw new BackupError(
      `the copies ${isThere ? "there" : "in another second place"} are ` +
        "encrypted, and output/recipients.txt is gone; put it back, or, to have " +
        "plain copies, remove " +
        (isThere ? "the encrypted ones" : `output/${LEDGER_NAME}`),
    );
  }

  async #original(name: string): Promise<Original | undefined> {
    const doing = `Cannot read ${quoted(name)}`;
    const path = join(this.here, name);
    const print = await withContext(doing, () => readPrint(path));
    if (!print) return undefined;
    const encrypt = this.recipients !== undefined && name === plainName(name);
    return { name, target: encrypt ? name + AGE_SUFFIX : name, print, encrypt };
  }

  /** Copies what is not there; says whether it did. */
  async #bring(original: Original): Promise<boolean> {
    if (this.shelf.has(original)) {
      await this.#noteFound(original);
      return false;
    }
    if (this.shelf.renamed(original) || this.#hasMoreDays(original)) {
      return false;
    }
    await this.#copy(original);
    return true;
  }

  // The ledger may be lost: what the copy has to be is what is here.
  async #noteFound({ name, target, print }: Original): Promise<void> {
    if (this.shelf.ledger.copies.has(target)) return;
    const path = join(this.here, name);
    const sha256 = await hashOf(path, this.session);
    const days = daysOf(name, path);
    this.shelf.note(target, { source: print, copy: print, sha256, ...days });
  }

  // What was thinned out here stays there, so a month with more days stays as it is.
  #hasMoreDays({ name, target }: Original): boolean {
    if (!isPackName(name)) return false;
    const there = this.shelf.daysOf(target);
    const here = daysIn(join(this.here, name));
    return there.length > here.length &&
      here.every((day) => there.includes(day));
  }

  async #copy({ name, target, print, encrypt }: Original): Promise<void> {
    const path = join(this.here, name);
    using from = Deno.openSync(path);
    const made = await copyFile(
      from,
      this.there,
      target,
      encrypt ? this.recipients : undefined,
      this.session,
      (made) => {
        this.shelf.makeRoom(target, name);
        const days = daysOf(name, path);
        this.shelf.note(target, { source: print, ...made, ...days });
        this.shelf.save();
      },
    );
    if (encrypt) this.#noteSealed(name, target, made.copy, print);
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

  // A day that was packed here, and is in the month there, too, needs no file of its own.
  #packed(originals: Original[]): string[] {
    const packed = originals
      .filter(({ name }) => isPackName(name))
      .filter((original) => this.shelf.has(original))
      .flatMap(({ name }) => backupsIn(join(this.here, name)));
    const names = new Set(packed.map(({ name }) => name));
    const sizes = new Set(packed.map(({ size }) => size));
    const kept = new Set(originals.map(({ target }) => target));
    return filesIn(this.there)
      .filter((name) => !kept.has(name) && names.has(plainName(name)))
      .filter((name) => {
        const known = this.shelf.ledger.copies.get(name);
        return known && sizes.has(known.source.size) && this.shelf.isOurs(name);
      });
  }

  // Plain copies from before there was a list of keys stay until a key was shown to open
  // the encrypted ones.
  #plain(originals: Original[]): string[] {
    const { recipients, shelf } = this;
    const isOpened = recipients &&
      readSealed(this.here).canOpen(recipients.fingerprint);
    if (!isOpened) return [];
    return originals
      .filter((original) => original.encrypt && shelf.has(original))
      .filter(({ name, print }) =>
        samePrint(shelf.ledger.copies.get(name)?.copy, print) &&
        shelf.isOurs(name)
      )
      .map(({ name }) => name);
  }
}

function hasEncrypted({ copies }: Ledger): boolean {
  return copies.values().some(({ source, copy }) => !samePrint(source, copy));
}
