/**
 * The documents against the program: links, commands, options, tasks, exit
 * codes, the members of `--json`, and the picture.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { COMMANDS } from "../../lib/cli/main.ts";
import { DAILY_USE, withOutputs } from "../../lib/demo/daily_use.ts";
import { drawSession, PICTURE } from "../../lib/demo/picture.ts";
import { makeSample } from "../../lib/demo/sample.ts";
import { EXIT } from "../../lib/errors.ts";
import { PROJECT } from "../support/process.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";
import {
  anchorsOf,
  DOCUMENTS,
  linksOf,
  optionsIn,
  readDocument,
  says,
  section,
} from "./documents.ts";

const manual = readDocument("docs/commands.md");
const names = COMMANDS.map(({ name }) => name);

Deno.test("the README has at most 200 lines", () => {
  const lines = readDocument("README.md").split("\n").length - 1;
  assert(lines <= 200, `${lines} lines`);
});

Deno.test("the README's first two commands are the demo and the tests", () => {
  const blocks = [...readDocument("README.md").matchAll(/^```\n(.*?)^```$/gms)];
  const [demo, tests] = blocks.map(([, command]) => command);
  assertEquals(demo, "npx -y deno@2.9.6 task demo\n");
  assertEquals(tests, "npx -y deno@2.9.6 task test\n");
});

Deno.test("every link leads to a file, and to a heading in it", () => {
  for (const document of DOCUMENTS) {
    for (const { path, anchor } of linksOf(document)) {
      const link = `${document} links to ${path}#${anchor}`;
      assert(existsSync(join(PROJECT, path)), link);
      if (anchor) assert(anchorsOf(path).includes(anchor), link);
    }
  }
});

Deno.test("every option that a user reads of is one of the program", async () => {
  const help = await Promise.all(
    [[], ...names.map((name) => [name])].map((args) =>
      says([...args, "--help"])
    ),
  );
  const installing = readDocument("lib/install/install.ts");
  const known = optionsIn([...help, installing].join("\n"));
  // The slash command also gives options to Deno.
  const deno = ["no-prompt", "allow-read", "allow-write", "allow-env"];
  for (
    const path of ["README.md", "docs/commands.md", "commands/backup.md"]
  ) {
    for (const option of optionsIn(readDocument(path))) {
      if (path.startsWith("commands/") && deno.includes(option)) continue;
      assert(known.has(option), `${path} names --${option}`);
    }
  }
});

Deno.test("every option of every command stands in its section", async () => {
  const general = optionsIn(section(manual, "Options of every command"));
  for (const name of names) {
    const documented = optionsIn(section(manual, name)).union(general);
    for (const option of optionsIn(await says([name, "--help"]))) {
      assert(documented.has(option), `docs/commands.md: ${name} --${option}`);
    }
  }
});

Deno.test("every task that a document names is one of deno.json", () => {
  const { tasks } = JSON.parse(readDocument("deno.json"));
  for (const path of DOCUMENTS) {
    for (
      const [, task] of readDocument(path).matchAll(
        /\bdeno(?:@[\d.]+)? task ([a-z:]+)/g,
      )
    ) assert(task! in tasks, `${path} names the task ${task}`);
  }
});

Deno.test("the exit codes are those of the program", () => {
  const codes = [...section(manual, "Exit codes").matchAll(/^\| (\d+) /gm)];
  assertEquals(codes.map(([, code]) => Number(code)), Object.values(EXIT));
});

Deno.test("the members of --json are those of a real run", async (t) => {
  await inScratch(async (folder) => {
    const { root, backups, database } = makeInstallation(folder, "sample");
    makeSample(database, { scale: 0.05 });
    await checkMembers("export", [], root);
    const [{ name }] = [...Deno.readDirSync(backups)] as [Deno.DirEntry];
    const runs: [string, string[]][] = [
      ["import", [name]],
      ["import", [name, "--dry-run"]],
      ["status", []],
      ["export", ["--if-older", "20h"]],
      ["hook", []],
      ["keygen", [join(root, "data", "key.txt")]],
      ["verify", [name]],
      ["diff", [name]],
      ["diff", [name, "now", "--details"]],
      ["show", []],
      ["find", ["acme"]],
      ["find", ["contacts:1"]],
      ["undo", ["--list"]],
      ["undo", ["--dry-run"]],
      ["undo", []],
      ["tidy", []],
      ["verify", ["--all"]],
      ["report", []],
    ];
    for (const [command, args] of runs) {
      await t.step(
        [command, ...args.slice(1)].join(" "),
        () => checkMembers(command, args, root),
      );
    }
  });
});

async function checkMembers(
  command: string,
  args: string[],
  root: string,
): Promise<void> {
  const answer = JSON.parse(
    await says([command, ...args, "--json", "--root", root]),
  );
  const { command: _name, ok: _ok, exit_code: _code, ...members } = answer;
  const form = [command, ...args].join(" ");
  const documented = documentedMembers(form) ?? documentedMembers(command)!;
  assertEquals(Object.keys(members).sort(), [...documented.keys()].sort());
  for (const [member, inner] of documented) {
    const [first] = Array.isArray(members[member]) ? members[member] : [];
    if (typeof first !== "object") continue;
    for (const key of Object.keys(first)) {
      assert(inner.has(key), `${command}: ${member} has ${key}`);
    }
  }
}

/**
 * The members of a command's answer, each with the members of its items, if the manual
 * has that form of it.
 */
function documentedMembers(
  command: string,
): Map<string, Set<string>> | undefined {
  const chapter = section(manual, "The answers of `--json`");
  const start = `- \`${command}\`: `;
  const item = chapter.split(/\n(?=- )|\n\n/)
    .find((item) => item.startsWith(start));
  if (item === undefined) return undefined;
  const members = new Map<string, Set<string>>();
  const list = item.slice(start.length).replaceAll(/\s+/g, " ");
  for (const [, name, , items] of list.matchAll(/`(\w+)`( \(([^)]*)\))?/g)) {
    const words = [...(items ?? "").matchAll(/`(\w+)`/g)];
    members.set(name!, new Set(words.map(([, word]) => word!)));
  }
  return members;
}

Deno.test("the picture is what the program says now; else: deno task picture", async () => {
  const stored = Deno.readTextFileSync(PICTURE).replaceAll("\r\n", "\n");
  assertEquals(await drawSession(), stored);
});

Deno.test("the page on daily use has what the program says now; else: deno task story", async () => {
  const stored = Deno.readTextFileSync(DAILY_USE).replaceAll("\r\n", "\n");
  assert(stored.includes("$ deno task backup import"));
  assertEquals(await withOutputs(stored), stored);
});
