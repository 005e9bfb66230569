/**
 * A limit for the size of files that is met at every write in turn: each time one
 * line tells it, and all is as it was.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import { putSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { inside, makeBackup, tool } from "../support/installation.ts";
import { runLimitedTool } from "../support/process.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";
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

function assertSameFiles(
  installation: Installation,
  before: Files,
  at: string,
): void {
  const after = filesOf(installation);
  assertEquals([...after.keys()].sort(), [...before.keys()].sort(), at);
  for (const [path, bytes] of before) {
    const same = after.get(path)?.toBase64() === bytes.toBase64();
    assert(same, `${at}: ${basename(path)} has changed`);
  }
}

/** Runs the tool under each limit from the same state. */
async function sweep(
  installation: Installation,
  args: string[],
  size: number,
): Promise<void> {
  const before = filesOf(installation);
  let failures = 0;
  for (const blocks of limitsUpTo(size)) {
    putFiles(installation, before);
    const at = `with ${blocks} blocks`;
    const { code, out, err } = await runLimitedTool(
      args,
      inside(installation),
      blocks,
    );
    await wholeBackups(installation);
    if (code === 0) continue;
    failures++;
    assertEquals([code, out], [1, ""], at);
    assertMatch(err, /^Error: Cannot [^\n]+: the disk [^\n]+\n$/, at);
    assertSameFiles(installation, before, at);
  }
  assert(failures > 1, "no limit was met");
  putFiles(installation, before);
  const { code, err } = await tool(installation, args);
  assertEquals([code, err], [0, ""]);
}

/** A small database beside the backup of a larger one. */
async function atBackup(
  test: (installation: Installation, backup: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSample(installation.database, { scale: 0.3 });
    const backup = basename(await makeBackup(installation));
    Deno.removeSync(installation.database);
    putSample(installation.database, { scale: 0.05, seed: 2 });
    await test(installation, backup);
  });
}

function sizeOf(path: string): number {
  return Deno.statSync(path).size;
}

Deno.test("an export under any limit saves a whole backup or none", async () => {
  await atBackup(async (installation, backup) => {
    const path = join(installation.backups, backup);
    Deno.renameSync(path, join(installation.backups, "backup-2020-01-01.json"));
    await sweep(
      installation,
      ["export", "--accept-loss"],
      sizeOf(installation.database),
    );
  });
});

Deno.test("an import under any limit is done or leaves all as it was", async () => {
  await atBackup(async (installation, backup) => {
    const size = sizeOf(join(installation.backups, backup));
    await sweep(installation, ["import", backup, "--replace"], size);
  });
});

Deno.test("an import into nothing under any limit is done or leaves nothing", async () => {
  await atBackup(async (installation, backup) => {
    Deno.removeSync(installation.database);
    const size = sizeOf(join(installation.backups, backup));
    await sweep(installation, ["import", backup, "--replace"], size);
  });
});

Deno.test("an undo under any limit is done or leaves all as it was", async () => {
  await atBackup(async (installation, backup) => {
    const { code } = await tool(installation, ["import", backup, "--replace"]);
    assertEquals(code, 0);
    await sweep(installation, ["undo"], sizeOf(installation.database));
  });
});
