/**
 * The tool as one file.
 *
 * @module
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { inScratch } from "../support/scratch.ts";
import { makeBundle } from "../support/bundle.ts";
import { namesIn } from "../support/installation.ts";
import { MAIN_CASES } from "./main_cases.ts";

Deno.test("the bundle does what the program does, with no configuration", async (t) => {
  await inScratch(async (folder) => {
    const entry = await makeBundle(folder);
    for (const { name, check } of MAIN_CASES) {
      await t.step(name, () => check(entry));
    }
  });
});

Deno.test("the bundle is one file that imports nothing but built-in modules", async () => {
  await inScratch(async (folder) => {
    const text = Deno.readTextFileSync(await makeBundle(folder));
    assertEquals(namesIn(folder), ["backup.js"]);
    const imports = [...text.matchAll(/\bimport\(["'](.*?)["']\)/g)];
    const names = new Set(imports.map(([, name]) => name));
    const builtIn = ["node:sqlite", "node:buffer", "node:crypto", "node:zlib"];
    assertEquals(names, new Set(builtIn));
    // What is imported at the top is loaded whatever the command.
    assertNotMatch(text, /^import\b/m);
  });
});

Deno.test("the bundle is ASCII, which takes a byte a character in memory, not two", async () => {
  await inScratch(async (folder) => {
    const text = Deno.readTextFileSync(await makeBundle(folder));
    assertEquals(text.match(/[\u0080-\uffff]/g), null);
  });
});
