/**
 * Frames that are compared while they are written, and while the next one is.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import { turn } from "../session.ts";

/** After how many bytes of a pack others get a turn while it is read back. */
const turnAfter = 1 << 16;

/** How far a frame has been written. */
export class Growing {
  #end: number;
  #turned: number;
  #ended = false;
  #failed = false;
  #onGrown: () => void = () => {};

  /** @param offset Where it begins. */
  constructor(readonly offset: number) {
    this.#turned = offset;
    this.#end = offset;
  }

  /** Notes that so many of its bytes have been written. */
  growTo(length: number): void {
    this.#end = this.offset + length;
    this.#onGrown();
  }

  /** Notes that nothing follows. */
  finish(failed: boolean): void {
    this.#ended = true;
    this.#failed = failed;
    this.#onGrown();
  }

  /**
   * Waits until it has been written so far, or to its end.
   *
   * @throws {BackupError} if it came to nothing.
   */
  async reaches(end: number): Promise<void> {
    // The thread that compresses must not wait while this one compares.
    if (end - this.#turned > turnAfter) {
      this.#turned = end;
      await turn();
    }
    while (this.#end < end && !this.#ended) {
      await new Promise<void>((resolve) => this.#onGrown = resolve);
    }
    if (this.#failed) throw new BackupError("the frame came to nothing");
  }
}

/** Frames that are compared one after the other, until one fails. */
export class Comparing {
  #last: Promise<void> = Promise.resolve();
  /** Whether one has failed. */
  failed = false;

  /** Adds a frame. */
  add(compare: () => Promise<void>): void {
    this.#last = this.#last.then(compare);
    this.#last.catch(() => this.failed = true);
  }

  /**
   * Waits until all have been compared.
   *
   * @throws {Error} if one has failed.
   */
  ends(): Promise<void> {
    return this.#last;
  }

  /** Waits until nothing is compared any more. */
  async settles(): Promise<void> {
    await Promise.allSettled([this.#last]);
  }
}
