/**
 * Virtual tables of modules that a backup has no business with, and what else a
 * schema can call itself.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
} from "../support/scratch.ts";
import { importing, namesIn, object } from "../support/hand_made.ts";

const here = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  CREATE VIRTUAL TABLE words USING fts5 (body);
  INSERT INTO contacts VALUES (1, 'Anna')`;

for (
  const sql of [
    "CREATE VIRTUAL TABLE x USING dbstat",
    "CREATE VIRTUAL TABLE x USING csv(filename='/etc/passwd')",
    "CREATE VIRTUAL TABLE x USING fts5vocab(words, row)",
    "CREATE VIRTUAL TABLE x/* USING fts5( */USING fts5vocab(words, row)",
    "CREATE VIRTUAL TABLE x USING\nfts5vocab(words, row)",
  ]
) {
  Deno.test(`import() leaves out ${JSON.stringify(sql)} and its rows`, async () => {
    await atInstallation(here, async (installation) => {
      const schema = [object("table", "x", sql)];
      const tables = { contacts: [{ id: 2, name: "B" }], x: [{ a: 1 }] };
      const report = await importing(installation, { schema, tables });
      const left = report.leftOut.map(({ table, count }) => [table, count]);
      assertEquals(left, [["x", 1]]);
      const names = "SELECT name FROM sqlite_schema WHERE name = 'x'";
      assertEquals(rowsIn(installation.database, names), []);
      const rows = rowsIn(installation.database, "SELECT id FROM contacts");
      assertEquals(rows, [[1], [2]]);
    });
  });
}

Deno.test("import() is not misled by a name that reads like a module", async () => {
  await atInstallation(here, async (installation) => {
    const name = "using fts5";
    const sql = `CREATE VIRTUAL TABLE "${name}" USING fts5vocab(words, row)`;
    const schema = [object("table", name, sql)];
    const report = await importing(installation, {
      schema,
      tables: { [name]: [] },
    });
    assertEquals(report.leftOut.map(({ table }) => table), [name]);
    assertEquals(report.createdTables, []);
  });
});

for (
  const [type, name, sql] of [
    ["table", "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"],
    ["table", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"],
    ["view", "v", "CREATE VIEW temp.v AS SELECT 1"],
    ["view", "v", "CREATE VIEW v AS SELECT 1; DROP TABLE contacts"],
    ["trigger", "g", "DROP TABLE contacts"],
    [
      "trigger",
      "g",
      "CREATE TEMP TRIGGER g AFTER INSERT ON contacts " +
      "BEGIN DELETE FROM contacts; END",
    ],
    [
      "trigger",
      "g",
      "CREATE TRIGGER temp.g AFTER INSERT ON contacts " +
      "BEGIN DELETE FROM contacts; END",
    ],
  ] as const
) {
  Deno.test(`import() makes no database where the schema holds ${JSON.stringify(sql)}`, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const contacts = object(
        "table",
        "contacts",
        "CREATE TABLE contacts (id)",
      );
      const schema = [contacts, object(type, name, sql)];
      const parts = { schema, tables: { contacts: [{ id: 1 }] } };
      const made = () => importing(installation, parts);
      await assertRejects(made, BackupError, `Cannot make ${type}`);
      const files = namesIn(installation.data).filter((file) =>
        file !== ".backup.lock"
      );
      assertEquals(files, []);
    });
  });
}

Deno.test("import() takes a table twice in the schema for a fault", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const schema = [
      object("table", "t", "CREATE TABLE t (a)"),
      object("table", "T", "CREATE TABLE T (a)"),
    ];
    const made = () => importing(installation, { schema, tables: { t: [] } });
    await assertRejects(made, BackupError, `Cannot make table "T"`);
  });
});
