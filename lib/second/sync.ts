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
import { type Installation, SECOND_NAME } from "../store/installation.ts";
import { AGE_SUFFIX, plainName } from "../store/names.ts";
import { isPackName, monthOfPack } from "../store/pack_index.ts";
import { noteSealed, readSealed } from "../store/sealed.ts";
import { quoted } from "../text.ts";
import { copyFile, hashOf } from "./copier.ts";
import { type Copy, forgetGone, nameHere, refusePlain } from "./ledger.ts";
import { backupsIn, daysOf } from "./months.ts";
import {
  findSecondPlace,
  newestFirst,
  originalsIn,
  type Print,
  readPrint,
  reasonOf,
  samePrint,
} from "./place.ts";
import { type Original, Shelf } from "./shelf.ts";

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
  /** What is there by now, by the names of the copies. */
  readonly #brought = new Map<string, Original>();

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
    forgetGone(this.shelf.ledger, this.there);
    if (!this.recipients) refusePlain(this.shelf);
    this.shelf.mark();
    // If there is room, or time, for some only, the newest ones matter most.
    for (const name of originalsIn(this.here).sort(newestFirst)) {
      const original = await this.#attempt(() => this.#original(name));
      if (!original) continue;
      const copied = await this.#attempt(() => this.#bring(original));
      if (copied) report.copied.push(copied);
    }
    const redundant = new Set([...this.#packed(), ...this.#plain()]);
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

  async #original(name: string): Promise<Original | undefined> {
    const doing = `Cannot read ${quoted(name)}`;
    const path = join(this.here, name);
    const print = await withContext(doing, () => readPrint(path));
    if (!print) return undefined;
    const encrypt = this.recipients !== undefined && name === plainName(name);
    return { name, target: encrypt ? name + AGE_SUFFIX : name, print, encrypt };
  }

  /** Copies what is not there; gives the name of the copy if one was made. */
  async #bring(original: Original): Promise<string | undefined> {
    const { shelf } = this;
    const found = shelf.find(original) ?? shelf.findLarger(original);
    if (found) {
      if (!shelf.ledger.copies.has(found)) {
        await this.#noteFound(original, found);
      }
      this.#brought.set(shelf.settle(original, found), original);
      return undefined;
    }
    const name = await this.#copy(original);
    this.#brought.set(name, original);
    return name;
  }

  // The ledger may be lost: what the copy has to be is what is here.
  async #noteFound({ name, print }: Original, found: string): Promise<void> {
    const there = join(this.there, found);
    const copy = readPrint(there)!;
    const path = samePrint(copy, print) ? join(this.here, name) : there;
    const sha256 = await hashOf(path, this.session);
    const days = daysOf(name, path);
    this.shelf.note(found, { source: print, copy, sha256, ...days }, name);
  }

  /** Makes a copy; gives its name. */
  async #copy(original: Original): Promise<string> {
    const { name, print, encrypt } = original;
    const path = join(this.here, name);
    using from = Deno.openSync(path);
    let target = "";
    const made = await copyFile(
      from,
      this.there,
      encrypt ? this.recipients : undefined,
      this.session,
      (made) => {
        target = this.shelf.roomFor(original);
        const days = daysOf(name, path);
        this.shelf.note(target, { source: print, ...made, ...days }, name);
        this.shelf.save();
        return target;
      },
    );
    if (encrypt) this.#noteSealed(name, target, made.copy, print);
    return target;
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
  #packed(): string[] {
    const packed = this.#brought.values()
      .filter(({ name }) => isPackName(name))
      .flatMap(({ name }) => backupsIn(join(this.here, name))).toArray();
    const names = new Set(packed.map(({ name }) => name));
    const sizes = new Set(packed.map(({ size }) => size));
    return this.#others().filter(([name, copy]) =>
      names.has(plainName(nameHere(name, copy))) && sizes.has(copy.source.size)
    ).map(([name]) => name);
  }

  // Plain copies from before there was a list of keys stay until a key was shown to open
  // the encrypted ones.
  #plain(): string[] {
    const { recipients } = this;
    const isOpened = recipients &&
      readSealed(this.here).canOpen(recipients.fingerprint);
    if (!isOpened) return [];
    const encrypted = this.#brought.values().filter(({ encrypt }) => encrypt)
      .toArray();
    return this.#others().filter(([, { copy }]) =>
      encrypted.some(({ print }) => samePrint(copy, print))
    ).map(([name]) => name);
  }

  /** Our copies that are not those of a file here. */
  #others(): [string, Copy][] {
    return [...this.shelf.ledger.copies].filter(([name]) =>
      !this.#brought.has(name) && this.shelf.isOurs(name)
    );
  }
}
