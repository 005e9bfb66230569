/**
 * What the program loads before it has an answer.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { PROJECT } from "../support/process.ts";

/** What a module loads as soon as it is loaded itself: its static imports. */
function importsOf(path: string): string[] {
  const text = Deno.readTextFileSync(path);
  const statements = text.matchAll(/^(import|export) [^;]*?from "(.+?)";/gms);
  return Array.from(statements)
    // Types are gone when the program runs.
    .filter(([statement]) => !/^(import|export) type /.test(statement))
    .map(([, , specifier]) => specifier ?? "")
    .map((specifier) =>
      specifier.startsWith(".") ? join(dirname(path), specifier) : specifier
    );
}

/** All that is loaded with a module of the project. */
function loadedWith(module: string): Set<string> {
  const loaded = new Set<string>();
  const add = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    if (path.startsWith(PROJECT)) importsOf(path).forEach(add);
  };
  add(join(PROJECT, module));
  return loaded;
}

const heavy = [
  join(PROJECT, "lib/bytes.ts"),
  "age-encryption",
  "d3-scale",
  "d3-shape",
  "modern-tar",
];

Deno.test("the list of what is heavy to load names what there is", () => {
  const loaded = loadedWith("lib/format/writer.ts");
  assert(loaded.has(join(PROJECT, "lib/bytes.ts")));
  assert(loadedWith("lib/age/age.ts").has("age-encryption"));
});

for (const module of ["backup.ts", "lib/store/status.ts"]) {
  Deno.test(`${module} loads nothing heavy: help and status answer at once`, () => {
    const loaded = loadedWith(module);
    assert(loaded.size > 10);
    assertEquals(heavy.filter((path) => loaded.has(path)), []);
  });
}
