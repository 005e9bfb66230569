/**
 * Every moment that there is, one after the other: the database, the backups, plain,
 * packed or encrypted, and the application's copies.
 *
 * @module
 */
import { withContext } from "../../faults.ts";
import { type Catalog, listBackups } from "../../store/catalog.ts";
import { isBackupName } from "../../store/names.ts";
import { printable } from "../../text.ts";
import type { Place } from "../moment.ts";
import { showPacked, showPlain } from "./backups.ts";
import { showCopies, showNow } from "./databases.ts";
import { Visit, type Visitor } from "./visit.ts";

/** Shows every moment to a visitor: now first, then backups, the newest first. */
export class Archive {
  /** What could not be looked at, each a line. */
  readonly leftOut = new Set<string>();
  #catalog: Catalog | undefined;

  constructor(readonly place: Place) {}

  /**
   * Shows the moments.
   *
   * @throws {BackupError} if the folder of the backups can't be read.
   */
  async show<T>(visitor: Visitor<T>): Promise<void> {
    const { backups, unrecognized } = await this.#list();
    const total = backups
      .reduce((sum, { size, plainSize }) => sum + (plainSize ?? size), 0);
    // What can't be read as a backup can't be searched.
    for (const { name, fault } of unrecognized) {
      if (isBackupName(name)) {
        this.leftOut.add(`Left out: ${printable(name)}: ${fault}`);
      }
    }
    const visit = new Visit(this.place, visitor, total, this.leftOut);
    const plain = backups.filter(({ form }) => form === "json");
    const names = new Set(plain.map(({ name }) => name));
    const steps = [
      () => showNow(visit),
      () => showPlain(visit, plain),
      () => showPacked(visit, names),
      () => showCopies(visit),
    ];
    for (const step of steps) if (!visitor.isDone()) await step();
  }

  async #list(): Promise<Catalog> {
    const { backups: folder } = this.place.installation;
    const reading = `Cannot read ${printable(folder)}`;
    return this.#catalog ??= await withContext(
      reading,
      () => listBackups(folder),
    );
  }
}
