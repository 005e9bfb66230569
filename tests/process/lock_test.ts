/**
 * A database that another program has for itself for a while.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename } from "@std/path";
import {
  atSample,
  inside,
  makeBackup,
  namesIn,
  tool,
  withLock,
} from "../support/installation.ts";
import { RunningTool } from "../support/running.ts";

const waiting = "Waiting for another program that has the database locked …\n";
const locked = "another program has the database locked; close it and try " +
  "again\n";

Deno.test("a lock that lasts is waited for, then told", async () => {
  await atSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const before = Deno.readFileSync(installation.database);
    await withLock(installation, async () => {
      const start = performance.now();
      // At the same time, since each waits for five seconds; but an import and an
      // export would wait for each other.
      const [saved, status] = await Promise.all(
        [["export"], ["status"]].map((args) => tool(installation, args)),
      );
      const restored = await tool(installation, ["import", backup]);
      assert(performance.now() - start > 5000, "it did not wait");
      assertEquals([saved!.code, restored.code, status!.code], [1, 1, 3]);
      const saving = `Error: Cannot back up "data/soy.db": ${locked}`;
      assertEquals(saved!.err, waiting + saving);
      const restoring = `Error: Cannot import "${backup}": ${locked}`;
      assertEquals(restored.err, waiting + restoring);
      const looking = `Warning: Cannot read "data/soy.db": ${locked}`;
      assertEquals(status!.err, waiting + looking);
      assertStringIncludes(status!.out, "1 backup file found.");
    });
    assertEquals(Deno.readFileSync(installation.database), before);
    assertEquals(namesIn(installation.backups), [backup]);
  });
});

Deno.test("a lock that is let go of while it is waited for does no harm", async (t) => {
  await atSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    for (const args of [["status"], ["import", backup], ["export"]]) {
      await t.step(args[0]!, () =>
        withLock(installation, async (letGo) => {
          const running = new RunningTool(args, inside(installation));
          const waited = await running.says(waiting);
          letGo();
          const { code, err } = await running.end();
          assert(waited, `it did not wait: ${err}`);
          assertEquals([code, err], [0, waiting]);
        }));
    }
  });
});

Deno.test("a signal ends the waiting for a lock", async (t) => {
  await atSample(async (installation) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await t.step(signal, () =>
        withLock(installation, async () => {
          const running = new RunningTool(["export"], inside(installation));
          const waited = await running.says(waiting);
          running.signal(signal);
          const { code, err } = await running.end();
          assert(waited, `it did not wait: ${err}`);
          const told = "Error: Interrupted: nothing was changed\n";
          assertEquals([code, err], [130, waiting + told]);
        }));
    }
    assertEquals(namesIn(installation.backups), []);
  });
});

Deno.test("a signal ends the waiting for another export", async () => {
  await atSample(async (installation) => {
    const lock = Deno.openSync(installation.backups, { read: true });
    await lock.lock(true);
    const running = new RunningTool(["export"], inside(installation));
    // Where no word tells of the waiting, it is given time to begin.
    await running.reaches(after(1000));
    running.signal("SIGINT");
    const ended = !await running.reaches(after(3000));
    lock.close();
    const { code } = await running.end();
    assert(ended, "it went on waiting");
    assertEquals(code, 130);
    assertEquals(namesIn(installation.backups), []);
  });
});

function after(milliseconds: number): () => boolean {
  const start = performance.now();
  return () => performance.now() - start > milliseconds;
}
