/**
 * A limit for the size of files that is met at every write in turn: each time one
 * line tells it, and all is as it was.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import { WORTH_THREAD } from "../../lib/bytes/start.ts";
import { makeSample } from "../../lib/demo/sample.ts";
import type { Place } from "../../lib/store/installation.ts";
import { inside, makeBackup, tool } from "../support/installation.ts";
import { runLimitedTool } from "../support/process.ts";
import { inScratch, makePlace } from "../support/scratch.ts";
import { type Files, filesOf, putFiles, wholeBackups } from "./kills.ts";

/** What the limit is given in. */
const BLOCK = 512;

/** Limits from none at all up to the size of the largest file, and one beyond. */
function limitsUpTo(size: number): number[] {
  const blocks = Math.ceil(size / BLOCK);
  const shares = [0, 0.1, 0.3, 0.5, 0.7, 0.9];
  return [...shares.map((share) => Math.floor(share * blocks)), 1, 8, 16]
    .concat([blocks - 1, blocks * 2]);
}

function assertSameFiles(place: Place, before: Files, at: string): void {
  const after = filesOf(place);
  assertEquals([...after.keys()].sort(), [...before.keys()].sort(), at);
  for (const [path, bytes] of before) {
    const same = after.get(path)?.toBase64() === bytes.toBase64();
    assert(same, `${at}: ${basename(path)} has changed`);
  }
}

/** Runs the tool under each limit from the same state. */
async function sweep(
  place: Place,
  args: string[],
  size: number,
): Promise<void> {
  const before = filesOf(place);
  let failures = 0;
  for (const blocks of limitsUpTo(size)) {
    putFiles(place, before);
    const at = `with ${blocks} blocks`;
    const { code, out, err } = await runLimitedTool(
      args,
      inside(place),
      blocks,
    );
    await wholeBackups(place);
    if (code === 0) continue;
    failures++;
    assertEquals([code, out], [1, ""], at);
    assertMatch(err, /^Error: Cannot [^\n]+: the disk [^\n]+\n$/, at);
    assertSameFiles(place, before, at);
  }
  assert(failures > 1, "no limit was met");
  putFiles(place, before);
  const { code, err } = await tool(place, args);
  assertEquals([code, err], [0, ""]);
}

/** A small database beside the backup of a larger one. */
async function atBackup(
  test: (place: Place, backup: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const place = makePlace(folder, "here");
    makeSample(place.database, { scale: 0.3 });
    const backup = basename(await makeBackup(place));
    Deno.removeSync(place.database);
    makeSample(place.database, { scale: 0.05, seed: 2 });
    await test(place, backup);
  });
}

function sizeOf(path: string): number {
  return Deno.statSync(path).size;
}

Deno.test("an export under any limit saves a whole backup or none", async () => {
  await atBackup(async (place, backup) => {
    const path = join(place.output, backup);
    Deno.renameSync(path, join(place.output, "backup-2020-01-01.json"));
    await sweep(place, ["export"], sizeOf(place.database));
  });
});

Deno.test("an export on two threads under any limit saves a whole backup or none", async () => {
  await inScratch(async (folder) => {
    const place = makePlace(folder, "here");
    makeSample(place.database, { scale: 6.5 });
    assert(sizeOf(place.database) > WORTH_THREAD);
    await sweep(place, ["export"], sizeOf(place.database));
  });
});

Deno.test("an import under any limit is done or leaves all as it was", async () => {
  await atBackup(async (place, backup) => {
    const size = sizeOf(join(place.output, backup));
    await sweep(place, ["import", backup], size);
  });
});

Deno.test("an import into nothing under any limit is done or leaves nothing", async () => {
  await atBackup(async (place, backup) => {
    Deno.removeSync(place.database);
    const size = sizeOf(join(place.output, backup));
    await sweep(place, ["import", backup], size);
  });
});

Deno.test("an undo under any limit is done or leaves all as it was", async () => {
  await atBackup(async (place, backup) => {
    const { code } = await tool(place, ["import", backup]);
    assertEquals(code, 0);
    await sweep(place, ["undo"], sizeOf(place.database));
  });
});
