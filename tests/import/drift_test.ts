/**
 * Tables that only one side has.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { atPlace, rowsIn } from "../support/scratch.ts";
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
  await atPlace(here, async (place) => {
    const tables = { deals: [{ id: 4, stage: "won", contact: 1 }] };
    const sequences = { deals: 17 };
    const report = await importing(place, { schema: deals, tables, sequences });
    assertEquals(report.createdTables, ["deals"]);
    assertEquals(report.leftOut, []);
    const counts = { added: 1, changed: 0, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "deals"), counts);
    const made = "SELECT name, sql FROM sqlite_schema " +
      "WHERE tbl_name = 'deals' AND sql IS NOT NULL ORDER BY rowid";
    const wanted = deals.map(({ name, sql }) => [name, sql]);
    assertEquals(rowsIn(place.database, made), wanted);
    const all = rowsIn(place.database, "SELECT * FROM deals");
    assertEquals(all, [[4, "won", 1]]);
    const seq = rowsIn(place.database, "SELECT * FROM sqlite_sequence");
    assertEquals(seq, [["deals", 17]]);
  });
});

Deno.test("import() makes only the tables that the backup has rows or a list for", async () => {
  await atPlace(here, async (place) => {
    const schema = [...deals, object("table", "b", "CREATE TABLE b (x)")];
    const report = await importing(place, { schema, tables: { b: [] } });
    assertEquals(report.createdTables, ["b"]);
    const made = "SELECT name FROM sqlite_schema WHERE name = 'deals'";
    assertEquals(rowsIn(place.database, made), []);
  });
});

Deno.test("import() says so where an index of a new table has a name that is taken", async () => {
  await atPlace(here, async (place) => {
    const schema = [
      object("table", "b", "CREATE TABLE b (x)"),
      object("index", "by_name", "CREATE INDEX by_name ON b (x)", "b"),
    ];
    const report = await importing(place, {
      schema,
      tables: { b: [{ x: 1 }] },
    });
    assertEquals(rowsIn(place.database, "SELECT * FROM b"), [[1]]);
    const told = JSON.stringify([report.warnings, report.leftOut]);
    assert(told.includes("by_name"), `nothing of the index in ${told}`);
  });
});

Deno.test("import() makes and fills a full-text table that is missing here", async () => {
  await atPlace("CREATE TABLE contacts (id)", async (place) => {
    const sql = "CREATE VIRTUAL TABLE docs USING fts5(body)";
    const schema = [object("table", "docs", sql)];
    const docs = [{ rowid: 5, body: "red fox" }, { rowid: 7, body: "blue" }];
    const report = await importing(place, { schema, tables: { docs } });
    assertEquals(report.createdTables, ["docs"]);
    const query = "SELECT rowid FROM docs WHERE docs MATCH 'fox'";
    assertEquals(rowsIn(place.database, query), [[5]]);
  });
});

Deno.test("import() names a table that neither side knows how to make", async () => {
  await atPlace(here, async (place) => {
    const tables = { contacts: [], deals: [{ id: 1 }, { id: 2 }], none: [] };
    const report = await importing(place, { tables });
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
    await atPlace(here, async (place) => {
      const objects = "SELECT name, sql FROM sqlite_schema";
      const before = rowsIn(place.database, objects);
      const rows = [{ id: 5, name: "x", sql: "y", block: 0, c0: "z", seq: 9 }];
      const report = await importing(place, { tables: { [name]: rows } });
      const left = report.leftOut.map(({ table, count }) => [table, count]);
      assertEquals(left, [[name, 1]]);
      assertEquals(rowsIn(place.database, objects), before);
      const words = rowsIn(place.database, "SELECT body FROM words");
      assertEquals(words, [["one"]]);
    });
  });
}

Deno.test("import() refuses a new table whose own index its rows break", async () => {
  await atPlace(here, async (place) => {
    const rows = [{ id: 1, stage: "won" }, { id: 2, stage: "WON" }];
    const parts = { schema: deals, tables: { deals: rows } };
    await refused(place, parts, `Cannot make index "one_low"`);
  });
});
