/**
 * What the task's permissions leave closed.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { PROJECT, SCOPED } from "../support/process.ts";
import { inScratch, makeInstallation, withDb } from "../support/scratch.ts";
import { namesIn } from "../support/installation.ts";

/** What the tool needs, so the probe must find it open. */
const open = [
  "read data/",
  "write output/",
  "look into data/ by SQL",
  "know the plugin",
  "know about colour",
];

/** How a refusal reads: Deno's own words, or those of SQLite under Deno. */
const refusal =
  /^Requires (\w+) access|requires unscoped --allow-read|too many attached databases - max 0|not authorized|no such function|Cannot load SQLite extensions/;

/** The flags that a task of deno.json gives to the program. */
function flagsOf(task: string): string[] {
  const text = Deno.readTextFileSync(join(PROJECT, "deno.json"));
  const command: string = JSON.parse(text).tasks[task].command;
  return command.split(" ").filter((word) =>
    /^--(no-prompt|(allow|deny|unstable)-?.*)$|^-[A-Z]+$/.test(word)
  );
}

Deno.test("the tasks give the permissions that all these tests run with", () => {
  for (const task of ["backup", "compile"]) {
    assertEquals(flagsOf(task), SCOPED, task);
  }
});

Deno.test("with the task's permissions everything else stays closed", async () => {
  await inScratch(async (folder) => {
    const { states, outcomes } = await probe(folder);
    assertEquals(new Set(states), new Set(["prompt"]));
    for (const name of open) assertEquals(outcomes[name], "done", name);
    const closed = Object.entries(outcomes)
      .filter(([name]) => !open.includes(name));
    assert(closed.length > 30);
    for (const [name, outcome] of closed) {
      assertMatch(outcome, refusal, `${name}: ${outcome}`);
    }
    assertEquals(
      namesIn(join(folder, "outside")),
      ["file", "module.ts", "other.db"],
    );
  });
});

/** Runs the probe where there is much to be had outside. */
async function probe(
  folder: string,
): Promise<{ states: string[]; outcomes: Record<string, string> }> {
  const { root, database } = makeInstallation(folder, "here");
  withDb(database, (db) => db.exec("CREATE TABLE t (a)"));
  const outside = join(folder, "outside");
  Deno.mkdirSync(outside);
  for (const path of ["outside/file", "here/file", "here/data.txt"]) {
    Deno.writeTextFileSync(join(folder, path), "secret");
  }
  Deno.writeTextFileSync(join(outside, "module.ts"), "export {};");
  withDb(join(outside, "other.db"), (db) => db.exec("CREATE TABLE t (a)"));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    return await runProbe(root, [outside, `${listener.addr.port}`]);
  } finally {
    listener.close();
  }
}

async function runProbe(cwd: string, args: string[]) {
  const path = fromFileUrl(new URL("probe.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", ...flagsOf("backup"), path, ...args],
    cwd,
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert(text, new TextDecoder().decode(stderr));
  return JSON.parse(text);
}
