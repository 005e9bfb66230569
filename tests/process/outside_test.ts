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
    const refused = await tool(installation, ["import", path]);
    assertAdvice(refused, path);
    assertStringIncludes(refused.err, "or copy the backup into output/");
    const allow = [`--allow-read=${path}`];
    const { code } = await tool(installation, ["import", path], { allow });
    assertEquals(code, 0);
  });
});

Deno.test("every command on a folder outside gets one line", async (t) => {
  await atSample(async ({ root, data, backups }) => {
    const commands = ["export", "status", "import some.json", "verify", "undo"];
    for (const command of commands) {
      await t.step(command, () =>
        inScratch(async (cwd) => {
          const args = [...command.split(" "), "--root", root];
          const run = await runTool(args, { cwd });
          const both = `${backups},${data}`;
          assertAdvice(run, `${both} --allow-write=${both}`);
          assertStringIncludes(run.err, `Cannot work in "${root}": `);
          assertStringIncludes(run.err, "start it in that folder");
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

Deno.test("a key outside gets one line that names standard input, or output", async () => {
  await atSample(async (installation) => {
    await makeBackup(installation);
    const path = join(installation.root, "key.txt");
    const run = await tool(installation, ["verify", "--identity", path]);
    assertAdvice(run, path);
    assertStringIncludes(run.err, "or give the key on standard input: ");
    assertEquals(run.err.includes("output/"), false);
    // There is nothing on it here.
    const piped = await tool(installation, ["verify", "--identity", "-"]);
    assertEquals([piped.code, piped.out], [1, ""]);
    assertStringIncludes(piped.err, "the secret key from standard input: ");
    const { code, err } = await tool(installation, ["keygen", path]);
    assertEquals(code, 1);
    assertStringIncludes(err, `--allow-write=${path}, or have it written to `);
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
