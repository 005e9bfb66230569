/**
 * References that lead nowhere since their row gave way: counted and named.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

const mail = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, code UNIQUE);
CREATE TABLE calls (id INTEGER PRIMARY KEY,
  contact_id INTEGER REFERENCES contacts ON DELETE CASCADE,
  mail TEXT REFERENCES contacts (MAIL));
CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER);
INSERT INTO contacts VALUES (1, 'a@x', 'A'), (2, 'b@x', 'B');
INSERT INTO calls VALUES (1, 1, NULL), (2, 1, 'a@x'), (3, 2, 'b@x'), (4, 77, 'z');
INSERT INTO notes VALUES (1, 'contact', 1), (2, 'contacts', 1), (3, 'project', 1),
  (4, 'contact', 2), (5, 'contact', 77);
`;

Deno.test("import() names the references to a row that gave way", async () => {
  await atInstallation(mail, async (installation) => {
    const contacts = [{ id: 5, mail: "a@x", code: "A" }];
    const report = await importing(installation, { tables: { contacts } });
    // Its address is still somebody's, its number is nobody's.
    assertEquals(report.orphaned, [
      { table: "calls", column: "contact_id", parent: "contacts", rows: 2 },
      { table: "notes", column: "entity_id", parent: "contacts", rows: 2 },
    ]);
    const notes = rowsIn(installation.database, "SELECT count(*) FROM notes");
    assertEquals(notes, [[5]]);
  });
});

Deno.test("import() names references by a UNIQUE column too", async () => {
  await atInstallation(mail, async (installation) => {
    const contacts = [{ id: 5, mail: "new@x", code: "B" }];
    const report = await importing(installation, { tables: { contacts } });
    assertEquals(report.orphaned, [
      { table: "calls", column: "mail", parent: "contacts", rows: 1 },
      { table: "calls", column: "contact_id", parent: "contacts", rows: 1 },
      { table: "notes", column: "entity_id", parent: "contacts", rows: 1 },
    ]);
  });
});

Deno.test("import() names nothing where another row takes the id over", async () => {
  await atInstallation(mail, async (installation) => {
    const contacts = [
      { id: 1, mail: "b@x", code: "B" },
      { id: 2, mail: "a@x", code: "A" },
    ];
    const report = await importing(installation, { tables: { contacts } });
    assertEquals(report.orphaned, []);
    assertEquals(countsOf(report, "contacts").changed, 2);
  });
});

Deno.test("import() names nothing that dangled before", async () => {
  await atInstallation(mail, async (installation) => {
    const contacts = [{ id: 9, mail: "c@x", code: "C" }];
    const report = await importing(installation, { tables: { contacts } });
    assertEquals(report.orphaned, []);
  });
});

Deno.test("import() names references of several columns and to the same table", async () => {
  const sql = `CREATE TABLE p (id INTEGER PRIMARY KEY, a, b, u UNIQUE,
      up INTEGER REFERENCES p (id), UNIQUE (a, b));
    CREATE TABLE c (x, y, FOREIGN KEY (x, y) REFERENCES p (a, b));
    INSERT INTO p VALUES (1, 1, 1, 'u', NULL), (2, 1, 2, 'w', 1);
    INSERT INTO c VALUES (1, 1), (1, 2), (1, NULL)`;
  await atInstallation(sql, async (installation) => {
    const p = [{ id: 3, a: 9, b: 9, u: "u", up: null }];
    const report = await importing(installation, { tables: { p } });
    assertEquals(report.orphaned, [
      { table: "p", column: "up", parent: "p", rows: 1 },
      { table: "c", column: "x, y", parent: "p", rows: 1 },
    ]);
  });
});

const broken: [string, string][] = [
  ["names no column of a table without a primary key", "REFERENCES p"],
  ["names a column that is not there", "REFERENCES p (gone)"],
  ["names a computed column", "REFERENCES p (g)"],
];

for (const [what, reference] of broken) {
  Deno.test(`import() copes with a foreign key that ${what}`, async () => {
    const sql = `CREATE TABLE p (a TEXT UNIQUE, b TEXT UNIQUE,
        g TEXT AS (a || b) STORED);
      CREATE TABLE c (x ${reference});
      INSERT INTO p (a, b) VALUES ('1', 'x'), ('2', 'y');
      INSERT INTO c VALUES ('1x'), ('2')`;
    await atInstallation(sql, async (installation) => {
      const report = await importing(installation, {
        tables: { p: [{ a: "3", b: "x" }] },
      });
      assertEquals(countsOf(report, "p").replaced, 1);
      const rows = rowsIn(
        installation.database,
        "SELECT a, b FROM p ORDER BY a",
      );
      assertEquals(rows, [["2", "y"], ["3", "x"]]);
      assertEquals(rowsIn(installation.database, "SELECT x FROM c").length, 2);
    });
  });
}
