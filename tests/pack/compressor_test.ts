/**
 * The thread that compresses: all that it is given is in the frame, and what it can't
 * read is left alone.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { zstdDecompressSync } from "node:zlib";
import { sameBytes } from "../../lib/bytes.ts";
import { Compressor, UnreadError } from "../../lib/pack/compressor.ts";
import { planMonths } from "../../lib/pack/months.ts";
import { replaceMonth } from "../../lib/pack/replace.ts";
import type { Part } from "../../lib/pack/thread.ts";
import { listBackups } from "../../lib/store/catalog.ts";
import { seeded } from "../support/random_values.ts";
import { inScratch } from "../support/scratch.ts";
import { assertAllThere, atDays, plainNames } from "./days.ts";

/** Bytes that can't be compressed. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const random = seeded(length);
  return new Uint8Array(length).map(() => random(256));
}

/** What is in a frame that was made of some parts, and how much was read of files. */
async function framed(compressor: Compressor, parts: Part[]) {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let read = 0;
  for await (const made of compressor.compress(parts, 1_000_000)) {
    pieces.push(...made.pieces);
    read += made.read;
  }
  const frame = await new Blob(pieces).bytes();
  return { bytes: zstdDecompressSync(frame), read };
}

Deno.test("bytes and files are in the frame one after the other", async () => {
  await inScratch(async (folder) => {
    using compressor = new Compressor();
    for (const length of [0, 1, 300_000, 1_000_000]) {
      const [path, bytes] = [join(folder, "file"), noise(length)];
      Deno.writeFileSync(path, bytes);
      const parts = [noise(10), { path, length }, noise(700), noise(0)];
      const made = await framed(compressor, parts);
      const all = [noise(10), bytes, noise(700)];
      assertEquals(made.read, length);
      assert(sameBytes(made.bytes, await new Blob(all).bytes()));
    }
  });
});

Deno.test("more parts than wait at once are all in the frame", async () => {
  using compressor = new Compressor();
  const parts = Array.from({ length: 100 }, (_, i) => noise(i));
  const { bytes } = await framed(compressor, parts);
  assert(sameBytes(bytes, await new Blob(parts).bytes()));
});

Deno.test("a file that is shorter than it was or gone is said, and the next frame is whole", async () => {
  await inScratch(async (folder) => {
    using compressor = new Compressor();
    const path = join(folder, "file");
    Deno.writeFileSync(path, noise(1000));
    const bad = [{ path, length: 1001 }, { path: `${path}2`, length: 1000 }];
    for (const part of bad) {
      const parts = [noise(10), part, noise(20)];
      await assertRejects(() => framed(compressor, parts), UnreadError);
      const { bytes } = await framed(compressor, [{ path, length: 1000 }]);
      assert(sameBytes(bytes, noise(1000)));
    }
  });
});

Deno.test("days that get shorter or go while a month is packed are left alone", async () => {
  await atDays(12, async (installation, files) => {
    const { backups: folder } = installation;
    const backups = listBackups(folder).backups.slice(7).reverse();
    const [plan] = planMonths({ packs: new Map() }, backups, new Set());
    const [shorter, gone] = backups.map(({ path }) => path);
    Deno.truncateSync(shorter!, 5000);
    Deno.removeSync(gone!);
    using compressor = new Compressor();
    const onBytes = async () => {};
    const packing = { folder, compressor, removed: new Set<string>(), onBytes };
    const { plan: done, leftAlone } = await replaceMonth(packing, plan!);
    assertEquals(leftAlone.map(({ name, fault }) => [name, fault]), [
      [
        "backup-2026-02-16.json",
        "its checksum doesn't match, so it was damaged or edited",
      ],
      ["backup-2026-02-17.json", "there is no such file"],
    ]);
    assertEquals(done!.packed.length, 3);
    assertEquals(Deno.statSync(shorter!).size, 5000);
    assertEquals(plainNames(installation).length, 8);
    for (const { name } of leftAlone) files.delete(name);
    await assertAllThere(installation, files);
  });
});
