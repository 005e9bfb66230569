/**
 * SIGKILL at any moment: all is as before, or all is done, and the next run works.
 * The environment variable BACKUP_TEST_KILLS asks for more kills than the dozen by
 * default, BACKUP_TEST_SEED for other moments.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { makeSample } from "../../lib/demo/sample.ts";
import type { Place } from "../../lib/store/installation.ts";
import { makeBackup, tool } from "../support/installation.ts";
import { inScratch, makePlace, rowsIn } from "../support/scratch.ts";
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

async function succeeds(place: Place, args: string[]): Promise<void> {
  const { code, err } = await tool(place, args);
  assertEquals([code, err], [0, ""]);
}

/** A backup of one sample, beside a database with another. */
async function atBackup(
  mode: string | undefined,
  test: (place: Place, backup: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const place = makePlace(folder, "here");
    makeSample(place.database, { scale: SCALE });
    const backup = basename(await makeBackup(place));
    Deno.removeSync(place.database);
    if (mode) {
      makeSample(place.database, { scale: SCALE / 2, seed: 2 });
      rowsIn(place.database, `PRAGMA journal_mode = ${mode}`);
    }
    await test(place, backup);
  });
}

Deno.test("a killed export leaves whole backups and the database as it was", async () => {
  await atBackup("wal", async (place, first) => {
    const before = filesOf(place);
    const old = timeless(stateOf(place.database));
    const text = Deno.readTextFileSync(join(place.output, first));
    await spread(() => succeeds(place, ["export"]), async (after) => {
      putFiles(place, before);
      await killed(place, ["export"], after);
      const names = await wholeBackups(place);
      const kept = names.map((name) => join(place.output, name));
      assert(kept.some((path) => Deno.readTextFileSync(path) === text));
      assertEquals(timeless(stateOf(place.database)), old);
      await succeeds(place, ["export"]);
      assert((await wholeBackups(place)).length >= names.length);
      assertTidy(place);
    });
  });
});

for (const mode of MODES) {
  Deno.test(`a killed import into a database in ${mode} mode is done or undone`, async () => {
    await atBackup(mode, async (place, backup) => {
      const before = filesOf(place);
      const old = stateOf(place.database);
      const run = ["import", backup];
      await spread(() => succeeds(place, run), async (after) => {
        const made = timeless(stateOf(place.database));
        putFiles(place, before);
        await killed(place, run, after);
        const state = stateOf(place.database);
        if (!same(state, old)) assertEquals(timeless(state), made);
        for (const kept of snapshotsOf(place)) assertEquals(kept, old);
        assertEquals(await wholeBackups(place), [backup]);
        await succeeds(place, run);
        assertEquals(timeless(stateOf(place.database)), made);
        const now = rowsIn(place.database, "PRAGMA journal_mode");
        assertEquals(now, [[mode]]);
        assertTidy(place);
      });
    });
  });

  Deno.test(`a killed undo in ${mode} mode can be done again and back`, async () => {
    await atBackup(mode, async (place, backup) => {
      const target = stateOf(place.database);
      await succeeds(place, ["import", backup]);
      const before = filesOf(place);
      const replaced = stateOf(place.database);
      await spread(() => succeeds(place, ["undo"]), async (after) => {
        putFiles(place, before);
        await killed(place, ["undo"], after);
        const state = stateOf(place.database);
        assertOneOf(state, replaced, target);
        const kept = [state, ...snapshotsOf(place)];
        assert(kept.some((other) => same(other, replaced)), "a state is lost");
        const complete = !snapshotsOf(place).some((other) =>
          same(other, target)
        );
        if (!complete) await succeeds(place, ["undo"]);
        assertEquals(stateOf(place.database), target);
        await succeeds(place, ["undo"]);
        assertEquals(stateOf(place.database), replaced);
        assertTidy(place);
      });
    });
  });
}

Deno.test("a killed import into nothing leaves a whole database or none", async () => {
  await atBackup(undefined, async (place, backup) => {
    const before = filesOf(place);
    const run = ["import", backup];
    await spread(() => succeeds(place, run), async (after) => {
      const made = timeless(stateOf(place.database));
      putFiles(place, before);
      await killed(place, run, after);
      const there = [...Deno.readDirSync(place.data)]
        .some(({ name }) => name === "soy.db");
      if (there) assertEquals(timeless(stateOf(place.database)), made);
      await succeeds(place, run);
      assertEquals(timeless(stateOf(place.database)), made);
      assertTidy(place);
    });
  });
});
