/**
 * Days as entries of a tar stream, so that `tar` alone gives them back.
 *
 * @module
 */
import { createTarDecoder, createTarPacker } from "modern-tar";
import { PRIVATE_MODE } from "../store/files.ts";
import type { Bytes } from "./zstd.ts";

/** A file in a tar stream. */
export interface TarEntry {
  name: string;
  /** Its size in bytes. */
  size: number;
  date: Date;
  bytes: Bytes;
}

/** Two blocks of zeros end a tar stream. */
export const TAR_END: Uint8Array = new Uint8Array(1024);

/**
 * Makes a tar stream without an end, so that others can follow.
 *
 * @param entries The files; each one's bytes are read before the next is asked for.
 */
export async function* tarOf(
  entries: AsyncIterable<TarEntry>,
): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const filling = fill(controller, entries)
    .catch((error) => controller.error(error));
  yield* withoutEnd(readable);
  await filling;
}

async function fill(
  controller: ReturnType<typeof createTarPacker>["controller"],
  entries: AsyncIterable<TarEntry>,
): Promise<void> {
  for await (const { name, size, date, bytes } of entries) {
    const header = { name, size, mtime: date, mode: PRIVATE_MODE };
    const writer = controller.add(header).getWriter();
    for await (const chunk of bytes) await writer.write(chunk);
    await writer.close();
  }
  controller.finalize();
}

async function* withoutEnd(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    while (size - held[0]!.length >= TAR_END.length) {
      size -= held[0]!.length;
      yield held.shift()!;
    }
  }
  for (const chunk of held) {
    const kept = Math.min(chunk.length, Math.max(0, size - TAR_END.length));
    if (kept > 0) yield chunk.subarray(0, kept);
    size -= chunk.length;
  }
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
