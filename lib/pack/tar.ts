/**
 * Days as entries of a tar stream, so that `tar` alone gives them back.
 *
 * @module
 */
import { createTarDecoder } from "modern-tar";
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

/** Headers are so long, and files are filled up to a multiple of it. */
const blockSize = 512;

/** The largest size that has eleven octal digits, in bytes. */
const largestOctal = 8 ** 11 - 1;

/** Two blocks of zeros end a tar stream. */
export const TAR_END: Uint8Array = new Uint8Array(2 * blockSize);

/**
 * Makes a tar stream without an end, so that others can follow. It is made here, since
 * `modern-tar` would hold eight megabytes of it back, and wants to see each byte.
 *
 * @param entries The files; each one's bytes are read before the next is asked for.
 * @throws {Error} if one has more or fewer bytes than it says.
 */
export async function* tarOf<Piece extends { length: number }>(
  entries: AsyncIterable<TarEntry<Piece>>,
): AsyncGenerator<Piece | Uint8Array> {
  for await (const entry of entries) {
    yield headerOf(entry);
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

/** The header of a file in the format that POSIX calls ustar. */
function headerOf({ name, size, date }: TarEntry<unknown>): Uint8Array {
  const block = new Uint8Array(blockSize);
  const put = (at: number, text: string) => {
    new TextEncoder().encodeInto(text, block.subarray(at));
  };
  put(0, name);
  put(100, octal(PRIVATE_MODE, 7));
  put(108, octal(0, 7)); // the user
  put(116, octal(0, 7)); // the group
  if (size <= largestOctal) put(124, octal(size, 11));
  else putBinary(block.subarray(124, 136), size);
  put(136, octal(Math.floor(date.getTime() / 1000), 11));
  put(156, "0"); // a file
  put(257, "ustar\0" + "00");
  // The checksum is made with spaces in its own place.
  put(148, " ".repeat(8));
  put(148, octal(block.reduce((a, b) => a + b), 6) + "\0");
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** Writes a number as GNU tar and others do if it has too many digits. */
function putBinary(field: Uint8Array, value: number): void {
  new DataView(field.buffer, field.byteOffset).setBigUint64(4, BigInt(value));
  field[0] = 0x80;
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
