/**
 * A scribe on a thread of its own: while it counts and writes one piece, the next
 * is being made.
 *
 * @module
 */
import type { Scribe } from "./scribe.js";
import program from "./scribe.js" with { type: "text" };

/** Bytes that may be under way, beside a piece that is longer by itself. */
const mostUnderWay = 8 << 20;
/** How long a thread may take to start, in milliseconds. */
const startPatience = 3000;
/** How long it may say nothing after that before it is given up. */
const patience = 120_000;
/** Room for an answer, in bytes. */
const answerSize = 4096;

/** Says that threads cannot be had here. */
export class NoThread extends Error {
  override name = "NoThread";
}

/** What takes bytes, on whichever thread. */
export type ByteScribe = Pick<
  Scribe,
  "put" | "state" | "sync" | "restart" | "close"
>;

interface Answer {
  result?: unknown;
  fault?: { name: string; message: string };
}

/**
 * Stands for a scribe on another thread. Both see a piece of memory in which that
 * one counts what it has done; so calls can wait, as calls of the other kind do.
 */
export class RemoteScribe implements ByteScribe {
  #worker: Worker;
  #counters: Int32Array<SharedArrayBuffer>;
  #answer: Uint8Array;
  /** Messages, of which the first is that the thread has started. */
  #sent = 1;
  /** The lengths of what is under way, the oldest first. */
  #lengths = [0];
  #underWay = 0;
  #broken = false;

  /**
   * Starts the thread, which takes a moment; bytes may come at once.
   *
   * @param path The file into which it writes; without one nowhere.
   * @throws {NoThread} where the system refuses one.
   */
  constructor(path?: string) {
    const memory = new SharedArrayBuffer(8 + answerSize);
    this.#counters = new Int32Array(memory, 0, 2);
    this.#answer = new Uint8Array(memory, 8);
    this.#worker = newThread();
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#broken = true;
    };
    this.#worker.postMessage({ memory, path });
  }

  /**
   * Takes the next bytes over: a piece that fills its buffer is gone afterwards.
   *
   * @throws {NoThread} where the thread could not be started.
   * @throws {Error} where one of the pieces before could not be written.
   */
  put(bytes: Uint8Array): void {
    const fills = bytes.length === bytes.buffer.byteLength;
    const piece = fills ? bytes : bytes.slice();
    this.#underWay += piece.length;
    this.#lengths.push(piece.length);
    this.#send(piece, [piece.buffer as ArrayBuffer]);
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

  /** Ends the thread. */
  close(): void {
    this.#worker.terminate();
  }

  #ask(what: "state" | "sync" | "restart"): unknown {
    this.#lengths.push(0);
    this.#send(what, []);
    while (this.#lengths.length > 0) this.#wait();
    const answer = this.#read();
    Atomics.store(this.#counters, 1, 0);
    return answer;
  }

  #send(message: unknown, transfer: Transferable[]): void {
    if (this.#broken) throw new NoThread();
    this.#read();
    this.#sent++;
    this.#worker.postMessage(message, transfer);
  }

  /** Waits until the thread has done something more. */
  #wait(): void {
    const seen = this.#sent - this.#lengths.length;
    const limit = seen === 0 ? startPatience : patience;
    const how = Atomics.wait(this.#counters, 0, seen, limit);
    if (how === "timed-out") {
      if (seen === 0) throw new NoThread();
      throw new Error("The thread that takes the bytes has stopped");
    }
    const open = this.#sent - Atomics.load(this.#counters, 0);
    while (this.#lengths.length > open) {
      this.#underWay -= this.#lengths.shift()!;
    }
    this.#read();
  }

  /** The result of what was asked; a fault whenever it came. */
  #read(): unknown {
    const length = Atomics.load(this.#counters, 1);
    if (length === 0) return undefined;
    const json = new TextDecoder().decode(this.#answer.slice(0, length));
    const { result, fault }: Answer = JSON.parse(json);
    if (!fault) return result;
    const classes: Record<string, unknown> = Deno.errors;
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
