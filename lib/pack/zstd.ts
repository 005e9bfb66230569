/**
 * Deno's own zstd: how it compresses, and decompression piece by piece.
 *
 * @module
 */
import type { Transform } from "node:stream";
import { free } from "../bytes.ts";

// Not at the top of the bundle, where it would be loaded whatever the command.
const { constants, createZstdDecompress, zstdCompressSync } = await import(
  "node:zlib"
);

/** What comes one after the other. */
export type Some<T> = AsyncIterable<T> | Iterable<T>;

/** Bytes that come one after the other. */
export type Bytes = Some<Uint8Array>;

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
// place) this makes a month a fifth smaller. So level 1 makes it as small as level 3
// would with matches of 128 bytes, in a seventh less time.
const compression = {
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
  [constants.ZSTD_c_ldmMinMatch]: 256,
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
 * Whether there is memory for the windows of a compressor and of a decoder at once.
 *
 * @param day The size of the largest day in a frame, in bytes.
 */
export function fitsTwice(day: number): boolean {
  return 2 * windowOf(day) <= WINDOW;
}

/** How a frame is compressed, for `createZstdCompress`. */
export interface Compression {
  chunkSize: number;
  params: Record<number, number>;
}

/**
 * How a frame is compressed.
 *
 * @param day The size of the largest day in it, in bytes.
 */
export function compressionOf(day: number): Compression {
  const own = {
    [constants.ZSTD_c_windowLog]: windowLogOf(day),
    // Without the day before, each byte has to be compressed by itself.
    [constants.ZSTD_c_compressionLevel]: day > WINDOW ? 3 : 1,
  };
  return { chunkSize: packedSize, params: { ...compression, ...own } };
}

/** A frame of a few bytes. */
export function compressed(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, compressionOf(bytes.length));
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
  using decoder = new Decoder();
  yield* decoder.decode(bytes);
  yield* decoder.end();
}

/**
 * Decompresses without waiting: Deno does it in the thread that calls, as far as there is
 * room for what comes out. So events are only waited for if nothing has come out.
 *
 * The system takes a while to give the memory for a window, so one decoder for several
 * frames is faster than one for each.
 */
export class Decoder implements Disposable {
  #open: Transform | undefined;
  #fault: Error | undefined;
  #onEvent: () => void = () => {};

  /** Gives what is in whole frames, or in a part of one if others follow. */
  async *decode(bytes: Bytes): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) yield* this.#write(piece);
  }

  #write(piece: Uint8Array): AsyncGenerator<Uint8Array> {
    const stream = this.#opened();
    let taken = false;
    stream.write(piece, () => {
      taken = true;
      this.#onEvent();
    });
    const isAtOnce = stream.readableLength > 0;
    return this.#read(() => taken || isAtOnce && stream.writableLength === 0);
  }

  /** Gives the rest, if there is one, and waits for faults. */
  end(): AsyncGenerator<Uint8Array> {
    const stream = this.#opened();
    let ended = false;
    stream.on("end", () => {
      ended = true;
      this.#onEvent();
    });
    stream.end();
    return this.#read(() => ended);
  }

  /** Frees its memory; a later frame gets new one. */
  [Symbol.dispose](): void {
    this.#open?.destroy();
    this.#open = undefined;
    this.#fault = undefined;
  }

  #opened(): Transform {
    if (this.#open) return this.#open;
    const stream = createZstdDecompress(decompression);
    stream.on("error", (error) => {
      this.#fault = error;
      this.#onEvent();
    });
    stream.on("readable", () => this.#onEvent());
    return this.#open = stream;
  }

  async *#read(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    const stream = this.#opened();
    for (;;) {
      for (let made; (made = stream.read());) yield made;
      if (isDone()) return;
      if (!this.#fault) await this.#event();
      if (this.#fault) throw this.#fault;
    }
  }

  // A promise of the fault, raced with each event, would keep all those races in memory.
  #event(): Promise<void> {
    return new Promise((resolve) => this.#onEvent = resolve);
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
export async function* iterate<T>(pieces: Some<T>): AsyncGenerator<T> {
  yield* pieces;
}
