/**
 * A scribe on a thread of its own: while it counts and writes one piece, the next
 * is being made.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import type { Scribe } from "./scribe.js";
import program from "./scribe.js" with { type: "text" };

/** The most bytes under way at once; a single longer piece goes alone. */
const mostUnderWay = 8 << 20;
/** Room for an answer, in bytes. */
const answerSize = 4096;
/** Where in the shared memory stands what; the answer follows. */
const place = { done: 0, answer: 1, closed: 2 } as const;
const countersSize = 12;

/** How long a thread is waited for, in milliseconds. */
export interface Patience {
  /** Until it has started. */
  start: number;
  /** Until it has done something more; it is waited for twice as long. */
  work: number;
}

const usualPatience: Patience = { start: 3000, work: 120_000 };

/** There is no thread to be had. */
export class NoThread extends Error {
  override name = "NoThread";
}

/** What takes bytes, on whichever thread. */
export interface ByteScribe extends Pick<Scribe, keyof Scribe> {
  /**
   * Takes the next bytes. A piece that fills its buffer may be taken over; it must
   * not be used afterwards.
   *
   * @throws {Error} where the disk is full or the file too large; it may tell so
   * with a later call only.
   */
  put(bytes: Uint8Array): void;
}

interface Answer {
  result?: unknown;
  fault?: { name: string; message: string };
}

/**
 * Stands for a scribe on another thread. The two threads share memory in which the
 * other counts the messages it has done, so that calls here can wait for it, as they
 * would for a `Scribe` on this thread.
 *
 * Every call throws `NoThread` where there is no thread (any more), and the fault
 * of an earlier piece.
 */
export class RemoteScribe implements ByteScribe {
  #worker: Worker;
  #counters: Int32Array<SharedArrayBuffer>;
  #answer: Uint8Array;
  /** Messages sent; the first is the order to start. */
  #sent = 0;
  /** The lengths of what is under way, the oldest first. */
  #lengths: number[] = [];
  #underWay = 0;
  #broken = false;

  /**
   * Starts the thread, which takes a moment; bytes may come at once.
   *
   * @param path The file into which it writes; without one nowhere.
   * @param patience How long it is waited for.
   * @throws {NoThread} where it cannot be made.
   */
  constructor(path?: string, readonly patience = usualPatience) {
    const memory = new SharedArrayBuffer(countersSize + answerSize);
    this.#counters = new Int32Array(memory, 0, 3);
    this.#answer = new Uint8Array(memory, countersSize);
    this.#worker = newThread();
    // Only what keeps the program from running at all comes this way.
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#broken = true;
    };
    this.#send({ memory, path });
  }

  put(bytes: Uint8Array): void {
    const fills = bytes.length === bytes.buffer.byteLength;
    const piece = fills ? bytes : bytes.slice();
    this.#send(piece, piece.length, [piece.buffer as ArrayBuffer]);
    while (this.#underWay > mostUnderWay && this.#lengths.length > 1) {
      this.#wait();
    }
  }

  /** The checksum of all bytes so far, and whether they are UTF-8. */
  state(): { checksum: string; utf8: boolean } {
    return this.#ask("state") as { checksum: string; utf8: boolean };
  }

  /** Makes sure that the bytes are on the disk. */
  sync(): void {
    this.#ask("sync");
  }

  /** Begins anew, with an empty file. */
  restart(): void {
    this.#ask("restart");
  }

  /** Ends the thread; it writes nothing more. */
  close(): void {
    Atomics.store(this.#counters, place.closed, 1);
    this.#worker.terminate();
  }

  #ask(what: "state" | "sync" | "restart"): unknown {
    this.#send(what);
    while (this.#lengths.length > 0) this.#wait();
    const answer = this.#read();
    Atomics.store(this.#counters, place.answer, 0);
    return answer;
  }

  #send(message: unknown, length = 0, transfer: Transferable[] = []): void {
    if (this.#broken) throw new NoThread("Cannot use the thread: it has ended");
    this.#read();
    this.#worker.postMessage(message, transfer);
    this.#sent++;
    this.#lengths.push(length);
    this.#underWay += length;
  }

  /** Waits until the thread has done something more. */
  #wait(): void {
    const done = this.#sent - this.#lengths.length;
    if (!this.#hasMore(done)) throw this.#stopped(done);
    const open = this.#sent - Atomics.load(this.#counters, place.done);
    while (this.#lengths.length > open) {
      this.#underWay -= this.#lengths.shift()!;
    }
    this.#read();
  }

  // The time in which this process was stopped counts as well; so it waits twice.
  #hasMore(done: number): boolean {
    const { start, work } = this.patience;
    const limit = done === 0 ? start : work;
    for (let tries = 0; tries < 2; tries++) {
      Atomics.wait(this.#counters, place.done, done, limit);
      if (Atomics.load(this.#counters, place.done) !== done) return true;
    }
    return false;
  }

  #stopped(done: number): Error {
    if (done === 0) {
      return new NoThread("Cannot use a thread: it has not begun");
    }
    const minutes = Math.round(2 * this.patience.work / 60_000);
    return new BackupError(
      `the disk has taken nothing for ${minutes} minutes; see that it works`,
    );
  }

  /** The result of what was asked; a fault whenever it came. */
  #read(): unknown {
    const length = Atomics.load(this.#counters, place.answer);
    if (length === 0) return undefined;
    const json = new TextDecoder().decode(this.#answer.slice(0, length));
    const { result, fault }: Answer = JSON.parse(json);
    if (!fault) return result;
    const classes: Record<string, unknown> = { ...Deno.errors, NoThread };
    const type = (classes[fault.name] ?? Error) as ErrorConstructor;
    throw new type(fault.message);
  }
}

function newThread(): Worker {
  const url = `data:text/javascript,${encodeURIComponent(program)};serve();`;
  try {
    return new Worker(url, { type: "module" });
  } catch (error) {
    throw new NoThread("Cannot start a thread", { cause: error });
  }
}
