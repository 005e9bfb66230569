/**
 * Compression by Deno's own zstd, piece by piece.
 *
 * @module
 */
import type { Transform } from "node:stream";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";

/** Bytes that come one after the other. */
export type Bytes =
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** The largest window that `zstd -d` takes without options, as a power of two. */
const windowLog = 27;

/** How much comes out of a stream at once, in bytes. */
const chunkSize = 1 << 18;

// A day is nearly the same as the one before: long matches are all that counts, and few
// of them, since each costs a few bytes. Beside zstd's own choice (64 bytes, each 128th
// place) this makes a month a fifth smaller, and is faster.
const compression = {
  chunkSize,
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    [constants.ZSTD_c_windowLog]: windowLog,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    [constants.ZSTD_c_ldmMinMatch]: 128,
    [constants.ZSTD_c_ldmHashRateLog]: 10,
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

const decompression = {
  chunkSize,
  params: { [constants.ZSTD_d_windowLogMax]: windowLog },
};

/** How far back repetitions are found, in bytes. */
export const WINDOW: number = 2 ** windowLog;

/** Makes one zstd frame of some bytes. */
export function compressed(bytes: Bytes): AsyncGenerator<Uint8Array> {
  return through(createZstdCompress(compression), bytes);
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
