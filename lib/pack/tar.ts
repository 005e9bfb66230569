/**
 * Days as entries of a tar stream, so that `tar` alone gives them back.
 *
 * @module
 */
import { createTarDecoder, createTarPacker } from "modern-tar";
import { PRIVATE_MODE } from "../store/files.ts";
import type { Some } from "./zstd.ts";

/** A file in a tar stream; its content may be bytes, or what stands for them. */
export interface TarEntry<Piece = Uint8Array> {
  name: string;
  /** Its size in bytes. */
  size: number;
  date: Date;
  bytes: Some<Piece>;
}

/** Files are filled up to a multiple of this size in bytes. */
const blockSize = 512;

/** Two blocks of zeros end a tar stream. */
export const TAR_END: Uint8Array = new Uint8Array(2 * blockSize);

/**
 * Makes a tar stream without an end, so that others can follow. Only its headers are made
 * by `modern-tar`: that would hold eight megabytes of content back, and wants to see each
 * byte of it, while another thread may read the files.
 *
 * @param entries The files; each one's bytes are read before the next is asked for.
 * @throws {Error} if one has more or fewer bytes than it says.
 */
export async function* tarOf<Piece extends { length: number }>(
  entries: AsyncIterable<TarEntry<Piece>>,
): AsyncGenerator<Piece | Uint8Array> {
  for await (const entry of entries) {
    yield* headersOf(entry);
    let left = entry.size;
    for await (const piece of entry.bytes) {
      left -= piece.length;
      yield piece;
    }
    if (left !== 0) throw new Error(`${entry.name} has got another size`);
    const beyond = entry.size % blockSize;
    if (beyond > 0) yield new Uint8Array(blockSize - beyond);
  }
}

/** The headers of a file; a huge one has more than its own. */
async function* headersOf(
  { name, size, date }: TarEntry<unknown>,
): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  controller.add({ name, size, mtime: date, mode: PRIVATE_MODE });
  const reader = readable.getReader();
  const own = new TextEncoder().encode(name);
  for (let isLast = false; !isLast;) {
    const { value } = await reader.read();
    if (!value) throw new Error(`no header for ${name}`);
    isLast = own.every((byte, i) => byte === value[i]);
    yield value;
  }
  await reader.cancel();
}

/**
 * Reads a tar stream that may lack its end. An entry's bytes are gone when the next
 * one is asked for.
 *
 * @throws {Error} if it is damaged.
 */
export async function* entriesOf(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<TarEntry> {
  const decoded = ReadableStream.from(withEnd(bytes))
    .pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header, body } of decoded) {
    const { name, size, mtime, type } = header;
    const date = mtime ?? new Date(0);
    if (type === "file") yield { name, size, date, bytes: body };
    if (!body.locked) await body.cancel();
  }
}

async function* withEnd(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* bytes;
  yield TAR_END;
}
