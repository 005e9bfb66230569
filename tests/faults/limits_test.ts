/**
 * A limit for the size of files that is met at every write in turn: each time one
 * line tells it, and all is as it was.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { putSmallSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { makeBackup, tool } from "../support/installation.ts";
import { runScript } from "../support/process.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";

/** What shells give the limit in. */
const BLOCK = 512;

/** Limits from none at all up to the size of the largest file, and one beyond. */
function limitsUpTo(size: number): number[] {
  const blocks = Math.ceil(size / BLOCK);
  const shares = [0, 0.1, 0.3, 0.5, 0.7, 0.9];
  return [...shares.map((share) => Math.floor(share * blocks)), 1, 8, 16]
    .concat([blocks - 1, blocks * 2]).map((limit) => limit * BLOCK);
}

/** Runs the tool under each limit from the same state, and without one. */
async function sweep(
  installation: Installation,
  args: string[],
  size: number,
): Promise<void> {
  const { root } = installation;
  const script = new URL("./limit_runs.ts", import.meta.url);
  const under = [root, limitsUpTo(size).join(), ...args];
  const { code, out, err } = await runScript(script, under, root);
  assertEquals([code, err], [0, ""]);
  assert(Number(out) > 1, "no limit was met");
  const free = await tool(installation, args);
  assertEquals([free.code, free.err], [0, ""]);
}

/** A small database beside the backup of a larger one. */
async function atBackup(
  test: (installation: Installation, backup: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSmallSample(installation.database, { scale: 0.3 });
    const backup = basename(await makeBackup(installation));
    Deno.removeSync(installation.database);
    putSmallSample(installation.database, { scale: 0.05, seed: 2 });
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
