/**
 * The tool as a program of its own.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { PROJECT, SCOPED } from "../support/process.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";

Deno.test("compile runs to its end, and its program runs where the base is at hand", async (t) => {
  await inScratch(async (folder) => {
    await t.step(
      "on a stand-in for the base, compile ends with 0",
      async () => {
        const base = Deno.execPath();
        const path = await compile(folder, "stand-in", { DENORT_BIN: base });
        const [made, stood] = [Deno.statSync(path), Deno.statSync(base)];
        assert(made.size > stood.size, "the program is not in it");
      },
    );
    if (await hasBase()) {
      await t.step("on the real base, the program runs", async () => {
        await checkProgram(folder, await compile(folder, "program", {}));
      });
    } else {
      await t.step(
        "the real base is not at hand, so what is put in is seen",
        () => {
          const bytes = Deno.readFileSync(join(folder, "stand-in"));
          const base = Deno.statSync(Deno.execPath()).size;
          const text = new TextDecoder("latin1").decode(bytes.subarray(base));
          assert(text.includes("CLAUDE_PLUGIN_ROOT"));
          assert(text.includes("No backups yet. Run /backup to make one."));
        },
      );
    }
  });
});

async function compile(
  folder: string,
  name: string,
  env: Record<string, string>,
): Promise<string> {
  const path = join(folder, name);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["compile", "--quiet", "--no-lock", "--no-check"],
      ...["--config", join(PROJECT, "deno.json"), "--output", path],
      ...SCOPED,
      join(PROJECT, "backup.ts"),
    ],
    cwd: folder,
    env,
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return path;
}

async function checkProgram(folder: string, path: string): Promise<void> {
  const { root } = makeInstallation(folder, "here");
  const { code, stdout } = await new Deno.Command(path, {
    args: ["status"],
    cwd: root,
    env: { CLAUDE_PLUGIN_ROOT: "", NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0);
  assertMatch(new TextDecoder().decode(stdout), /^No backups yet\./);
}

/** Whether the runtime base has been downloaded before: tests use no network. */
async function hasBase(): Promise<boolean> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    cwd: PROJECT,
  }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  const version = `v${Deno.version.deno}`;
  const archive = `denort-${Deno.build.target}.zip`;
  return Deno.env.has("DENORT_BIN") ||
    existsSync(join(denoDir, "dl", "release", version, archive));
}
