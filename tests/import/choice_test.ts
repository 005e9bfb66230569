/**
 * Only some of a backup's tables, and tables or columns that are missing here.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import type { ImportOptions } from "../../lib/import/options.ts";
import { dumpAll } from "../support/dump.ts";
import { rowsIn } from "../support/scratch.ts";
import { atPair, filesOf, imports } from "../support/pair.ts";

const three = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);
  CREATE TABLE tasks (id INTEGER PRIMARY KEY, title);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, content);
  CREATE INDEX by_title ON tasks (title);`;
const theirs = `${three} INSERT INTO contacts VALUES (1, 'a');
  INSERT INTO tasks VALUES (1, 'b'); INSERT INTO notes VALUES (1, 'c')`;

const choices: [ImportOptions, string[]][] = [
  [{ only: ["contacts"] }, ["contacts"]],
  [{ only: ["Notes", "CONTACTS"] }, ["contacts", "notes"]],
  [{ except: ["tasks"] }, ["contacts", "notes"]],
  [{ only: ["tasks", "notes"], except: ["notes"] }, ["tasks"]],
];

for (const [options, wanted] of choices) {
  for (const exact of [false, true]) {
    const words = JSON.stringify({ ...options, exact });
    Deno.test(`import() with ${words} imports those tables only`, async () => {
      await atPair(theirs, three, async (here, path) => {
        const report = await imports(here, path, { ...options, exact });
        assertEquals(report.tables.map(({ name }) => name).sort(), wanted);
        const filled = Object.entries(dumpAll(here.database))
          .filter(([, rows]) => rows.length > 0).map(([name]) => name);
        assertEquals(filled, wanted);
      });
    });
  }
}

for (const options of [{ only: ["contcts"] }, { except: ["contcts"] }]) {
  Deno.test(`import() refuses ${JSON.stringify(options)} and says which is near`, async () => {
    await atPair(theirs, three, async (here, path) => {
      const before = filesOf(here);
      const words = 'it has no table "contcts"; did you mean contacts?';
      const run = () => imports(here, path, options);
      await assertRejects(run, BackupError, words);
      assertEquals(filesOf(here), before);
    });
  });
}

const some = "CREATE TABLE contacts (id INTEGER PRIMARY KEY);";

Deno.test("import() makes missing tables with their indexes, and names lost columns", async () => {
  await atPair(theirs, some, async (here, path) => {
    const report = await imports(here, path);
    assertEquals(report.createdTables.toSorted(), ["notes", "tasks"]);
    assertEquals(report.leftOut, [{
      table: "contacts",
      column: "name",
      count: 1,
      reason: "the local table has no such column",
    }]);
    const indexes = "SELECT name FROM sqlite_schema WHERE type = 'index'";
    assertEquals(rowsIn(here.database, indexes), [["by_title"]]);
  });
});

Deno.test("import() that makes no tables leaves missing ones out and says so", async () => {
  await atPair(theirs, some, async (here, path) => {
    const report = await imports(here, path, { create: false });
    assertEquals(report.createdTables, []);
    const left = report.leftOut.map(({ table, column, count }) =>
      [table, column, count].join()
    );
    assertEquals(left.sort(), ["contacts,name,1", "notes,,1", "tasks,,1"]);
    assertEquals(Object.keys(dumpAll(here.database)), ["contacts"]);
  });
});
