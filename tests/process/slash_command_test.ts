/**
 * The page of the slash command, and the commands that it gives, as Claude Code
 * runs them: in the person's shell, in any folder.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
// deno-lint-ignore no-import-prefix -- for this test alone, not the program's imports
import { parse } from "npm:yaml@2.9.1";
import { COMMANDS } from "../../lib/cli/main.ts";
import { makeBundle } from "../support/bundle.ts";
import { PROJECT } from "../support/process.ts";
import { inScratch } from "../support/scratch.ts";
import { putSample } from "../support/sample.ts";
import { inShell, onlyTools, SHELLS } from "../support/shells.ts";

const page = Deno.readTextFileSync(join(PROJECT, "commands", "backup.md"));
const blocks = [...page.matchAll(/```bash\n([\s\S]*?)```/g)]
  .map(([, text]) => text!);

Deno.test("the page's front matter is YAML that Claude Code understands", () => {
  const [, text] = /^---\n([\s\S]*?)\n---\n/.exec(page)!;
  const front = parse(text!);
  assertEquals(Object.keys(front), [
    "description",
    "allowed-tools",
    "argument-hint",
  ]);
  assertEquals(front["allowed-tools"], ["Bash"]);
  assertEquals(typeof front["description"], "string");
  assertEquals(typeof front["argument-hint"], "string");
});

Deno.test("the page has at most a dozen lines of shell", () => {
  const lines = blocks.join("").trim().split("\n");
  assert(lines.length > 0 && lines.length <= 12, `${lines.length} lines`);
});

Deno.test("the page names only options that there are", async () => {
  const known = new Set<string>();
  for (
    const command of COMMANDS.map(({ name }) => name)
  ) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-read", "--allow-env"]
        .concat(join(PROJECT, "backup.ts"), command, "--help"),
      env: { NO_COLOR: "1" },
    }).output();
    const help = new TextDecoder().decode(stdout);
    for (const [option] of help.matchAll(/--[a-z][a-z-]+/g)) known.add(option);
  }
  const named = [...page.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option);
  assertEquals(named.filter((option) => !known.has(option)), []);
});

for (const { name, ignore } of SHELLS) {
  Deno.test({
    name: `the page's commands run in ${name}`,
    ignore,
    fn: () =>
      inScratch(async (folder) => {
        const home = join(folder, "o'home");
        const plugin = join(home, ".software-of-you");
        await makePlugin(plugin);
        const path = onlyTools(folder);
        Deno.symlinkSync(Deno.execPath(), join(path, "deno"));
        const elsewhere = join(folder, "work");
        Deno.mkdirSync(elsewhere);
        const source = join(folder, "Anna's, $(touch run).json");
        const disk = join(folder, "Anna's disk");
        Deno.mkdirSync(disk);
        for (const set of [{}, { CLAUDE_PLUGIN_ROOT: plugin }]) {
          for (const block of blocks) {
            const command = block.replace("'PATH'", () => inQuotes(source))
              .replace("'FOLDER'", () => inQuotes(disk));
            const run = await inShell(name, ["-c", command], {
              cwd: elsewhere,
              env: { PATH: path, HOME: home, ...set },
            });
            assertEquals([run.code, run.err], [0, ""], block);
            if (!existsSync(source)) copyBackup(plugin, source);
          }
          Deno.removeSync(join(plugin, "output", "second-place"));
        }
        assertEquals([...Deno.readDirSync(elsewhere)], []);
        assertEquals(copiesIn(plugin), []);
      }),
  });
}

Deno.test("the page tells how to write a single quote inside a name", () => {
  assertStringIncludes(page, "`'\\''`");
});

/** A word as the page says to write it. */
function inQuotes(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

async function makePlugin(plugin: string): Promise<void> {
  Deno.mkdirSync(join(plugin, "data"), { recursive: true });
  putSample(join(plugin, "data", "soy.db"));
  await makeBundle(plugin);
  const launcher = "soy-backup.sh";
  Deno.copyFileSync(join(PROJECT, launcher), join(plugin, launcher));
}

function copyBackup(plugin: string, to: string): void {
  const output = join(plugin, "output");
  const name = [...Deno.readDirSync(output)].map(({ name }) => name)
    .find((name) => name.endsWith(".json"));
  Deno.copyFileSync(join(output, name!), to);
}

function copiesIn(plugin: string): string[] {
  return [...Deno.readDirSync(join(plugin, "output"))]
    .map(({ name }) => name).filter((name) => name.startsWith("copy-"));
}
