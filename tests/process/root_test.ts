/**
 * Which installation the tool works on.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeSample } from "../../lib/demo/sample.ts";
import { type Place, placeAt } from "../../lib/store/installation.ts";
import { runTool } from "../support/process.ts";
import { inScratch, makePlace, rowsIn } from "../support/scratch.ts";
import { makeBundle } from "../support/bundle.ts";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

const scale = 0.05;

function grants({ data, output }: Place): string[] {
  return [
    `--allow-read=${data},${output}`,
    `--allow-write=${data},${output}`,
  ];
}

Deno.test("--root goes before CLAUDE_PLUGIN_ROOT", async () => {
  await atSample(async (place) => {
    const env = { CLAUDE_PLUGIN_ROOT: "nowhere" };
    const run = await tool(place, ["--root", "."], { env });
    assertEquals([run.code, namesIn(place.output).length], [0, 1]);
    const without = await tool(place, [], { env });
    assertEquals(without.code, 1);
    assertStringIncludes(without.err, "nowhere");
  });
});

Deno.test("CLAUDE_PLUGIN_ROOT names the folder, from wherever it is run", async () => {
  await atSample(async (place) => {
    const cwd = join(place.root, "elsewhere");
    Deno.mkdirSync(cwd);
    const env = { CLAUDE_PLUGIN_ROOT: place.root };
    const { code, out } = await runTool([], {
      cwd,
      env,
      allow: grants(place),
    });
    assertEquals([code, namesIn(place.output).length], [0, 1]);
    assertStringIncludes(out, "\noutput/backup-");
    assertEquals(namesIn(cwd), []);
  });
});

Deno.test("--root takes a relative folder and one with a slash at its end", async (t) => {
  await atSample(async (place) => {
    for (const root of ["here", "./here/", join(place.root)]) {
      await t.step(root === place.root ? "absolute" : root, async () => {
        const cwd = join(place.root, "..");
        const allow = grants(place);
        const args = ["status", "--root", root];
        const { code, err } = await runTool(args, { cwd, allow });
        assertEquals([code, err], [0, ""]);
      });
    }
  });
});

Deno.test("where nothing names it, it is the folder of the program", async () => {
  await atSample(async (place) => {
    const entry = await makeBundle(place.root);
    const env = { CLAUDE_PLUGIN_ROOT: "" };
    const { code, err } = await tool(place, [], { env, entry });
    assertEquals([code, err, namesIn(place.output).length], [0, "", 1]);
  });
});

/** An installation as it is made: its data is elsewhere, behind links. */
async function withLinks(
  test: (place: Place, user: Place) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const user = makePlace(folder, "the user's data");
    const place = placeAt(join(folder, "plugin"));
    Deno.mkdirSync(place.data, { recursive: true });
    Deno.symlinkSync(user.database, place.database);
    Deno.symlinkSync(user.output, place.output);
    await test(place, user);
  });
}

function assertLinks(place: Place): void {
  for (const path of [place.database, place.output]) {
    assert(Deno.lstatSync(path).isSymlink, `${path} is no link any more`);
  }
}

Deno.test("links to another folder are followed, and stay", async () => {
  await withLinks(async (place, user) => {
    makeSample(user.database, { scale });
    await makeBackup(place);
    assertEquals(namesIn(user.output).length, 1);
    const [name = ""] = namesIn(user.output);
    const run = await tool(place, ["import", name]);
    assertEquals([run.code, run.err], [0, ""]);
    const { out } = await tool(place, ["status"]);
    assertStringIncludes(out, "1 backup file found.");
    assertLinks(place);
  });
});

Deno.test("a database lost comes back where its link leads", async () => {
  await withLinks(async (place, user) => {
    makeSample(user.database, { scale });
    const backup = await makeBackup(place);
    Deno.removeSync(user.database);
    const run = await tool(place, ["import", backup]);
    assertEquals([run.code, run.err], [0, ""]);
    assertLinks(place);
    const query = "SELECT count(*) FROM contacts";
    assertEquals(rowsIn(user.database, query), [[31]]);
    assertEquals(namesIn(place.data), ["soy.db"]);
  });
});

Deno.test("blanks, quotes and shell signs in a path are parts of it", async () => {
  await inScratch(async (folder) => {
    const name = `it's a "plug in"; $(touch x) & ünïcode 100%25 #1?`;
    const place = makePlace(folder, name);
    makeSample(place.database, { scale });
    const { code, err } = await tool(place, [], {
      env: { CLAUDE_PLUGIN_ROOT: place.root },
    });
    assertEquals([code, err, namesIn(place.output).length], [0, "", 1]);
    const [backup = ""] = namesIn(place.output);
    const odd = join(place.output, "what's up? #1.json");
    Deno.renameSync(join(place.output, backup), odd);
    const run = await tool(place, ["import", "output/what's up? #1.json"]);
    assertEquals([run.code, run.err], [0, ""]);
    assertEquals(namesIn(folder), [name]);
  });
});
