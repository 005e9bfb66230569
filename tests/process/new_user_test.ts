/**
 * The walk of a new user: install, a week of sessions, a loss that is noticed at the
 * start of the next session and mended, uninstall.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dumpAll } from "../support/dump.ts";
import { treeOf } from "../support/plugin.ts";
import type { Run } from "../support/process.ts";
import { inScratch } from "../support/scratch.ts";
import { Walk } from "../support/walk.ts";

const silent: Run = { code: 0, out: "", err: "" };

Deno.test("a new user installs, is looked after for a week, loses everything and gets it back", async () => {
  await inScratch(async (folder) => {
    const walk = new Walk(Deno.realPathSync(folder));
    const app = treeOf(walk.plugin);
    const installed = await walk.task("install");
    assertEquals([installed.code, installed.err], [0, ""]);
    assertMatch(installed.out, /^Installed in .*\.software-of-you:\n/);

    for (let day = 8; day > 0; day--) {
      // Nothing changes on two days of the week.
      if (day !== 4 && day !== 5) {
        walk.change(`UPDATE contacts SET notes = 'day ${day}' WHERE id = 1`);
      }
      assertEquals(await walk.sessionBefore(day), []);
      assertEquals(await walk.sessionBefore(day - 0.2), []);
    }
    assertEquals(walk.backups().length, 6);

    const contents = dumpAll(walk.installation.database, ["activity_log"]);
    walk.emptyDatabase();
    const { code, out } = await walk.startSession();
    const message: string = JSON.parse(out).systemMessage;
    assertStringIncludes(message, "WARNING");
    assertEquals([code, walk.backups().length], [0, 6]);
    const name = /\/backup import (backup-[\d-]+\.json)/.exec(message)![1]!;
    assertEquals((await walk.backup("import", name)).code, 0);
    assertEquals(
      dumpAll(walk.installation.database, ["activity_log"]),
      contents,
    );
    assertEquals(await walk.startSession(), silent);

    assertEquals((await walk.task("uninstall")).code, 0);
    assertEquals(treeOf(walk.plugin), app);
    assertEquals(walk.backups().length >= 6, true);
  });
});

Deno.test("install and uninstall say in one line what is wrong, and change nothing", async () => {
  await inScratch(async (folder) => {
    const walk = new Walk(Deno.realPathSync(folder));
    const app = treeOf(walk.plugin);
    for (
      const [args, code, words] of [
        [["uninstall", "--plugin", "lib"], 1, /^Error: Cannot find Software/],
        [["uninstall", "--plugn", "x"], 2, /did you mean --plugin\?$/],
        [["uninstall", "--plugin="], 2, /^--plugin needs one folder/],
        [["uninstall", "x"], 2, /^uninstall takes no "x"/],
      ] as const
    ) {
      const run = await walk.task(...args);
      assertEquals([run.code, run.out], [code, ""], args.join(" "));
      assertEquals(run.err.trimEnd().split("\n").length, 1);
      assertMatch(run.err.trimEnd(), words);
    }
    const dry = await walk.task("install", "--dry-run");
    assertEquals([dry.code, dry.err], [0, ""]);
    assertMatch(dry.out, /^This would change in /);
    assertEquals(treeOf(walk.plugin), app);
  });
});
