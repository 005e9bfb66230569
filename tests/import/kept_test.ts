/**
 * What is only here stays: no cascade, no SET NULL, no trigger reaches it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dumpAll } from "../support/dump.ts";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

const family = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE);
CREATE TABLE contact_interactions (id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE);
CREATE TABLE projects (id INTEGER PRIMARY KEY,
  client_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  owner TEXT DEFAULT 'nobody'
    REFERENCES contacts (email) ON DELETE SET DEFAULT ON UPDATE CASCADE);
INSERT INTO contacts VALUES (1, 'Anna', 'a@x'), (2, 'Bert', 'b@x');
INSERT INTO contact_interactions VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO projects VALUES (1, 1, 'a@x'), (2, 2, 'b@x');
`;

const children = [
  "SELECT * FROM contact_interactions ORDER BY id",
  "SELECT * FROM projects ORDER BY id",
];

Deno.test("import() leaves what refers to an unchanged contact alone", async () => {
  await atInstallation(family, async (installation) => {
    const before = dumpAll(installation.database);
    const contacts = [{ id: 1, name: "Anna", email: "a@x" }];
    const report = await importing(installation, { tables: { contacts } });
    const counts = { added: 0, changed: 0, unchanged: 1, replaced: 0 };
    assertEquals(countsOf(report, "contacts"), counts);
    assertEquals(dumpAll(installation.database), before);
  });
});

Deno.test("import() leaves what refers to a changed contact alone", async () => {
  await atInstallation(family, async (installation) => {
    const before = children.map((query) =>
      rowsIn(installation.database, query)
    );
    const contacts = [{ id: 1, name: "Anne", email: "anne@x" }];
    const report = await importing(installation, { tables: { contacts } });
    assertEquals(countsOf(report, "contacts").changed, 1);
    const after = children.map((query) => rowsIn(installation.database, query));
    assertEquals(after, before);
  });
});

Deno.test("import() keeps the interactions of a replaced contact", async () => {
  await atInstallation(family, async (installation) => {
    const before = children.map((query) =>
      rowsIn(installation.database, query)
    );
    const contacts = [{ id: 7, name: "Anna", email: "a@x" }];
    const report = await importing(installation, { tables: { contacts } });
    const counts = { added: 1, changed: 0, unchanged: 0, replaced: 1 };
    assertEquals(countsOf(report, "contacts"), counts);
    const after = children.map((query) => rowsIn(installation.database, query));
    assertEquals(after, before);
  });
});

Deno.test("import() keeps rows that are only here in a table of the backup", async () => {
  await atInstallation(family, async (installation) => {
    const contact_interactions = [{ id: 2, contact_id: 2 }];
    await importing(installation, {
      tables: { contacts: [], contact_interactions },
    });
    const rows = rowsIn(installation.database, children[0]!);
    assertEquals(rows, [[1, 1], [2, 2], [3, 2]]);
    const names = rowsIn(installation.database, "SELECT name FROM contacts");
    assertEquals(names, [["Anna"], ["Bert"]]);
  });
});

Deno.test("import() brings in references to rows that are nowhere", async () => {
  const sql = `CREATE TABLE tasks (id INTEGER PRIMARY KEY,
      parent INTEGER REFERENCES tasks (id) ON DELETE CASCADE,
      gone INTEGER REFERENCES never_made (id) ON DELETE CASCADE);
    INSERT INTO tasks VALUES (1, 99, 5)`;
  await atInstallation(sql, async (installation) => {
    const tasks = [{ id: 2, parent: 3, gone: 6 }, {
      id: 3,
      parent: 3,
      gone: 7,
    }];
    const report = await importing(installation, { tables: { tasks } });
    assertEquals(report.orphaned, []);
    const rows = rowsIn(
      installation.database,
      "SELECT * FROM tasks ORDER BY id",
    );
    assertEquals(rows, [[1, 99, 5], [2, 3, 6], [3, 3, 7]]);
  });
});

Deno.test("import() keeps tables and rows beside a view that no longer compiles", async () => {
  const sql = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE extra (x); INSERT INTO extra VALUES (1);
    CREATE VIEW broken AS SELECT gone FROM nowhere;
    CREATE VIEW lost AS SELECT missing FROM contacts;
    CREATE TRIGGER broken_in INSTEAD OF INSERT ON broken
      BEGIN DELETE FROM extra; END`;
  await atInstallation(sql, async (installation) => {
    const objects = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    const before = rowsIn(installation.database, objects);
    const contacts = [{ id: 1, name: "Anna" }];
    await importing(installation, { tables: { contacts } });
    assertEquals(rowsIn(installation.database, objects), before);
    assertEquals(rowsIn(installation.database, "SELECT * FROM extra"), [[1]]);
  });
});
