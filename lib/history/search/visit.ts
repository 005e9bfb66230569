/**
 * A visit to the moments, one after the other: what it looks with, how far it is, and
 * what could not be looked at.
 *
 * @module
 */
import type { SchemaObject } from "../../database/schema.ts";
import { BackupError, EXIT } from "../../errors.ts";
import { withContext } from "../../faults.ts";
import type { Bytes } from "../../pack/zstd.ts";
import type { BackupEntry } from "../../store/catalog.ts";
import { printable } from "../../text.ts";
import type { Place } from "../moment.ts";
import { LineScan, type LineTaker } from "./line_scan.ts";
import { Yesterday } from "./yesterday.ts";

/** After how many bytes others get a turn. */
const checkpointEvery = 1 << 20;

/** A moment that was looked at. */
export interface Seen {
  /** What it is called: the name of the backup, or `the database`. */
  name: string;
  /** When it was; `undefined`: now. */
  date: Date | undefined;
}

/**
 * Looks at moments.
 *
 * @typeParam T What a line is known as, if it was looked at before.
 */
export interface Visitor<T> {
  /** Gives what looks at the rows of a moment, whose definitions are told. */
  enter(seen: Seen, schema: SchemaObject[]): LineTaker<T>;
  /** Whether it has seen enough, so that no other moment is looked at. */
  isDone(): boolean;
}

/** Looks at moments for a visitor. */
export class Visit<T> {
  #yesterday = new Yesterday<T>();
  #done = 0;

  /**
   * @param total How much there is to read, in bytes.
   * @param leftOut Gets what could not be looked at, each a line.
   */
  constructor(
    readonly place: Place,
    readonly visitor: Visitor<T>,
    readonly total: number,
    readonly leftOut: Set<string>,
  ) {}

  /** Begins to look at rows that come table by table. */
  scanOf(seen: Seen, schema: SchemaObject[]): LineScan<T> {
    const scan = new LineScan((schema) => this.visitor.enter(seen, schema));
    scan.begin(schema);
    return scan;
  }

  /**
   * Looks at the bytes of a backup in this program's own layout.
   *
   * @param release Is given each piece that has been looked at.
   */
  async scanBytes(
    { name, date, size }: Pick<BackupEntry, "name" | "date" | "size">,
    bytes: Bytes,
    release: (piece: Uint8Array) => void = () => {},
  ): Promise<void> {
    const seen = { name, date: date ?? new Date(0) };
    const enter = (schema: SchemaObject[]) => this.visitor.enter(seen, schema);
    const scan = new LineScan(enter, this.#yesterday, size);
    let looked = 0;
    for await (const piece of bytes) {
      scan.push(piece);
      looked += piece.length;
      release(piece);
      if (looked < checkpointEvery) continue;
      await this.checkpoint(name, looked);
      looked = 0;
    }
    await this.checkpoint(name, looked);
    if (!scan.hasEntered) throw new BackupError("it has no rows to look at");
    scan.end();
  }

  /** Does a step; what can't be read is left out, and anything else ends the visit. */
  async attempt(name: string, step: () => Promise<void>): Promise<void> {
    const leftOut = `Left out: ${printable(name)}`;
    try {
      await withContext(leftOut, step);
    } catch (error) {
      const isOfOne = error instanceof BackupError &&
        error.exitCode === EXIT.failed;
      if (!isOfOne) throw error;
      const { message, cause } = error;
      const isTold = message.startsWith(leftOut);
      const reason = cause instanceof BackupError ? cause.message : message;
      this.leftOut.add(isTold ? message : `${leftOut}: ${reason}`);
    }
  }

  /** Says how far it is; throws to stop. */
  async checkpoint(table: string, bytes: number): Promise<void> {
    this.#done += bytes;
    await this.place.session.checkpoint({
      doing: "Searching",
      table,
      rows: 0,
      bytes: this.#done,
      total: this.total,
    });
  }
}
