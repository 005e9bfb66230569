/**
 * Columns that only one side has.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing, refused } from "../support/hand_made.ts";

const contacts = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, phone TEXT,
  mood TEXT NOT NULL DEFAULT 'fine', slug TEXT UNIQUE);
INSERT INTO contacts VALUES (1, 'Anna', '111', 'sad', 'anna'),
  (2, 'Bert', '222', 'angry', 'bert'), (3, 'Cleo', NULL, 'glad', NULL);
`;
const all = "SELECT * FROM contacts ORDER BY id";

Deno.test("import() keeps the values of columns that the backup lacks", async () => {
  await atInstallation(contacts, async (installation) => {
    const rows = [{ id: 2, name: "Berta" }, { id: 4, name: "Dora" }];
    await importing(installation, { tables: { contacts: rows } });
    assertEquals(rowsIn(installation.database, all), [
      [1, "Anna", "111", "sad", "anna"],
      [2, "Berta", "222", "angry", "bert"],
      [3, "Cleo", null, "glad", null],
      [4, "Dora", null, "fine", null],
    ]);
  });
});

Deno.test("import() goes by the columns of each row, not of the first", async () => {
  await atInstallation(contacts, async (installation) => {
    const rows = [
      { id: 1, phone: null },
      { slug: "bertha", id: 2 },
      { id: 3, name: "Cleo", phone: "333", mood: "calm" },
      { id: 4, mood: "new" },
    ];
    const report = await importing(installation, {
      tables: { contacts: rows },
    });
    const counts = { added: 1, changed: 3, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "contacts"), counts);
    assertEquals(rowsIn(installation.database, all), [
      [1, "Anna", null, "sad", "anna"],
      [2, "Bert", "222", "angry", "bertha"],
      [3, "Cleo", "333", "calm", null],
      [4, null, null, "new", null],
    ]);
  });
});

Deno.test("import() counts a row as unchanged by the columns that it has", async () => {
  await atInstallation(contacts, async (installation) => {
    const rows = [{ id: 1, name: "Anna" }, { id: 2, slug: "bert" }];
    const report = await importing(installation, {
      tables: { contacts: rows },
    });
    const counts = { added: 0, changed: 0, unchanged: 2, replaced: 0 };
    assertEquals(countsOf(report, "contacts"), counts);
  });
});

Deno.test("import() names the columns that are missing here and counts their values", async () => {
  await atInstallation(contacts, async (installation) => {
    const rows = [
      { id: 1, name: "Anna", nick: "A", gone: null },
      { id: 2, name: "Bert", nick: null, gone: null },
      { id: 3, name: "Cleo", nick: "C" },
    ];
    const report = await importing(installation, {
      tables: { contacts: rows },
    });
    const reason = "the local table has no such column";
    assertEquals(report.leftOut, [
      { table: "contacts", column: "nick", count: 2, reason },
      { table: "contacts", column: "gone", count: 0, reason },
    ]);
    assertEquals(countsOf(report, "contacts").unchanged, 3);
  });
});

Deno.test("import() finds tables and columns whatever the case of their names", async () => {
  await atInstallation(contacts, async (installation) => {
    const rows = [{ ID: 1, NAME: "Anne" }];
    const report = await importing(installation, {
      tables: { Contacts: rows },
    });
    assertEquals(countsOf(report, "contacts").changed, 1);
    assertEquals(report.leftOut, []);
    const [row] = rowsIn(installation.database, all);
    assertEquals(row, [1, "Anne", "111", "sad", "anna"]);
  });
});

Deno.test("import() refuses a row without any column of the table", async () => {
  await atInstallation(contacts, async (installation) => {
    const tables = { contacts: [{ id: 1 }, { other: 2 }] };
    await refused(installation, { tables }, `table "contacts", row 2: `);
    const empty = { contacts: [{}] };
    await refused(installation, { tables: empty }, `table "contacts", row 1: `);
  });
});

Deno.test("import() leaves computed columns to SQLite", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER,
      twice INTEGER AS (a * 2) STORED, thrice INTEGER AS (a * 3));
    INSERT INTO t (id, a) VALUES (1, 1)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 1, a: 5, twice: 99, thrice: 99 }, { id: 2, a: 6 }];
    const report = await importing(installation, { tables: { t } });
    assertEquals(report.leftOut, []);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[1, 5, 10, 15], [2, 6, 12, 18]]);
  });
});
