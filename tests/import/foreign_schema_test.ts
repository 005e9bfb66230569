/**
 * Backups whose schema needs what only another program has, or other versions of
 * SQLite can't read: the rest is restored, and what is left out is named.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { SchemaObject } from "../../lib/database/schema.ts";
import { edited } from "../support/edited.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
} from "../support/scratch.ts";
import { importing, object } from "../support/hand_made.ts";

const contacts = object(
  "table",
  "contacts",
  "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT)",
);

/** What can't be created here, and a part of the reason. */
const tables: Record<string, [string, string]> = {
  "a function in a CHECK": ["(x CHECK (nope(x)))", 'the function "nope"'],
  "a function in a generated column": [
    "(x, y AS (nope(x)) STORED)",
    'the function "nope"',
  ],
  "an operator that is a function": [
    "(x CHECK (x REGEXP 'a'))",
    'the function "REGEXP"',
  ],
  "a collation": ["(x TEXT COLLATE nope)", 'the collation "nope"'],
  "many parentheses": [
    `(x CHECK (${"(".repeat(2000)}1${")".repeat(2000)}))`,
    "nested so deeply",
  ],
};

for (const [what, [columns, words]] of Object.entries(tables)) {
  Deno.test(`import() leaves out a table with ${what}, and all that belongs to it`, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const trigger = "CREATE TRIGGER g AFTER INSERT ON x BEGIN SELECT 1; END";
      const schema = [
        object("table", "x", `CREATE TABLE x ${columns}`),
        object("index", "i", "CREATE INDEX i ON x (x)", "x"),
        object("trigger", "g", trigger, "x"),
        contacts,
      ];
      const rows = { x: [{ x: 1 }], contacts: [{ id: 1, name: "A" }] };
      const report = await importing(installation, { schema, tables: rows });
      const [left, ...others] = report.leftOut;
      assertEquals([left?.table, left?.count, others], ["x", 1, []]);
      assert(
        left!.reason.toLowerCase().includes(words.toLowerCase()),
        left!.reason,
      );
      const names = "SELECT name FROM sqlite_schema";
      assertEquals(rowsIn(installation.database, names), [["contacts"]]);
      const found = rowsIn(installation.database, "SELECT name FROM contacts");
      assertEquals(found, [["A"]]);
    });
  });
}

const others: Record<string, [SchemaObject, string]> = {
  "an index over a function": [
    object("index", "i", "CREATE INDEX i ON contacts (nope(name))", "contacts"),
    'its index "i" was not created: it uses the function "nope"',
  ],
  "an index for some rows": [
    object(
      "index",
      "i",
      "CREATE INDEX i ON contacts (id) WHERE nope(name)",
      "contacts",
    ),
    'the function "nope"',
  ],
  "an index in a collation": [
    object(
      "index",
      "i",
      "CREATE INDEX i ON contacts (name COLLATE nope)",
      "contacts",
    ),
    'the collation "nope"',
  ],
  "a deep view": [
    object(
      "view",
      "v",
      `CREATE VIEW v AS SELECT ${"(".repeat(99)}1${")".repeat(99)}`,
    ),
    "nested so deeply",
  ],
};

for (const [what, [left, words]] of Object.entries(others)) {
  Deno.test(`import() leaves out ${what} and keeps every row`, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const report = await importing(installation, {
        schema: [contacts, left],
        tables: { contacts: [{ id: 1, name: "A" }] },
      });
      const [found, ...more] = report.leftOut;
      assertEquals([found?.table, more], [left.table, []]);
      assert(found!.reason.includes(words), found!.reason);
      const rows = rowsIn(installation.database, "SELECT name FROM contacts");
      assertEquals(rows, [["A"]]);
    });
  });
}

Deno.test("import() creates views and triggers that use what only another program has", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const trigger = "CREATE TRIGGER g AFTER INSERT ON contacts WHEN nope(1) " +
      "BEGIN SELECT nope(2); END";
    const schema = [
      contacts,
      object("view", "v", "CREATE VIEW v AS SELECT nope(name) FROM contacts"),
      object("trigger", "g", trigger, "contacts"),
    ];
    const rows = { contacts: [{ id: 1, name: "A" }] };
    const report = await importing(installation, { schema, tables: rows });
    assertEquals(report.leftOut, []);
    const names = rowsIn(
      installation.database,
      "SELECT name FROM sqlite_schema ORDER BY 1",
    );
    assertEquals(names.flat(), ["contacts", "g", "v"]);
  });
});

/** Local tables, and what is changed in their file. */
const local: Record<string, [string, [string, string]]> = {
  "a function in a CHECK": [
    "CREATE TABLE x (a CHECK (quote(a)))",
    ["(quote(", "(myown("],
  ],
  "a function in an index": [
    "CREATE TABLE x (a); CREATE INDEX i ON x (quote(a))",
    ["(quote(", "(myown("],
  ],
  "a function in a generated column": [
    "CREATE TABLE x (a PRIMARY KEY, b AS (quote(a)) STORED)",
    ["(quote(", "(myown("],
  ],
  "a collation in its key": [
    "CREATE TABLE x (a TEXT COLLATE NOCASE PRIMARY KEY)",
    ["NOCASE", "MYSORT"],
  ],
  "a compression of its text": [
    "CREATE VIRTUAL TABLE x USING fts4 (a, compress=upper, uncompress=lower)",
    ["=upper", "=myown"],
  ],
};

for (const [what, [sql, words]] of Object.entries(local)) {
  Deno.test(`import() leaves a local table with ${what} of another program as it is`, async () => {
    const people = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);";
    for (const rows of ["", "INSERT INTO x (a) VALUES (5), (6)"]) {
      await atInstallation(people + sql + ";" + rows, async (installation) => {
        edited(installation.database, [words]);
        const count = "SELECT count(*) FROM x";
        const before = rowsIn(installation.database, count);
        const report = await importing(installation, {
          tables: { x: [{ a: 1 }], contacts: [{ id: 1, name: "A" }] },
        });
        const [left, ...others] = report.leftOut;
        assertEquals([left?.table, left?.count, others], ["x", 1, []]);
        assert(left!.reason.includes("only the program that made it has"));
        assertEquals(rowsIn(installation.database, count), before);
        const names = rowsIn(
          installation.database,
          "SELECT name FROM contacts",
        );
        assertEquals(names, [["A"]]);
      });
    }
  });
}

Deno.test("import() fills a local table in a collation that it never needs", async () => {
  const sql = "CREATE TABLE x (a TEXT COLLATE NOCASE)";
  await atInstallation(sql, async (installation) => {
    edited(installation.database, [["NOCASE", "MYSORT"]]);
    const report = await importing(installation, {
      tables: { x: [{ a: "1" }] },
    });
    assertEquals(report.leftOut, []);
    assertEquals(rowsIn(installation.database, "SELECT a FROM x"), [["1"]]);
  });
});
