/**
 * Compression in a thread of its own, which reads the plain files, too. Meanwhile, this
 * thread reads back and compares, which takes about as long.
 *
 * @module
 */
import { type Made, type Part, type Reply, startThread } from "./thread.ts";
import {
  type Compression,
  compressionOf,
  fitsTwice,
  iterate,
  type Some,
} from "./zstd.ts";

/** How many parts wait for the thread at most, so that it never waits for them. */
const mostWaiting = 8;

/** A file can't be read, or has got shorter. */
export class UnreadError extends Error {
  override name = "UnreadError";
}

/** Makes zstd frames, one after the other. */
export class Compressor implements Disposable {
  #worker: Worker | undefined;
  /** How the stream compresses that the thread has kept. */
  #compression = "";
  #waiting = 0;
  #onTaken: () => void = () => {};

  /** Starts the thread, which takes a while; else the first frame does. */
  start(): Worker {
    return this.#worker ??= startThread();
  }

  /**
   * Makes one zstd frame.
   *
   * @param parts What it is made of; bytes are gone when the next part is asked for.
   * @param day The size of the largest day in it, in bytes.
   * @throws {UnreadError} if a file can't be read, or is shorter than it was.
   * @throws {Error} if bytes can't be had or compressed.
   */
  async *compress(parts: Some<Part>, day: number): AsyncGenerator<Made> {
    const input = iterate(parts);
    let ended = false;
    let stopped = false;
    const made = new ReadableStream<Made>({
      start: (controller) => {
        const fail = (error: Error) => {
          if (!stopped) controller.error(error);
          stopped = true;
        };
        const worker = this.#listen((reply) => {
          // What the thread has made meanwhile is of no use any more.
          if (stopped) return;
          if ("made" in reply) controller.enqueue(reply.made);
          if ("ended" in reply) controller.close();
          if ("fault" in reply) fail(errorOf(reply));
        });
        this.#begin(worker, compressionOf(day));
        this.#feed(worker, input, fitsTwice(day)).catch(fail);
      },
      cancel() {
        stopped = true;
      },
    });
    try {
      yield* made;
      ended = true;
    } finally {
      // What a frame that came to nothing still makes must not get into the next one.
      if (!ended) this[Symbol.dispose]();
      await input.return(undefined);
    }
  }

  /** Ends the thread; a later frame gets another one. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#compression = "";
    this.#waiting = 0;
    this.#onTaken();
  }

  #listen(onReply: (reply: Reply) => void): Worker {
    const worker = this.start();
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("taken" in data) this.#take();
      else onReply(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      onReply({ fault: event.message, unread: false });
    };
    return worker;
  }

  // Another stream would get all of its memory anew, which takes a while.
  #begin(worker: Worker, compression: Compression): void {
    const wanted = JSON.stringify(compression);
    if (this.#compression !== wanted) {
      worker.postMessage({ begin: compression });
    }
    this.#compression = wanted;
  }

  #take(): void {
    this.#waiting--;
    this.#onTaken();
  }

  async #feed(
    worker: Worker,
    input: AsyncIterable<Part>,
    keeps: boolean,
  ): Promise<void> {
    for await (const part of input) {
      while (this.#waiting >= mostWaiting) {
        await new Promise<void>((resolve) => this.#onTaken = resolve);
      }
      if (worker !== this.#worker) return;
      this.#waiting++;
      // What a Buffer is a part of must not go with it.
      const isBytes = part instanceof Uint8Array;
      worker.postMessage({ part: isBytes ? new Uint8Array(part) : part });
    }
    worker.postMessage({ end: true, keeps });
    if (!keeps) this.#compression = "";
  }
}

function errorOf({ fault, unread }: Extract<Reply, { fault: string }>): Error {
  return unread ? new UnreadError(fault) : new Error(fault);
}
