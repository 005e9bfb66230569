/**
 * Imports run one way, as docs/architecture.md says.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, join, relative } from "@std/path";
import { PROJECT } from "../support/process.ts";

/** The modules below a folder, by their paths in the project. */
function modulesIn(folder: string): string[] {
  return [...Deno.readDirSync(join(PROJECT, folder))]
    .flatMap(({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (isDirectory) return modulesIn(path);
      return name.endsWith(".ts") ? [path] : [];
    });
}

const statements = /\bfrom\s*"(\.[^"]+)"/g;
const all = /(?:\bfrom|\bimport\()\s*"(\.[^"]+)"/g;

/** The modules that a module imports, types too. */
function importsOf(module: string, pattern: RegExp): string[] {
  const text = Deno.readTextFileSync(join(PROJECT, module));
  const found = text.matchAll(pattern);
  return [...found].map(([, path]) =>
    relative(PROJECT, join(PROJECT, dirname(module), path!))
  );
}

/** The room of a module; `lib` for the files of `lib` itself. */
function roomOf(module: string): string {
  return module.split("/").slice(0, -1).slice(0, 2).join("/");
}

/** The rooms in the order of the table, and the modules that a row lets in besides. */
function rows(): { rooms: string[]; besides: string[] }[] {
  const text = Deno.readTextFileSync(join(PROJECT, "docs/architecture.md"));
  return text.split("\n").filter((line) => line.startsWith("| `lib"))
    .map((line) => line.split("|"))
    .map(([, names, , from]) => ({
      rooms: [...names!.matchAll(/`(lib(?:\/\w+)?)/g)].map(([, room]) => room!),
      besides: [...from!.matchAll(/`(lib\/[\w/]+\.ts)`/g)]
        .map(([, module]) => module!),
    }));
}

/** Rooms that may import anything. */
const outside = ["lib/demo", "lib/bench"];

Deno.test("a room imports from rooms below it in the table of the architecture", () => {
  const table = rows();
  const rowOf = (module: string) =>
    table.findIndex(({ rooms }) => rooms.includes(roomOf(module)));
  const modules = modulesIn("lib");
  assertEquals(modules.filter((module) => rowOf(module) < 0), []);
  const wrong = modules.filter((module) => !outside.includes(roomOf(module)))
    .flatMap((module) =>
      importsOf(module, all).filter((other) =>
        roomOf(other) !== roomOf(module) &&
        !["lib", "lib/soy"].includes(roomOf(other)) &&
        !table[rowOf(module)]!.besides.includes(other) &&
        rowOf(other) <= rowOf(module)
      ).map((other) => `${module} imports ${other}`)
    );
  assertEquals(wrong, []);
});

Deno.test("no modules import each other in a circle", () => {
  const done = new Set<string>();
  const visit = (module: string, path: string[]) => {
    assert(!path.includes(module), [...path, module].join(" imports "));
    if (done.has(module)) return;
    // What is loaded later may close a circle: it is loaded by itself.
    for (const other of importsOf(module, statements)) {
      visit(other, [...path, module]);
    }
    done.add(module);
  };
  for (const module of modulesIn("lib")) visit(module, []);
});
