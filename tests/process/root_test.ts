/**
 * Which installation the tool works on.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { putSmallSample } from "../support/sample.ts";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { runTool } from "../support/process.ts";
import { inScratch, makeInstallation, rowsIn } from "../support/scratch.ts";
import { makeBundle } from "../support/bundle.ts";
import {
  atSmallSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

const scale = 0.05;

function grants({ data, backups }: Installation): string[] {
  return [
    `--allow-read=${data},${backups}`,
    `--allow-write=${data},${backups}`,
  ];
}

Deno.test("--root goes before CLAUDE_PLUGIN_ROOT", async () => {
  await atSmallSample(async (installation) => {
    const env = { CLAUDE_PLUGIN_ROOT: "nowhere" };
    const run = await tool(installation, ["--root", "."], { env });
    assertEquals([run.code, namesIn(installation.backups).length], [0, 1]);
    const without = await tool(installation, [], { env });
    assertEquals(without.code, 1);
    assertStringIncludes(without.err, "nowhere");
  });
});

Deno.test("CLAUDE_PLUGIN_ROOT names the folder, from wherever it is run", async () => {
  await atSmallSample(async (installation) => {
    const cwd = join(installation.root, "elsewhere");
    Deno.mkdirSync(cwd);
    const env = { CLAUDE_PLUGIN_ROOT: installation.root };
    const { code, out } = await runTool([], {
      cwd,
      env,
      allow: grants(installation),
    });
    assertEquals([code, namesIn(installation.backups).length], [0, 1]);
    assertStringIncludes(out, "\noutput/backup-");
    assertEquals(namesIn(cwd), []);
  });
});

Deno.test("--root takes a relative folder and one with a slash at its end", async (t) => {
  await atSmallSample(async (installation) => {
    for (const root of ["here", "./here/", join(installation.root)]) {
      await t.step(root === installation.root ? "absolute" : root, async () => {
        const cwd = join(installation.root, "..");
        const allow = grants(installation);
        const args = ["status", "--root", root];
        const { code, err } = await runTool(args, { cwd, allow });
        assertEquals([code, err], [0, ""]);
      });
    }
  });
});

Deno.test("where nothing names it, it is the folder of the program", async () => {
  await atSmallSample(async (installation) => {
    const entry = await makeBundle(installation.root);
    const env = { CLAUDE_PLUGIN_ROOT: "" };
    const { code, err } = await tool(installation, [], { env, entry });
    assertEquals([code, err, namesIn(installation.backups).length], [0, "", 1]);
  });
});

/** An installation as it is made: its data is elsewhere, behind links. */
async function withLinks(
  test: (installation: Installation, user: Installation) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const user = makeInstallation(folder, "the user's data");
    const installation = installationAt(join(folder, "plugin"));
    Deno.mkdirSync(installation.data, { recursive: true });
    Deno.symlinkSync(user.database, installation.database);
    Deno.symlinkSync(user.backups, installation.backups);
    await test(installation, user);
  });
}

function assertLinks(installation: Installation): void {
  for (const path of [installation.database, installation.backups]) {
    assert(Deno.lstatSync(path).isSymlink, `${path} is no link any more`);
  }
}

Deno.test("links to another folder are followed, and stay", async () => {
  await withLinks(async (installation, user) => {
    putSmallSample(user.database, { scale });
    await makeBackup(installation);
    assertEquals(namesIn(user.backups).length, 1);
    const [name = ""] = namesIn(user.backups);
    const run = await tool(installation, ["import", name]);
    assertEquals([run.code, run.err], [0, ""]);
    const { out } = await tool(installation, ["status"]);
    assertStringIncludes(out, "1 backup file found.");
    assertLinks(installation);
  });
});

Deno.test("a database lost comes back where its link leads", async () => {
  await withLinks(async (installation, user) => {
    putSmallSample(user.database, { scale });
    const backup = await makeBackup(installation);
    Deno.removeSync(user.database);
    const run = await tool(installation, ["import", backup]);
    assertEquals([run.code, run.err], [0, ""]);
    assertLinks(installation);
    const query = "SELECT count(*) FROM contacts";
    assertEquals(rowsIn(user.database, query), [[31]]);
    assertEquals(namesIn(installation.data), ["soy.db"]);
  });
});

Deno.test("blanks, quotes and shell signs in a path are parts of it", async () => {
  await inScratch(async (folder) => {
    const name = `it's a "plug in"; $(touch x) & ünïcode 100%25 #1?`;
    const installation = makeInstallation(folder, name);
    putSmallSample(installation.database, { scale });
    const { code, err } = await tool(installation, [], {
      env: { CLAUDE_PLUGIN_ROOT: installation.root },
    });
    assertEquals([code, err, namesIn(installation.backups).length], [0, "", 1]);
    const [backup = ""] = namesIn(installation.backups);
    const odd = join(installation.backups, "what's up? #1.json");
    Deno.renameSync(join(installation.backups, backup), odd);
    const run = await tool(installation, [
      "import",
      "output/what's up? #1.json",
    ]);
    assertEquals([run.code, run.err], [0, ""]);
    assertEquals(namesIn(folder), [name]);
  });
});
