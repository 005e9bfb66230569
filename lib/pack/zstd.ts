/**
 * Deno's own zstd: how it compresses, and decompression piece by piece.
 *
 * @module
 */
import type { Transform } from "node:stream";

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

/** How much comes out of a stream at once, in bytes. */
const chunkSize = 1 << 18;

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
  chunkSize,
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
  return { chunkSize, params: { ...compression, ...window } };
}

/**
 * Gives what is in one zstd frame.
 *
 * @param bytes The frame, block by block.
 * @throws {Error} if it is damaged; one that is cut short gives less.
 */
export function decompressed(
  bytes: Bytes,
): AsyncGenerator<Uint8Array> {
  return through(createZstdDecompress(decompression), bytes);
}

async function* through(
  transform: Transform,
  bytes: Bytes,
): AsyncGenerator<Uint8Array> {
  // It comes out where the stream is read, too.
  transform.on("error", () => {});
  const input = iterate(bytes);
  feed(transform, input);
  try {
    for await (const chunk of transform) yield chunk;
  } finally {
    transform.destroy();
    await input.return(undefined);
  }
}

/** Gives pieces to a stream as it takes them; a fault of the input is one of it. */
async function feed(
  transform: Transform,
  input: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    for await (const chunk of input) {
      await new Promise((resolve) => transform.write(chunk, resolve));
      if (transform.destroyed) return;
    }
    transform.end();
  } catch (error) {
    transform.destroy(error as Error);
  }
}

/** The pieces, whether they come at once or one by one. */
export async function* iterate(bytes: Bytes): AsyncGenerator<Uint8Array> {
  yield* bytes;
}
