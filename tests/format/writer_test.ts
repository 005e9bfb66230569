/**
 * Pieces of every size on their way into a file.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { FileSink } from "../../lib/format/writer.ts";
import { sha256 } from "../support/reader.ts";
import { inScratch } from "../support/scratch.ts";

/** Lengths that fill a buffer to the last byte, and others. */
const lengths: Record<string, number[]> = {
  "that fill it to the last byte": Array(200).fill(1 << 12),
  "that fill it at once": [1 << 18, 1 << 18, 1],
  "that are longer": [10, 1 << 20, 0, (1 << 18) + 1, 3],
  "in no order": Array.from({ length: 500 }, (_, i) => (i * 7919) % 5000),
};

function pieceOf(length: number, i: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(i % 128);
}

for (const [what, sizes] of Object.entries(lengths)) {
  Deno.test(`FileSink writes and counts pieces ${what}`, async () => {
    await inScratch(async (folder) => {
      const path = join(folder, "file");
      const whole = await new Blob(sizes.map(pieceOf)).bytes();
      using file = Deno.openSync(path, { write: true, create: true });
      const sink = new FileSink(file);
      for (const [i, size] of sizes.entries()) sink.write(pieceOf(size, i));
      assertEquals(sink.checksum(), await sha256(whole));
      assertEquals(sink.bytes, whole.length);
      assertEquals(Deno.readFileSync(path), whole);
    });
  });
}

Deno.test("FileSink tells the checksum of all bytes so far", async () => {
  await inScratch(async (folder) => {
    const path = join(folder, "file");
    using file = Deno.openSync(path, { write: true, create: true });
    const sink = new FileSink(file);
    assertEquals(sink.checksum(), await sha256(""));
    sink.text("first ");
    assertEquals(sink.checksum(), await sha256("first "));
    sink.text("é");
    sink.flush();
    assertEquals(sink.checksum(), await sha256("first é"));
    assertEquals(Deno.readTextFileSync(path), "first é");
  });
});
