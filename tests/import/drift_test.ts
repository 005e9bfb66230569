/**
 * Tables that only one side has.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing, object, refused } from "../support/hand_made.ts";

const here = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);
  CREATE INDEX by_name ON contacts (name);
  CREATE VIEW people AS SELECT * FROM contacts;
  CREATE VIRTUAL TABLE words USING fts5 (body);
  INSERT INTO contacts VALUES (1, 'Anna'); INSERT INTO words VALUES ('one')`;

const deals = [
  object(
    "table",
    "deals",
    "CREATE TABLE deals (id INTEGER PRIMARY KEY AUTOINCREMENT, " +
      "stage TEXT UNIQUE, contact REFERENCES contacts (id))",
  ),
  object(
    "index",
    "by_stage",
    "CREATE INDEX by_stage ON deals (stage)",
    "deals",
  ),
  object(
    "index",
    "one_low",
    "CREATE UNIQUE INDEX one_low ON deals (lower(stage)) WHERE id > 0",
    "deals",
  ),
];

Deno.test("import() makes a table that is missing here, with its indexes", async () => {
  await atInstallation(here, async (installation) => {
    const tables = { deals: [{ id: 4, stage: "won", contact: 1 }] };
    const sequences = { deals: 17 };
    const report = await importing(installation, {
      schema: deals,
      tables,
      sequences,
    });
    assertEquals(report.createdTables, ["deals"]);
    assertEquals(report.leftOut, []);
    const counts = { added: 1, changed: 0, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "deals"), counts);
    const made = "SELECT name, sql FROM sqlite_schema " +
      "WHERE tbl_name = 'deals' AND sql IS NOT NULL ORDER BY rowid";
    const wanted = deals.map(({ name, sql }) => [name, sql]);
    assertEquals(rowsIn(installation.database, made), wanted);
    const all = rowsIn(installation.database, "SELECT * FROM deals");
    assertEquals(all, [[4, "won", 1]]);
    const seq = rowsIn(installation.database, "SELECT * FROM sqlite_sequence");
    assertEquals(seq, [["deals", 17]]);
  });
});

Deno.test("import() makes only the tables that the backup has rows or a list for", async () => {
  await atInstallation(here, async (installation) => {
    const schema = [...deals, object("table", "b", "CREATE TABLE b (x)")];
    const report = await importing(installation, { schema, tables: { b: [] } });
    assertEquals(report.createdTables, ["b"]);
    const made = "SELECT name FROM sqlite_schema WHERE name = 'deals'";
    assertEquals(rowsIn(installation.database, made), []);
  });
});

Deno.test("import() says so where an index of a new table has a name that is taken", async () => {
  await atInstallation(here, async (installation) => {
    const schema = [
      object("table", "b", "CREATE TABLE b (x)"),
      object("index", "by_name", "CREATE INDEX by_name ON b (x)", "b"),
    ];
    const report = await importing(installation, {
      schema,
      tables: { b: [{ x: 1 }] },
    });
    assertEquals(rowsIn(installation.database, "SELECT * FROM b"), [[1]]);
    const told = JSON.stringify([report.warnings, report.leftOut]);
    assert(told.includes("by_name"), `nothing of the index in ${told}`);
  });
});

Deno.test("import() makes and fills a full-text table that is missing here", async () => {
  await atInstallation("CREATE TABLE contacts (id)", async (installation) => {
    const sql = "CREATE VIRTUAL TABLE docs USING fts5(body)";
    const schema = [object("table", "docs", sql)];
    const docs = [{ rowid: 5, body: "red fox" }, { rowid: 7, body: "blue" }];
    const report = await importing(installation, { schema, tables: { docs } });
    assertEquals(report.createdTables, ["docs"]);
    const query = "SELECT rowid FROM docs WHERE docs MATCH 'fox'";
    assertEquals(rowsIn(installation.database, query), [[5]]);
  });
});

Deno.test("import() names a table that neither side knows how to make", async () => {
  await atInstallation(here, async (installation) => {
    const tables = { contacts: [], deals: [{ id: 1 }, { id: 2 }], none: [] };
    const report = await importing(installation, { tables });
    const left = report.leftOut.map(({ table, count }) => [table, count]);
    assertEquals(left, [["deals", 2]]);
    assertEquals(report.createdTables, []);
  });
});

for (
  const name of [
    "people",
    "words_content",
    "words_data",
    "sqlite_schema",
    "sqlite_master",
    "sqlite_sequence",
    "sqlite_temp_schema",
    "soy_stage",
    "pragma_user_version",
    "by_name",
  ]
) {
  Deno.test(`import() leaves out and names rows for ${name}`, async () => {
    await atInstallation(here, async (installation) => {
      const objects = "SELECT name, sql FROM sqlite_schema";
      const before = rowsIn(installation.database, objects);
      const rows = [{ id: 5, name: "x", sql: "y", block: 0, c0: "z", seq: 9 }];
      const report = await importing(installation, {
        tables: { [name]: rows },
      });
      const left = report.leftOut.map(({ table, count }) => [table, count]);
      assertEquals(left, [[name, 1]]);
      assertEquals(rowsIn(installation.database, objects), before);
      const words = rowsIn(installation.database, "SELECT body FROM words");
      assertEquals(words, [["one"]]);
    });
  });
}

Deno.test("import() refuses a new table whose own index its rows break", async () => {
  await atInstallation(here, async (installation) => {
    const rows = [{ id: 1, stage: "won" }, { id: 2, stage: "WON" }];
    const parts = { schema: deals, tables: { deals: rows } };
    await refused(installation, parts, `Cannot make index "one_low"`);
  });
});
