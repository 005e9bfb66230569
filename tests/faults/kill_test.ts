/**
 * SIGKILL at any moment: all is as before, or all is done, and the next run works.
 * The environment variable BACKUP_TEST_KILLS asks for more kills than the dozen by
 * default, BACKUP_TEST_SEED for other moments.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { putSmallSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { makeBackup, tool } from "../support/installation.ts";
import { inScratch, makeInstallation, rowsIn } from "../support/scratch.ts";
import {
  assertOneOf,
  assertTidy,
  filesOf,
  killed,
  putFiles,
  same,
  SCALE,
  snapshotsOf,
  spread,
  stateOf,
  timeless,
  wholeBackups,
} from "./kills.ts";

const MODES = ["delete", "wal"];

/** Runs the tool as a process, as long as which the killed ones may take. */
async function runs(
  installation: Installation,
  args: string[],
): Promise<void> {
  const { code, err } = await tool(installation, args);
  assertEquals([code, err], [0, ""]);
}

/** Runs it after a kill, without a process for it. */
async function succeeds(
  installation: Installation,
  args: string[],
): Promise<void> {
  const { code, err } = await runInProcess(installation, args);
  assertEquals([code, err], [0, ""]);
}

/** A backup of one sample, beside a database with another. */
async function atBackup(
  mode: string | undefined,
  test: (installation: Installation, backup: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSmallSample(installation.database, { scale: SCALE });
    const backup = basename(await makeBackup(installation));
    Deno.removeSync(installation.database);
    if (mode) {
      putSmallSample(installation.database, { scale: SCALE / 2, seed: 2 });
      rowsIn(installation.database, `PRAGMA journal_mode = ${mode}`);
    }
    await test(installation, backup);
  });
}

Deno.test("a killed export leaves whole backups and the database as it was", async () => {
  await atBackup("wal", async (installation, first) => {
    const before = filesOf(installation);
    const old = timeless(stateOf(installation.database));
    const text = Deno.readTextFileSync(join(installation.backups, first));
    await spread(
      () => runs(installation, ["export", "--accept-loss"]),
      async (after) => {
        putFiles(installation, before);
        await killed(installation, ["export", "--accept-loss"], after);
        const names = await wholeBackups(installation);
        const kept = names.map((name) => join(installation.backups, name));
        assert(kept.some((path) => Deno.readTextFileSync(path) === text));
        assertEquals(timeless(stateOf(installation.database)), old);
        await succeeds(installation, ["export", "--accept-loss"]);
        assert((await wholeBackups(installation)).length >= names.length);
        assertTidy(installation);
      },
    );
  });
});

for (const mode of MODES) {
  Deno.test(`a killed import into a database in ${mode} mode is done or undone`, async () => {
    await atBackup(mode, async (installation, backup) => {
      const before = filesOf(installation);
      const old = stateOf(installation.database);
      const run = ["import", backup, "--replace"];
      await spread(() => runs(installation, run), async (after) => {
        const made = timeless(stateOf(installation.database));
        putFiles(installation, before);
        await killed(installation, run, after);
        const state = stateOf(installation.database);
        if (!same(state, old)) assertEquals(timeless(state), made);
        for (const kept of snapshotsOf(installation)) assertEquals(kept, old);
        assertEquals(await wholeBackups(installation), [backup]);
        await succeeds(installation, run);
        assertEquals(timeless(stateOf(installation.database)), made);
        const now = rowsIn(installation.database, "PRAGMA journal_mode");
        assertEquals(now, [[mode]]);
        assertTidy(installation);
      });
    });
  });

  Deno.test(`a killed undo in ${mode} mode can be done again and back`, async () => {
    await atBackup(mode, async (installation, backup) => {
      const target = stateOf(installation.database);
      await succeeds(installation, ["import", backup, "--replace"]);
      const before = filesOf(installation);
      const replaced = stateOf(installation.database);
      await spread(() => runs(installation, ["undo"]), async (after) => {
        putFiles(installation, before);
        await killed(installation, ["undo"], after);
        const state = stateOf(installation.database);
        assertOneOf(state, replaced, target);
        const kept = [state, ...snapshotsOf(installation)];
        assert(kept.some((other) => same(other, replaced)), "a state is lost");
        const complete = !snapshotsOf(installation).some((other) =>
          same(other, target)
        );
        if (!complete) await succeeds(installation, ["undo"]);
        assertEquals(stateOf(installation.database), target);
        await succeeds(installation, ["undo"]);
        assertEquals(stateOf(installation.database), replaced);
        assertTidy(installation);
      });
    });
  });
}

Deno.test("a killed import into nothing leaves a whole database or none", async () => {
  await atBackup(undefined, async (installation, backup) => {
    const before = filesOf(installation);
    const run = ["import", backup, "--replace"];
    await spread(() => runs(installation, run), async (after) => {
      const made = timeless(stateOf(installation.database));
      putFiles(installation, before);
      await killed(installation, run, after);
      const there = [...Deno.readDirSync(installation.data)]
        .some(({ name }) => name === "soy.db");
      if (there) assertEquals(timeless(stateOf(installation.database)), made);
      await succeeds(installation, run);
      assertEquals(timeless(stateOf(installation.database)), made);
      assertTidy(installation);
    });
  });
});
