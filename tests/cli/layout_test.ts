/**
 * Lines and tables in terminals of any width.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { laidOut } from "../../lib/cli/layout.ts";
import { main } from "../../lib/cli/main.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { atSample } from "../support/installation.ts";
import { withDb } from "../support/scratch.ts";

const counts = {
  head: ["", "new", "not in backup"],
  rows: [["contacts", "3", "0"], ["activity_log", "1,000", "12"]],
};

Deno.test("without a terminal no line is wrapped", () => {
  const line = "word ".repeat(100);
  assertEquals(laidOut(line, undefined), [line]);
  assertEquals(laidOut(line, 5), [line]);
});

Deno.test("a sentence ends its lines between words, and keeps its indentation", () => {
  assertEquals(laidOut("one two three four five", 20), [
    "one two three four",
    "  five",
  ]);
  assertEquals(laidOut("  one two three four five", 20), [
    "  one two three four",
    "    five",
  ]);
  assertEquals(laidOut(`a ${"b".repeat(30)} c`, 20), [
    "a",
    `  ${"b".repeat(30)}`,
    "  c",
  ]);
});

Deno.test("a table that is too wide gets lower titles, then a sentence a row", () => {
  assertEquals(laidOut(counts, 35), [
    "                new  not in backup",
    "contacts          3              0",
    "activity_log  1,000             12",
  ]);
  assertEquals(laidOut(counts, 28), [
    "                     not in",
    "                new  backup",
    "contacts          3       0",
    "activity_log  1,000      12",
  ]);
  assertEquals(laidOut(counts, 25), [
    "contacts: 3 new",
    "activity_log: 1,000 new,",
    "  12 not in backup",
  ]);
});

Deno.test("a list that is too wide ends its lines between two cells", () => {
  const rows = [["  a.json", "3.5 MB", "not verified"], ["  b", "1 KB", ""]];
  assertEquals(laidOut({ rows }, 30), [
    "  a.json  3.5 MB  not verified",
    "  b         1 KB",
  ]);
  assertEquals(laidOut({ rows }, 25), [
    "  a.json  3.5 MB",
    "    not verified",
    "  b  1 KB",
  ]);
});

/** What a command says on a terminal of that width. */
async function onTerminal(
  { root }: Installation,
  columns: number,
  args: string[],
): Promise<string[]> {
  const lines: string[] = [];
  await main({
    args,
    terminal: {
      out: (line) => lines.push(line),
      err: (line) => lines.push(line),
      bold: (text) => text,
      outColumns: columns,
      errColumns: columns,
    },
    root: () => root,
  });
  return lines;
}

for (const columns of [40, 60, 80, 120]) {
  Deno.test(`no command writes a line longer than ${columns} characters to such a terminal`, async () => {
    await atSample(async (installation) => {
      await onTerminal(installation, columns, ["export", "--verify"]);
      withDb(
        installation.database,
        (db) =>
          db.exec(
            "DELETE FROM emails; UPDATE contacts SET notes = 'x'; " +
              "INSERT INTO contacts (name) VALUES ('Zed')",
          ),
      );
      const commands = [
        ["status"],
        ["import", "latest", "--dry-run", "--exact"],
        ["import", "latest", "--dry-run", "--details"],
        ["import", "latest"],
        ["import", "nothing.json"],
        ["undo", "--list"],
        ["undo", "--dry-run"],
        ["undo"],
        ["verify", "--details"],
        ["help"],
        ["help", "import"],
      ];
      for (const args of commands) {
        for (const line of await onTerminal(installation, columns, args)) {
          const long = line.split("\n")
            .filter((line) => [...line].length > columns)
            // A name is not broken, nor is what a usage line or an exit code is.
            .filter((line) => line.trim().includes(" "));
          const isHelp = args[0] === "help" && columns < 60;
          assert(isHelp || long.length === 0, `${args}: ${long}`);
        }
      }
    });
  });
}

Deno.test("an import lists the tables that change, and with --details all", async () => {
  await atSample(async (installation) => {
    await onTerminal(installation, 80, ["export"]);
    withDb(installation.database, (db) => db.exec("DELETE FROM emails"));
    const preview = ["import", "latest", "--dry-run"];
    const short = (await onTerminal(installation, 80, preview)).join("\n");
    assertStringIncludes(short, "\nemails  ");
    assertEquals(short.includes("\ncontacts  "), false);
    assertStringIncludes(
      short,
      "\nIn 33 more tables nothing would change (--details lists them).",
    );
    const all = await onTerminal(installation, 80, [...preview, "--details"]);
    assertStringIncludes(all.join("\n"), "\ncontacts  ");
    assertEquals(all.join("\n").includes("more tables"), false);
  });
});

Deno.test("a table with many columns keeps as many as there is room for", () => {
  const table = {
    head: ["id", "name", "company"],
    rows: [["1", "Sarah", "Acme"], ["12", "Tom", "A long name of a company"]],
    left: [false, true, true],
  };
  assertEquals(laidOut(table, 80), [
    "id  name   company",
    " 1  Sarah  Acme",
    "12  Tom    A long name of a company",
  ]);
  assertEquals(laidOut(table, 24), [
    "id  name   …",
    " 1  Sarah  …",
    "12  Tom    …",
  ]);
});

Deno.test("a line for other programs is never wrapped", () => {
  const whole = "a,b ".repeat(20);
  assertEquals(laidOut({ whole }, 30), [whole]);
});
