/**
 * Compression in a thread of its own. Deno's zstd works in the thread that calls it, and
 * the larger part of packing is that; meanwhile, this thread reads and compares.
 *
 * @module
 */
import type { Transform } from "node:stream";
import { Pieces } from "./pieces.ts";
import {
  type Bytes,
  type Compression,
  compressionOf,
  fitsTwice,
  iterate,
} from "./zstd.ts";

/** How many pieces wait for the thread at most, so that it never waits for them. */
const mostWaiting = 8;

/** What the thread is told. */
type Order =
  /** A stream is needed that compresses in this way. */
  | { begin: Compression }
  | { bytes: Uint8Array }
  /** The end of a frame; the memory is kept for another one, or freed. */
  | { end: true; keeps: boolean };

/** What it answers: bytes of the frame, a piece that was compressed, or the end. */
type Reply =
  | { made: Uint8Array }
  | { taken: Uint8Array }
  | { ended: true }
  | { fault: string };

/** Makes zstd frames, one after the other. */
export class Compressor implements Disposable {
  #worker: Worker | undefined;
  /** Memory to read into: it comes back when its bytes have been compressed. */
  readonly pieces: Pieces = new Pieces();
  /** How the stream compresses that the thread has kept. */
  #compression = "";
  #waiting = 0;
  #onTaken: () => void = () => {};

  /**
   * Makes one zstd frame of some bytes.
   *
   * @param bytes The bytes; pieces that were lent are gone when the next is asked for.
   * @param day The size of the largest day in it, in bytes.
   * @throws {Error} if the bytes can't be read or compressed.
   */
  async *compress(bytes: Bytes, day: number): AsyncGenerator<Uint8Array> {
    const input = iterate(bytes);
    let ended = false;
    let stopped = false;
    const made = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const fail = (error: Error) => {
          if (!stopped) controller.error(error);
          stopped = true;
        };
        const worker = this.#start((reply) => {
          // What the thread has made meanwhile is of no use any more.
          if (stopped) return;
          if ("made" in reply) controller.enqueue(reply.made);
          if ("ended" in reply) controller.close();
          if ("fault" in reply) fail(new Error(reply.fault));
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

  #start(onReply: (reply: Reply) => void): Worker {
    const worker = this.#worker ??= startWorker();
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("taken" in data) this.#take(data.taken.buffer as ArrayBuffer);
      else onReply(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      onReply({ fault: event.message });
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

  #take(buffer: ArrayBuffer): void {
    this.pieces.add(buffer);
    this.#waiting--;
    this.#onTaken();
  }

  async #feed(
    worker: Worker,
    input: AsyncIterable<Uint8Array>,
    keeps: boolean,
  ): Promise<void> {
    for await (const bytes of input) {
      while (this.#waiting >= mostWaiting) {
        await new Promise<void>((resolve) => this.#onTaken = resolve);
      }
      if (worker !== this.#worker) return;
      this.#waiting++;
      const isLent = this.pieces.giveAway(bytes);
      // A Buffer's slice() would be no copy.
      const piece = isLent ? bytes : new Uint8Array(bytes);
      worker.postMessage({ bytes: piece }, [piece.buffer as ArrayBuffer]);
    }
    worker.postMessage({ end: true, keeps });
    if (!keeps) this.#compression = "";
  }
}

function startWorker(): Worker {
  // Code in the address needs no permission to read files, and no file in a bundle.
  const code = encodeURIComponent(`(${work})()`);
  return new Worker(`data:text/javascript,${code}`, { type: "module" });
}

/** What runs in the thread; it can use nothing from outside of itself. */
function work(): void {
  const scope = self as unknown as {
    postMessage(reply: Reply, transfer?: ArrayBuffer[]): void;
  };
  const zlib = import("node:zlib");
  let stream: Transform & Flushable | undefined;
  const drain = () => {
    for (let bytes; (bytes = stream!.read());) {
      const made = new Uint8Array(bytes);
      scope.postMessage({ made }, [made.buffer]);
    }
  };
  const begin = async (options: Compression) => {
    stream?.destroy();
    stream = (await zlib).createZstdCompress(options);
    stream.on("readable", drain);
    stream.on("error", ({ message }) => scope.postMessage({ fault: message }));
  };
  const end = async (keeps: boolean) => {
    const { ZSTD_e_end } = (await zlib).constants;
    await new Promise<void>((resolve) => stream!.flush(ZSTD_e_end, resolve));
    drain();
    if (!keeps) stream!.destroy();
    scope.postMessage({ ended: true });
  };
  const follow = async (order: Order) => {
    if ("begin" in order) return await begin(order.begin);
    if ("end" in order) return await end(order.keeps);
    const taken = order.bytes;
    await new Promise((resolve) => stream!.write(taken, resolve));
    scope.postMessage({ taken }, [taken.buffer as ArrayBuffer]);
  };
  let last = Promise.resolve();
  addEventListener("message", (event) => {
    const { data } = event as MessageEvent<Order>;
    last = last.then(() => follow(data));
  });
}

/** What streams of `node:zlib` have beside others. */
interface Flushable {
  flush(kind: number, callback: () => void): void;
}
