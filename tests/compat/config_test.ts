/**
 * The two configurations: the stand-ins, and the real packages.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PROJECT } from "../support/process.ts";

function config(...path: string[]) {
  return JSON.parse(Deno.readTextFileSync(join(PROJECT, ...path)));
}

const project = config("deno.json");

Deno.test("both configurations name the same packages, and check types alike", () => {
  const { imports, compilerOptions } = config("lib", "compat", "jsr.json");
  assertEquals(imports, project.imports);
  assertEquals(compilerOptions, project.compilerOptions);
});

Deno.test("each stand-in calls itself what the configuration imports", () => {
  const names = project.links.map((folder: string) => {
    const { name, version } = config(folder, "deno.json");
    return [name, `jsr:${name}@${version}`];
  });
  const fromJsr = Object.entries<string>(project.imports)
    .filter(([, specifier]) => specifier.startsWith("jsr:"));
  assertEquals(Object.fromEntries(names), Object.fromEntries(fromJsr));
});

Deno.test("every package is pinned to one version", () => {
  for (const specifier of Object.values<string>(project.imports)) {
    assert(/@\d+\.\d+\.\d+$/.test(specifier), specifier);
  }
});

Deno.test("every task says what it is for", () => {
  const wanted =
    "backup backup:ffi export import status demo picture test ok doc spell bench compile bundle";
  for (const name of wanted.split(" ")) {
    assert(project.tasks[name]?.description, name);
  }
});
