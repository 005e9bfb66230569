/**
 * The tool run twice at once.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { makeSample } from "../../lib/demo/sample.ts";
import type { Place } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";
import { dumpAll } from "../support/dump.ts";
import { rowsIn, session } from "../support/scratch.ts";
import { timeless, wholeBackups } from "./kills.ts";

const locked =
  /^(Waiting for another program that has (?:the database|"output") locked …\n)?(Error: Cannot import [^\n]+ locked; close it and try again\n)?$/;

Deno.test("two exports at once leave two whole backups", async () => {
  await atSample(async (place) => {
    for (let round = 1; round <= 3; round++) {
      const runs = await Promise.all(
        [1, 2].map(() => tool(place, ["export", "--quiet"])),
      );
      assertEquals(runs.map(({ code }) => code), [0, 0]);
      assertEquals((await wholeBackups(place)).length, 2 * round);
    }
    assertEquals(namesIn(place.output).length, 6);
  });
});

/** Puts another sample in the place of the database. */
function remake(place: Place): void {
  Deno.removeSync(place.database);
  makeSample(place.database, { scale: 0.05, seed: 2 });
}

Deno.test("two imports at once come one after the other", async () => {
  await atSample(async (place) => {
    const path = await makeBackup(place);
    const backup = basename(path);
    remake(place);
    await importBackup(place, path, { exact: true }, session());
    const made = timeless(dumpAll(place.database));
    for (let round = 1; round <= 2; round++) {
      remake(place);
      const runs = await Promise.all(
        [1, 2].map(() => tool(place, ["import", backup, "--exact"])),
      );
      for (const { err } of runs) assertMatch(err, locked);
      assert(runs.some(({ code }) => code === 0));
      assertEquals(timeless(dumpAll(place.database)), made);
      const sound = rowsIn(place.database, "PRAGMA integrity_check");
      assertEquals(sound, [["ok"]]);
    }
  });
});

Deno.test("two imports at once into nothing make one database", async () => {
  await atSample(async (place) => {
    const backup = basename(await makeBackup(place));
    Deno.removeSync(place.database);
    assertEquals((await tool(place, ["import", backup])).code, 0);
    const made = timeless(dumpAll(place.database));
    Deno.removeSync(place.database);
    const runs = await Promise.all(
      [1, 2].map(() => tool(place, ["import", backup])),
    );
    assert(
      runs.some(({ code }) => code === 0),
      runs.map(({ err }) => err).join(),
    );
    for (const { code, err } of runs) {
      if (code !== 0) assertMatch(err, /^Error: Cannot import [^\n]+\n$/);
    }
    assertEquals(timeless(dumpAll(place.database)), made);
    assertEquals(namesIn(place.data), ["soy.db"]);
  });
});

Deno.test("an export and an import at once do not wait for each other", async () => {
  await atSample(async (place) => {
    const { path } = await exportBackup(place, session());
    let importing: Promise<unknown> | undefined;
    const { warnings } = await exportBackup(place, session(), async () => {
      importing = importBackup(place, path, {}, session());
      // Time for the import to take the locks that it can have.
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await importing;
    assertEquals(warnings, []);
  });
});
