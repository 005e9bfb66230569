/**
 * Deno's own zstd: how it compresses, and decompression piece by piece.
 *
 * @module
 */
import type { Transform } from "node:stream";
import { free } from "../bytes.ts";

// Not at the top of the bundle, where it would be loaded whatever the command.
const { constants, createZstdDecompress } = await import("node:zlib");

/** Bytes that come one after the other. */
export type Bytes =
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** The largest window that `zstd -d` takes without options, as a power of two. */
const largestWindow = 27;
/** A smaller one would save no memory to speak of. */
const smallestWindow = 23;
/** How many days a window holds if it can; two would lose sight of the day before. */
const daysInWindow = 3;

/** How much comes out of a decoder at once, in bytes: what is in a block. */
const decodedSize = 1 << 17;
/**
 * How much of a frame comes at once, in bytes: little, so that what it holds, many times
 * as much, is compared bit by bit.
 */
const packedSize = 1 << 15;

// A day is nearly the same as the one before: long matches are all that counts, and few
// of them, since each costs a few bytes. Beside zstd's own choice (64 bytes, each 128th
// place) this makes a month a fifth smaller, and is faster.
const compression = {
  [constants.ZSTD_c_compressionLevel]: 3,
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
  [constants.ZSTD_c_ldmMinMatch]: 128,
  [constants.ZSTD_c_ldmHashRateLog]: 10,
  [constants.ZSTD_c_checksumFlag]: 1,
};

const decompression = {
  chunkSize: decodedSize,
  params: { [constants.ZSTD_d_windowLogMax]: largestWindow },
};

/** How far back repetitions are found at most, in bytes. */
export const WINDOW: number = 2 ** largestWindow;

/**
 * How far back repetitions are found in a frame, in bytes. Packing and unpacking take
 * some memory more than that.
 *
 * @param day The size of the largest day in it, in bytes.
 */
export function windowOf(day: number): number {
  return 2 ** windowLogOf(day);
}

function windowLogOf(day: number): number {
  const wanted = Math.ceil(Math.log2(Math.max(1, day) * daysInWindow));
  return Math.min(Math.max(wanted, smallestWindow), largestWindow);
}

/**
 * How a frame is compressed, for `createZstdCompress`.
 *
 * @param day The size of the largest day in it, in bytes.
 */
export function compressionOf(
  day: number,
): { chunkSize: number; params: Record<number, number> } {
  const window = { [constants.ZSTD_c_windowLog]: windowLogOf(day) };
  return { chunkSize: packedSize, params: { ...compression, ...window } };
}

/**
 * Gives what is in zstd frames.
 *
 * @param bytes The frames: block by block if they may be damaged.
 * @throws {Error} if it is damaged; one that is cut short gives less.
 */
export async function* decompressed(
  bytes: Bytes,
): AsyncGenerator<Uint8Array> {
  const decoder = new Decoder();
  try {
    for await (const piece of bytes) yield* decoder.write(piece);
    yield* decoder.end();
  } finally {
    decoder.stream.destroy();
  }
}

/**
 * Decompresses without waiting: Deno does it in the thread that calls, as far as there is
 * room for what comes out. So events are only waited for if nothing has come out.
 */
class Decoder {
  readonly stream: Transform = createZstdDecompress(decompression);
  #failed = new Promise<never>((_, reject) => this.stream.on("error", reject));
  #onEvent: () => void = () => {};

  constructor() {
    // It may come to light when nobody waits for it any more.
    this.#failed.catch(() => {});
    this.stream.on("readable", () => this.#onEvent());
  }

  async *write(piece: Uint8Array): AsyncGenerator<Uint8Array> {
    const { stream } = this;
    let taken = false;
    stream.write(piece, () => {
      taken = true;
      this.#onEvent();
    });
    const isAtOnce = stream.readableLength > 0;
    yield* this.#read(() => taken || isAtOnce && stream.writableLength === 0);
  }

  async *end(): AsyncGenerator<Uint8Array> {
    let ended = false;
    this.stream.on("end", () => {
      ended = true;
      this.#onEvent();
    });
    this.stream.end();
    yield* this.#read(() => ended);
  }

  async *#read(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (let made; (made = this.stream.read());) yield made;
      if (isDone()) return;
      const event = new Promise<void>((resolve) => this.#onEvent = resolve);
      await Promise.race([event, this.#failed]);
    }
  }
}

/**
 * Frees a piece that came out of a stream, as soon as the stream is through with its
 * memory: it fills the rest of a buffer before it makes another one.
 */
export function release(piece: Uint8Array): void {
  const end = piece.byteOffset + piece.length;
  if (end === piece.buffer.byteLength) free(piece);
}

/** The pieces, whether they come at once or one by one. */
export async function* iterate(bytes: Bytes): AsyncGenerator<Uint8Array> {
  yield* bytes;
}
