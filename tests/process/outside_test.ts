/**
 * Paths beyond the task's permissions: one line that tells what to do.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Run, runTool } from "../support/process.ts";
import { inScratch } from "../support/scratch.ts";
import { atSample, makeBackup, tool } from "../support/installation.ts";

/** One line on standard error that names the right that is missing. */
function assertAdvice(run: Run, path: string): void {
  assertEquals([run.code, run.out], [1, ""]);
  assertMatch(run.err, /^Error: Cannot [^\n]+\n$/);
  assertStringIncludes(run.err, "this program may not read there");
  assertStringIncludes(run.err, `--allow-read=${path}`);
}

Deno.test("a backup outside gets one line with the right to give", async () => {
  await atSample(async (installation) => {
    const backup = await makeBackup(installation);
    const path = join(installation.root, "moved.json");
    Deno.renameSync(backup, path);
    assertAdvice(await tool(installation, ["import", path]), path);
    const allow = [`--allow-read=${path}`];
    const { code } = await tool(installation, ["import", path], { allow });
    assertEquals(code, 0);
  });
});

Deno.test("every command on a folder outside gets one line", async (t) => {
  await atSample(async ({ root, backups }) => {
    for (const args of [["export"], ["status"], ["import", "some.json"]]) {
      await t.step(args.join(" "), () =>
        inScratch(async (cwd) => {
          const run = await runTool([...args, "--root", root], { cwd });
          assertAdvice(run, args[0] === "export" ? root : backups);
        }));
    }
  });
});

Deno.test("the rights that the lines name are enough in the end", async () => {
  await atSample(async ({ root, data, backups }) => {
    await inScratch(async (cwd) => {
      const allow = ["read", "write"]
        .map((right) => `--allow-${right}=${data},${backups}`);
      const args = ["--root", root];
      const run = await runTool(args, { cwd, allow });
      assertEquals([run.code, run.err], [0, ""]);
    });
  });
});

Deno.test("a right to read without one to write gets a line too", async () => {
  await atSample(async ({ root, data, backups }) => {
    await inScratch(async (cwd) => {
      const allow = [`--allow-read=${data},${backups}`];
      const run = await runTool(["--root", root], { cwd, allow });
      assertEquals([run.code, run.out], [1, ""]);
      assertMatch(run.err, /^Error: Cannot [^\n]*--allow-write=[^\n]*\n$/);
    });
  });
});
