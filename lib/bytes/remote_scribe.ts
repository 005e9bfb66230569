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
/** How long a thread may say nothing before it is given up, in milliseconds. */
const patience = 120_000;
/** Room for an answer, in bytes. */
const answerSize = 4096;

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
  #sent = 0;
  /** The lengths of pieces under way, the oldest first. */
  #lengths: number[] = [];
  #underWay = 0;

  private constructor(worker: Worker, memory: SharedArrayBuffer) {
    this.#worker = worker;
    this.#counters = new Int32Array(memory, 0, 2);
    this.#answer = new Uint8Array(memory, 8);
  }

  /**
   * Starts the thread.
   *
   * @param path The file into which it writes; without one nowhere.
   * @returns Nothing where threads cannot be had.
   */
  static async start(path?: string): Promise<RemoteScribe | undefined> {
    const memory = new SharedArrayBuffer(8 + answerSize);
    const url = `data:text/javascript,${encodeURIComponent(program)}`;
    const worker = new Worker(`${url};serve();`, { type: "module" });
    worker.postMessage({ memory, path });
    const ready = await new Promise<boolean>((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(false);
      };
    });
    if (ready) return new RemoteScribe(worker, memory);
    worker.terminate();
  }

  /**
   * Takes the next bytes over: a piece that fills its buffer is gone afterwards.
   *
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
    this.#sent++;
    this.#worker.postMessage(message, transfer);
  }

  /** Waits until the thread has done something more. */
  #wait(): void {
    const seen = this.#sent - this.#lengths.length;
    const how = Atomics.wait(this.#counters, 0, seen, patience);
    if (how === "timed-out") {
      throw new Error("the thread that writes has stopped");
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
