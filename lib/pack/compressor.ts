/**
 * Compression in a thread of its own. Deno's zstd works in the thread that calls it, and
 * the larger part of packing is that; meanwhile, this thread reads and compares.
 *
 * @module
 */
import type { Transform } from "node:stream";
import { Pieces } from "./pieces.ts";
import { type Bytes, compressionOf, iterate } from "./zstd.ts";

/** How many pieces wait for the thread at most, so that it never waits for them. */
const mostWaiting = 4;

/** What the thread is told. */
type Order =
  | { begin: ReturnType<typeof compressionOf> }
  | { bytes: Uint8Array }
  | { end: true };

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
    const made = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const worker = this.#start((reply) => {
          if ("made" in reply) controller.enqueue(reply.made);
          if ("ended" in reply) controller.close();
          if ("fault" in reply) controller.error(new Error(reply.fault));
        });
        worker.postMessage({ begin: compressionOf(day) });
        this.#feed(worker, input).catch((error) => controller.error(error));
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

  #take(buffer: ArrayBuffer): void {
    this.pieces.add(buffer);
    this.#waiting--;
    this.#onTaken();
  }

  async #feed(worker: Worker, input: AsyncIterable<Uint8Array>): Promise<void> {
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
    worker.postMessage({ end: true });
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
  let stream: Transform;
  const begin = async (options: ReturnType<typeof compressionOf>) => {
    stream = (await zlib).createZstdCompress(options);
    stream.on("data", (bytes: Uint8Array) => {
      const made = new Uint8Array(bytes);
      scope.postMessage({ made }, [made.buffer]);
    });
    stream.on("end", () => scope.postMessage({ ended: true }));
    stream.on("error", ({ message }) => scope.postMessage({ fault: message }));
  };
  const follow = async (order: Order) => {
    if ("begin" in order) await begin(order.begin);
    else if ("end" in order) stream.end();
    else {
      const taken = order.bytes;
      await new Promise((resolve) => stream.write(taken, resolve));
      scope.postMessage({ taken }, [taken.buffer as ArrayBuffer]);
    }
  };
  let last = Promise.resolve();
  addEventListener("message", (event) => {
    const { data } = event as MessageEvent<Order>;
    last = last.then(() => follow(data));
  });
}
