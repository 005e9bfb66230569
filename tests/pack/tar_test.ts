/**
 * The tar stream of a pack, beside the one of a library.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { packTar } from "modern-tar";
import {
  entriesOf,
  TAR_END,
  type TarEntry,
  tarOf,
} from "../../lib/pack/tar.ts";

const date = new Date(2026, 1, 16, 18, 0, 1);

async function* given<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(streamOf(pieces)).arrayBuffer());
}

function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream {
  return ReadableStream.from(pieces);
}

Deno.test("the stream is what modern-tar makes of the same files", async () => {
  const sizes = [0, 1, 511, 512, 513, 100_000];
  const files = sizes.map((size) => ({
    name: `backup-2026-02-16-${size}.json`,
    size,
    date,
    bytes: new Uint8Array(size).fill(size),
  }));
  const entries = files.map((file) => ({ ...file, bytes: [file.bytes] }));
  const own = await joined(tarOf(given(entries)));
  const theirs = await packTar(files.map(({ name, size, bytes }) => ({
    header: { name, size, mtime: date, mode: 0o600 },
    body: bytes,
  })));
  assertEquals(own, theirs.slice(0, -TAR_END.length));
});

Deno.test("a file may have more bytes than eleven octal digits can say", async () => {
  const sizes = [8 ** 11 - 1, 8 ** 11, 10 ** 13 + 7];
  for (const size of sizes) {
    const content = Uint8Array.of(1);
    const entry: TarEntry = { name: "large", size, date, bytes: [content] };
    const headers: Uint8Array[] = [];
    for await (const piece of tarOf(given([entry]))) {
      if (piece === content) break;
      headers.push(piece);
    }
    const entries = entriesOf(given(headers));
    const { value: read } = await entries.next();
    assertEquals([read!.name, read!.size], ["large", size]);
    assertEquals(read!.date, date);
    await entries.return(undefined).catch(() => {});
  }
});

Deno.test("a file of another size than it says is refused", async () => {
  for (const size of [9, 11]) {
    const bytes = [new Uint8Array(10)];
    const made = tarOf(given([{ name: "odd", size, date, bytes }]));
    await assertRejects(() => joined(made), Error, "another size");
  }
});
