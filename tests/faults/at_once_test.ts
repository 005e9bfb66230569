/**
 * The tool run twice at once.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { putSmallSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import {
  atSmallSample,
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
  await atSmallSample(async (installation) => {
    for (let round = 1; round <= 3; round++) {
      const runs = await Promise.all(
        [1, 2].map(() => tool(installation, ["export", "--quiet"])),
      );
      assertEquals(runs.map(({ code }) => code), [0, 0]);
      assertEquals((await wholeBackups(installation)).length, 2 * round);
    }
    assertEquals(namesIn(installation.backups).length, 6);
  });
});

/** Puts another sample in the place of the database. */
function remake(installation: Installation): void {
  Deno.removeSync(installation.database);
  putSmallSample(installation.database, { scale: 0.05, seed: 2 });
}

Deno.test("two imports at once come one after the other", async () => {
  await atSmallSample(async (installation) => {
    const path = await makeBackup(installation);
    const backup = basename(path);
    remake(installation);
    await importBackup(installation, path, { exact: true }, session());
    const made = timeless(dumpAll(installation.database));
    for (let round = 1; round <= 2; round++) {
      remake(installation);
      const runs = await Promise.all(
        [1, 2].map(() => tool(installation, ["import", backup, "--exact"])),
      );
      for (const { err } of runs) assertMatch(err, locked);
      assert(runs.some(({ code }) => code === 0));
      assertEquals(timeless(dumpAll(installation.database)), made);
      const sound = rowsIn(installation.database, "PRAGMA integrity_check");
      assertEquals(sound, [["ok"]]);
    }
  });
});

Deno.test("two imports at once into nothing make one database", async () => {
  await atSmallSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    Deno.removeSync(installation.database);
    assertEquals((await tool(installation, ["import", backup])).code, 0);
    const made = timeless(dumpAll(installation.database));
    Deno.removeSync(installation.database);
    const runs = await Promise.all(
      [1, 2].map(() => tool(installation, ["import", backup])),
    );
    assert(
      runs.some(({ code }) => code === 0),
      runs.map(({ err }) => err).join(),
    );
    for (const { code, err } of runs) {
      if (code !== 0) assertMatch(err, /^Error: Cannot import [^\n]+\n$/);
    }
    assertEquals(timeless(dumpAll(installation.database)), made);
    assertEquals(namesIn(installation.data), ["soy.db"]);
  });
});

Deno.test("an export and an import at once do not wait for each other", async () => {
  await atSmallSample(async (installation) => {
    const { path } = await exportBackup(installation, session());
    let importing: Promise<unknown> | undefined;
    const { warnings } = await exportBackup(
      installation,
      session(),
      {
        verify: async () => {
          importing = importBackup(installation, path, {}, session());
          // Time for the import to take the locks that it can have.
          await new Promise((resolve) => setTimeout(resolve, 300));
          return [];
        },
      },
    );
    await importing;
    assertEquals(warnings, []);
  });
});
