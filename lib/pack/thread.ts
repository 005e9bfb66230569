/**
 * What runs in the thread that compresses. Its functions get there as text, so they can
 * use nothing from outside of themselves.
 *
 * @module
 */
import type { Transform } from "node:stream";
import type { Compression } from "./zstd.ts";

/** A file that the thread reads itself. */
export interface FilePart {
  path: string;
  /** Its size in bytes. */
  length: number;
}

/** What a frame is made of. */
export type Part = Uint8Array | FilePart;

/** Bytes of a frame. */
export interface Made {
  pieces: Uint8Array<ArrayBuffer>[];
  /** How many bytes of files have been read since the last ones were made. */
  read: number;
}

/** What the thread is told. */
export type Order =
  /** A stream is needed that compresses in this way. */
  | { begin: Compression }
  | { part: Part }
  /** The end of a frame; the memory is kept for another one, or freed. */
  | { end: true; keeps: boolean };

/** What it answers: bytes of the frame, that it is through with a part, or the end. */
export type Reply =
  | { made: Made }
  | { taken: true }
  | { ended: true }
  | { fault: string; unread: boolean };

/** Starts the thread. */
export function startThread(): Worker {
  // Code in the address needs no permission to read files, and no file in a bundle.
  const code = encodeURIComponent(
    `import * as zlib from "node:zlib";` +
      `(${follow})(zlib, ${piecesOf}, (${outbox})());`,
  );
  return new Worker(`data:text/javascript,${code}`, { type: "module" });
}

/** Follows orders, one after the other. */
function follow(
  zlib: typeof import("node:zlib"),
  pieces: typeof piecesOf,
  { post, count, take, send }: ReturnType<typeof outbox>,
): void {
  let stream: Transform & Flushable;
  const drain = () => {
    for (let piece; (piece = stream.read());) take(piece);
  };
  const fail = ({ message: fault }: Error, unread = false) =>
    post({ fault, unread });
  const begin = (options: Compression) => {
    stream?.destroy();
    stream = zlib.createZstdCompress(options);
    stream.on("readable", drain).on("error", fail);
  };
  const write = (bytes: Uint8Array) =>
    new Promise((resolve) => stream.write(bytes, resolve));
  const writeFile = async (file: FilePart) => {
    for (const piece of pieces(file)) {
      await write(piece);
      count(piece.length);
    }
  };
  const end = async (keeps: boolean) => {
    const { ZSTD_e_end } = zlib.constants;
    await new Promise<void>((resolve) => stream.flush(ZSTD_e_end, resolve));
    drain();
    send();
    if (!keeps) stream.destroy();
    post({ ended: true });
  };
  const obey = async (order: Order) => {
    if ("begin" in order) return begin(order.begin);
    if ("end" in order) return await end(order.keeps);
    const { part } = order;
    if (part instanceof Uint8Array) await write(part);
    else await writeFile(part).catch((error) => fail(error, true));
    post({ taken: true });
  };
  let last = Promise.resolve();
  addEventListener("message", (event) => {
    const { data } = event as MessageEvent<Order>;
    last = last.then(() => obey(data));
  });
}

/** Gathers what is made, since each message takes a while. */
function outbox() {
  const { postMessage: post } = self as unknown as {
    postMessage(reply: Reply, transfer?: ArrayBuffer[]): void;
  };
  let made: Made = { pieces: [], read: 0 };
  let size = 0;
  const send = () => {
    post({ made }, made.pieces.map(({ buffer }) => buffer));
    made = { pieces: [], read: 0 };
    size = 0;
  };
  const take = (piece: Uint8Array) => {
    made.pieces.push(new Uint8Array(piece));
    size += piece.length;
    if (size >= 1 << 16) send();
  };
  const count = (read: number) => {
    made.read += read;
  };
  return { post, count, take, send };
}

/** The bytes of a file; a piece is gone when the next one is asked for. */
function* piecesOf({ path, length }: FilePart): Generator<Uint8Array> {
  // What fits into a processor's caches.
  const memory = new Uint8Array(1 << 18);
  const file = Deno.openSync(path, { read: true });
  try {
    for (let left = length; left > 0;) {
      const count = file.readSync(memory.subarray(0, left));
      if (!count) throw new Error("The file is shorter than it was");
      yield memory.subarray(0, count);
      left -= count;
    }
  } finally {
    file.close();
  }
}

/** What streams of `node:zlib` have beside others. */
interface Flushable {
  flush(kind: number, callback: () => void): void;
}
