/**
 * The slash command's own script, as Claude Code runs it: taken out of the page and
 * run with Bash in a plugin's folder with spaces in its path.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { putSample } from "../support/sample.ts";
import { installationAt } from "../../lib/store/installation.ts";
import { PROJECT, type Run } from "../support/process.ts";
import { inScratch, rowsIn } from "../support/scratch.ts";

const page = Deno.readTextFileSync(join(PROJECT, "commands", "backup.md"));
const script = /```bash\n([\s\S]*?)```/.exec(page)![1]!;

/** The script with its first three lines filled in. */
function filledIn(command: string, backup: string, options = ""): string {
  return script
    .replace('BACKUP=""', `BACKUP="${backup}"`)
    .replace('COMMAND="export"', `COMMAND="${command}"`)
    .replace('OPTIONS=""', `OPTIONS="${options}"`);
}

/** A plugin's folder with the bundle in it, and a `deno` on the path. */
async function inPlugin(
  test: (plugin: string, folder: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const plugin = join(folder, "my plugin's folder");
    Deno.mkdirSync(join(plugin, "data"), { recursive: true });
    Deno.mkdirSync(join(folder, "bin"));
    Deno.symlinkSync(Deno.execPath(), join(folder, "bin", "deno"));
    putSample(join(plugin, "data", "soy.db"), { scale: 0.1 });
    await bundleInto(join(plugin, "backup.js"));
    await test(plugin, folder);
  });
}

async function bundleInto(path: string): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "deno", "-o", path, "backup.ts"],
    cwd: PROJECT,
  }).output();
  assertEquals(success, true);
}

async function bash(
  text: string,
  folder: string,
  env: Record<string, string>,
): Promise<Run> {
  const path = `${join(folder, "bin")}:${Deno.env.get("PATH")}`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", text],
    cwd: folder,
    env: { PATH: path, NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("the slash command exports, reports and imports", async () => {
  await inPlugin(async (plugin, folder) => {
    const env = { CLAUDE_PLUGIN_ROOT: plugin };
    const exported = await bash(filledIn("export", ""), folder, env);
    assertEquals([exported.code, exported.err], [0, ""]);
    assertMatch(exported.out, /^Backup saved\. .* exported\.\noutput\/backup-/);
    const status = await bash(filledIn("status", ""), folder, env);
    assertStringIncludes(status.out, "1 backup file found.");

    const [name] = [...Deno.readDirSync(installationAt(plugin).backups)]
      .map(({ name }) => name).filter((name) => name.endsWith(".json"));
    Deno.removeSync(join(plugin, "data", "soy.db"));
    const back = await bash(filledIn("import", name!), folder, env);
    assertEquals([back.code, back.err], [0, ""]);
    const contacts = "SELECT count(*) FROM contacts";
    assertEquals(rowsIn(installationAt(plugin).database, contacts), [[31]]);
  });
});

Deno.test("the slash command may read the one file to import, wherever it is", async () => {
  await inPlugin(async (plugin, folder) => {
    const env = { CLAUDE_PLUGIN_ROOT: plugin };
    await bash(filledIn("export", ""), folder, env);
    const [name] = [...Deno.readDirSync(installationAt(plugin).backups)]
      .map(({ name }) => name).filter((name) => name.endsWith(".json"));
    const preview = filledIn("import", name!, "--dry-run");
    assertMatch((await bash(preview, folder, env)).out, /^An import would/);
    for (const elsewhere of ["on a stick.json", "one, two.json"]) {
      Deno.copyFileSync(
        join(plugin, "output", name!),
        join(folder, elsewhere),
      );
      const run = await bash(filledIn("import", elsewhere), folder, env);
      assertEquals([run.code, run.err], [0, ""], elsewhere);
      assertMatch(run.out, /^Imported 31 contacts/);
    }
    const left = [...Deno.readDirSync(installationAt(plugin).backups)]
      .filter(({ name }) => name.startsWith("borrowed"));
    assertEquals(left, []);
  });
});

Deno.test("the slash command prefers the binary and passes its exit code on", async () => {
  await inPlugin(async (plugin, folder) => {
    const binary = join(plugin, "soy-backup");
    const text = '#!/bin/sh\necho "binary: $*"; pwd; exit 3\n';
    Deno.writeTextFileSync(binary, text, { mode: 0o755 });
    const run = await bash(filledIn("status", ""), folder, {
      CLAUDE_PLUGIN_ROOT: plugin,
    });
    assertEquals(run.code, 3);
    assertStringIncludes(run.out, "binary: status\n");
    assertStringIncludes(run.out, "my plugin's folder");
  });
});

Deno.test("the slash command works in the current folder without CLAUDE_PLUGIN_ROOT", async () => {
  await inPlugin(async (plugin, folder) => {
    const text = `unset CLAUDE_PLUGIN_ROOT; cd "${plugin}"\n` +
      filledIn("export", "");
    const run = await bash(text, folder, {});
    assertEquals([run.code, run.err], [0, ""]);
    assertStringIncludes(run.out, "Backup saved. 31 contacts");
  });
});
