/**
 * Waiting for a lock as a process does: for five seconds, and no longer than a
 * signal allows. What each command says is in tests/faults/locked_test.ts.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { basename } from "@std/path";
import {
  atSmallSample,
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

Deno.test("a process waits five seconds for a locked database", async () => {
  await atSmallSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const before = Deno.readFileSync(installation.database);
    await withLock(installation, async () => {
      const start = performance.now();
      const { code, err } = await tool(installation, ["import", backup]);
      assert(performance.now() - start > 5000, "it did not wait");
      const fault = `Error: Cannot import "${backup}": ${locked}`;
      assertEquals([code, err], [1, waiting + fault]);
    });
    assertEquals(Deno.readFileSync(installation.database), before);
    assertEquals(namesIn(installation.backups), [backup]);
  });
});

Deno.test("a signal ends the wait for a locked database", async (t) => {
  await atSmallSample(async (installation) => {
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

Deno.test("a signal ends the wait for another export", async () => {
  await atSmallSample(async (installation) => {
    const lock = Deno.openSync(installation.backups, { read: true });
    await lock.lock(true);
    const running = new RunningTool(["export"], inside(installation));
    const waited = await running.says('has "output" locked');
    running.signal("SIGINT");
    const ended = !await running.reaches(after(3000));
    lock.close();
    const { code, err } = await running.end();
    assert(waited, `it did not wait: ${err}`);
    assert(ended, "it went on waiting");
    assertEquals(code, 130);
    assertEquals(namesIn(installation.backups), []);
  });
});

function after(milliseconds: number): () => boolean {
  const start = performance.now();
  return () => performance.now() - start > milliseconds;
}
