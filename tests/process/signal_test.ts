/**
 * Signals in the middle of the work.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { putSmallSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import type { Run } from "../support/process.ts";
import {
  atSmallSample,
  inside,
  makeBackup,
  namesIn,
} from "../support/installation.ts";
import { RunningTool } from "../support/running.ts";

/** So large that the work can be seen while it is done. */
const large = 5;
const told = "Error: Interrupted: nothing was changed\n";
const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Sends a signal once the work is seen to have begun.
 *
 * On a loaded machine the work may be over before the signal comes. Such a run
 * proves nothing, so another one is made; one that never heeds fails in the end.
 *
 * @param prepare Puts the place as it is to be before a run.
 */
async function interrupted(
  installation: Installation,
  args: string[],
  signal: Deno.Signal,
  sign: () => boolean,
  prepare: () => void,
): Promise<Run> {
  for (let tries = 1;; tries++) {
    prepare();
    const running = new RunningTool(args, inside(installation));
    const seen = await running.reaches(sign);
    running.signal(signal);
    const run = await running.end();
    if (run.code !== 0) assert(seen, `it ended by itself: ${run.err}`);
    if (run.code !== 0 || tries === 10) return run;
  }
}

/** Whether a file that has no name yet has grown. */
function growing(folder: string): boolean {
  return namesIn(folder).some((name) => {
    try {
      return name.endsWith(".tmp") &&
        Deno.statSync(join(folder, name)).size > 0;
    } catch {
      return false;
    }
  });
}

Deno.test("a signal stops an export without a trace", async (t) => {
  await atSmallSample(async (installation) => {
    const before = Deno.readFileSync(installation.database);
    const prepare = () => {
      for (const name of namesIn(installation.backups)) {
        Deno.removeSync(join(installation.backups, name));
      }
      Deno.writeFileSync(installation.database, before);
      Deno.writeTextFileSync(
        join(installation.backups, "backup-2020-01-01.json"),
        "",
      );
    };
    for (const signal of signals) {
      await t.step(signal, async () => {
        const sign = () => growing(installation.backups);
        const run = await interrupted(installation, [], signal, sign, prepare);
        assertEquals(run, { code: 130, out: "", err: told });
        assertEquals(namesIn(installation.backups), ["backup-2020-01-01.json"]);
        assertEquals(Deno.readFileSync(installation.database), before);
      });
    }
  }, large);
});

Deno.test("a signal stops an import and the database stays as it was", async (t) => {
  await atSmallSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const args = ["import", backup, "--replace"];
    const journal = `${installation.database}-journal`;
    Deno.removeSync(installation.database);
    putSmallSample(installation.database, { scale: 0.05, seed: 2 });
    const before = Deno.readFileSync(installation.database);
    const backups = namesIn(installation.backups);
    const prepare = () => {
      Deno.writeFileSync(installation.database, before);
      for (const name of namesIn(installation.backups)) {
        if (!backups.includes(name)) {
          Deno.removeSync(join(installation.backups, name));
        }
      }
    };
    for (const signal of signals) {
      await t.step(signal, async () => {
        const sign = () => existsSync(journal);
        const run = await interrupted(
          installation,
          args,
          signal,
          sign,
          prepare,
        );
        assertEquals(run, { code: 130, out: "", err: told });
        assertEquals(namesIn(installation.data), ["soy.db"]);
        assertEquals(Deno.readFileSync(installation.database), before);
        // A snapshot of what was not changed would mislead an undo.
        assertEquals(namesIn(installation.backups), backups);
      });
    }
  }, large);
});

Deno.test("a signal stops an import into nothing and leaves nothing", async (t) => {
  await atSmallSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const args = ["import", backup, "--replace"];
    const prepare = () => {
      for (const name of namesIn(installation.data)) {
        Deno.removeSync(join(installation.data, name));
      }
    };
    for (const signal of signals) {
      await t.step(signal, async () => {
        const sign = () => growing(installation.data);
        const run = await interrupted(
          installation,
          args,
          signal,
          sign,
          prepare,
        );
        assertEquals(run, { code: 130, out: "", err: told });
        assertEquals(namesIn(installation.data), []);
      });
    }
  }, large);
});

Deno.test("a signal that comes at once, or a second one, does no harm", async () => {
  await atSmallSample(async (installation) => {
    const before = Deno.readFileSync(installation.database);
    const running = new RunningTool([], inside(installation));
    await running.reaches(() => growing(installation.backups));
    running.signal("SIGINT");
    running.signal("SIGINT");
    running.signal("SIGTERM");
    const { code } = await running.end();
    assert([0, 130].includes(code));
    assertEquals(namesIn(installation.backups).length, code === 0 ? 1 : 0);
    if (code === 130) {
      assertEquals(Deno.readFileSync(installation.database), before);
    }
  }, large);
});
