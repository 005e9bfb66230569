/**
 * Backups whose schema is an attack.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import type { SchemaObject } from "../../lib/database/schema.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
} from "../support/scratch.ts";
import { importing, namesIn, object, refused } from "../support/hand_made.ts";

const here = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Anna'), (2, 'Anna')`;

/** A query without end. */
const endless = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 " +
  "FROM r) SELECT n FROM r";

/** Statements that call themselves the table "x". */
const statements = [
  "DROP TABLE contacts",
  "DELETE FROM contacts",
  "PRAGMA writable_schema = ON",
  "ATTACH 'stolen.db' AS x",
  "VACUUM INTO 'stolen.db'",
  "ROLLBACK",
  "COMMIT; DROP TABLE contacts",
  "CREATE TABLE x (a); DROP TABLE contacts",
  "CREATE TABLE x (a);",
  "CREATE TABLE x (a) -- ",
  " CREATE TABLE x (a)",
  "CREATE TABLE x AS SELECT * FROM contacts",
  'CREATE TABLE "x"AS SELECT * FROM contacts',
  "CREATE TABLE [x] AS SELECT * FROM contacts",
  "CREATE TABLE x/**/AS SELECT * FROM contacts",
  "CREATE TABLE x--\nAS SELECT * FROM contacts",
  "CREATE TABLE IF NOT EXISTS contacts (a)",
  "CREATE TABLE main.x (a)",
  "CREATE TABLE temp.x (a)",
  "CREATE TABLE temp.contacts (id, name)",
  "CREATE TEMP TABLE x (a)",
  "CREATE TABLE y (a)",
  "CREATE TABLE sqlite_x (a)",
  "CREATE INDEX x ON contacts (name)",
  "CREATE VIEW x AS SELECT * FROM contacts",
  "CREATE TRIGGER x AFTER INSERT ON contacts BEGIN DELETE FROM contacts; END",
  "CREATE VIRTUAL TABLE x USING fts5(a); DROP TABLE contacts",
  "CREATE VIRTUAL TABLE temp.x USING fts5(a)",
  "",
];

for (const sql of statements) {
  Deno.test(`import() refuses ${JSON.stringify(sql)} as a table`, async () => {
    await atInstallation(here, async (installation) => {
      const schema = [object("table", "x", sql)];
      const tables = { contacts: [{ id: 1, name: "changed" }], x: [{ a: 1 }] };
      await refused(installation, { schema, tables }, "Cannot make table");
    });
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const parts = { schema: [object("table", "x", sql)], tables: { x: [] } };
      const made = () => importing(installation, parts);
      await assertRejects(made, BackupError, "Cannot make table");
      const files = namesIn(installation.data).filter((name) =>
        name !== ".backup.lock"
      );
      assertEquals(files, []);
    });
  });
}

for (
  const sql of [
    "CREATE TABLE x/**/AS SELECT 1/**/FROM contacts",
    "CREATE TABLE x--\nAS SELECT 1 FROM contacts",
    `CREATE TABLE /**/ x AS ${endless}`,
    `CREATE TABLE main.x AS ${endless}`,
    `CREATE TABLE "main" /* AS */ . [x] AS ${endless}`,
  ]
) {
  // What such a query does, or how long it takes, the file alone decides.
  Deno.test(`import() does not even run the query of ${JSON.stringify(sql)}`, async () => {
    await atInstallation(here, async (installation) => {
      const schema = [object("table", "x", sql)];
      await refused(
        installation,
        { schema, tables: { x: [] } },
        "it would run a query",
      );
    });
  });
}

const extra = object("table", "extra", "CREATE TABLE extra (a)");

/** Objects that say they belong to the table "extra", which is to be made. */
const others: SchemaObject[] = [
  object("index", "i", "DROP TABLE contacts", "extra"),
  object(
    "index",
    "i",
    "CREATE INDEX i ON extra (a); DELETE FROM contacts",
    "extra",
  ),
  object("index", "i", "CREATE INDEX temp.i ON extra (a)", "extra"),
  object("index", "i", "CREATE TABLE i (a)", "extra"),
  object("index", "i", "CREATE INDEX i ON contacts (name)", "extra"),
  object("index", "i", "CREATE UNIQUE INDEX i ON contacts (id)", "extra"),
];

for (const each of others) {
  Deno.test(`import() refuses ${JSON.stringify(each.sql)} as an index`, async () => {
    await atInstallation(here, async (installation) => {
      const parts = { schema: [extra, each], tables: { extra: [{ a: 1 }] } };
      await refused(installation, parts, "Cannot make index");
    });
  });
}

Deno.test("import() makes no view and no trigger in a database that is here", async () => {
  await atInstallation(here, async (installation) => {
    const wipe = "CREATE TRIGGER t AFTER INSERT ON extra " +
      "BEGIN DELETE FROM contacts; END";
    const schema = [
      extra,
      object("view", "v", "CREATE VIEW v AS SELECT * FROM contacts"),
      object("trigger", "t", wipe, "extra"),
      object("trigger", "t2", wipe.replace(" t ", " temp.t2 "), "extra"),
      object("__proto__", "p", "DROP TABLE contacts", "extra"),
      object("pragma", "q", "PRAGMA user_version = 99", "extra"),
    ];
    await importing(installation, { schema, tables: { extra: [{ a: 1 }] } });
    const names = "SELECT name FROM sqlite_schema ORDER BY name";
    assertEquals(rowsIn(installation.database, names), [["contacts"], [
      "extra",
    ]]);
    const rows = rowsIn(installation.database, "SELECT count(*) FROM contacts");
    assertEquals(rows, [[2]]);
    assertEquals(rowsIn(installation.database, "PRAGMA user_version"), [[0]]);
  });
});
