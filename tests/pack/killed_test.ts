/**
 * tidy that is stopped in the middle: each day is there at least once, whole.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { filesOf, killed, putFiles, spread } from "../faults/kills.ts";
import { inside, namesIn, tool } from "../support/installation.ts";
import { runLimitedTool } from "../support/process.ts";
import { RunningTool } from "../support/running.ts";
import {
  assertAllThere,
  atDays,
  filesIn,
  packNames,
  plainNames,
} from "./days.ts";

async function succeeds(installation: Installation): Promise<void> {
  const { code, err } = await tool(installation, ["tidy"]);
  assertEquals([code, err], [0, ""]);
}

/** Makes sure that nothing of a run that was stopped is left. */
function assertClean({ backups }: Installation): void {
  const strange = namesIn(backups).filter((name) =>
    !/^backup(s?)-.*(json|tar\.zst)$/.test(name)
  );
  assertEquals(strange, []);
}

Deno.test("a killed tidy loses no day, and the next one goes on", async () => {
  await atDays(40, async (installation, files) => {
    const before = filesOf(installation);
    await spread(() => succeeds(installation), async (after) => {
      const done = filesIn(installation.backups);
      putFiles(installation, before);
      await killed(installation, ["tidy"], after);
      await assertAllThere(installation, files);
      await succeeds(installation);
      assertEquals([...filesIn(installation.backups).keys()], [...done.keys()]);
      await assertAllThere(installation, files);
      assertClean(installation);
    });
  });
});

Deno.test("a killed tidy of a month that is packed already loses no day", async () => {
  await atDays(40, async (installation, files) => {
    const late = [...files.keys()].slice(-9);
    for (const name of late) Deno.removeSync(join(installation.backups, name));
    await succeeds(installation);
    for (const name of late) {
      Deno.writeFileSync(join(installation.backups, name), files.get(name)!);
    }
    const before = filesOf(installation);
    await spread(() => succeeds(installation), async (after) => {
      putFiles(installation, before);
      await killed(installation, ["tidy"], after);
      await assertAllThere(installation, files);
      await succeeds(installation);
      await assertAllThere(installation, files);
      assertEquals(plainNames(installation).length, 7);
      assertClean(installation);
    });
  });
});

Deno.test("Ctrl-C leaves each day, and says so", async () => {
  await atDays(40, async (installation, files) => {
    const running = new RunningTool(["tidy"], inside(installation));
    const growing = () =>
      namesIn(installation.backups).some((name) =>
        /^\.backup-[0-9a-f]/.test(name)
      );
    await running.reaches(growing);
    running.signal("SIGINT");
    const { code, err } = await running.end();
    if (code !== 0) {
      assertEquals(code, 130);
      assertEquals(
        err,
        "Error: Interrupted: each day is there, plain or packed; tidy goes on " +
          "from there\n",
      );
    }
    await assertAllThere(installation, files);
    assertClean(installation);
  });
});

Deno.test("on a full disk the plain files stay, and one line tells why", async () => {
  await atDays(12, async (installation, files) => {
    const { code, out, err } = await runLimitedTool(
      ["tidy"],
      inside(installation),
      20,
    );
    assertEquals([code, out], [1, ""]);
    assert(/^Error: Cannot tidy [^\n]+: the disk [^\n]+\n$/.test(err), err);
    assertEquals(plainNames(installation).length, files.size);
    assertEquals(packNames(installation), []);
    await assertAllThere(installation, files);
    assertClean(installation);
  });
});
