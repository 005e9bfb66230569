/**
 * Importing the same file twice changes nothing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import { dumpAll, dumpTable } from "../support/dump.ts";
import { atInstallation, rowsIn, session, withDb } from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

const zoo = `
CREATE TABLE plain (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
INSERT INTO plain VALUES (1, NULL), (5, 1.0), (6, 1), (7, '1'), (8, x'31');
CREATE TABLE bag (a, b);
INSERT INTO bag VALUES (1, 2), (1, 2), (1, NULL), (1, NULL), (1, 2.0), (NULL, NULL);
CREATE TABLE loose (k TEXT, l TEXT, v, PRIMARY KEY (k, l));
INSERT INTO loose VALUES ('a', NULL, 1), ('a', NULL, 1), (NULL, NULL, 2), ('a', 'b', 3);
CREATE TABLE only_unique (u TEXT UNIQUE, v);
INSERT INTO only_unique VALUES (NULL, 1), (NULL, 1), ('x', 1);
CREATE TABLE tight (a TEXT, b, v, PRIMARY KEY (a, b)) WITHOUT ROWID;
INSERT INTO tight VALUES ('a', 1, 9.5), ('a', '1', NULL);
CREATE TABLE folded (name TEXT COLLATE NOCASE, v);
INSERT INTO folded VALUES ('A', 1), ('a', 1), ('a', 1);
CREATE VIRTUAL TABLE words USING fts5 (body, note UNINDEXED);
INSERT INTO words VALUES ('one two', 'n'), ('one two', 'n');
CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1);
INSERT INTO boxes VALUES (3, 0.1, 1.7), (4, -2, 2);
`;

Deno.test("import() of a fresh backup finds every kind of table unchanged", async () => {
  await atInstallation(zoo, async (installation) => {
    const before = dumpAll(installation.database);
    const sequence = "SELECT * FROM sqlite_sequence";
    const numbers = rowsIn(installation.database, sequence);
    const { path } = await exportBackup(installation, session());
    for (let time = 1; time <= 2; time++) {
      const report = await importBackup(installation, path, {}, session());
      const untouched = report.tables.map(({ name, rows, unchanged }) =>
        `${name} ${rows - unchanged}`
      );
      assertEquals(untouched, report.tables.map(({ name }) => `${name} 0`));
      assertEquals(report.tables.length, 8);
      assertEquals(dumpAll(installation.database), before);
      assertEquals(rowsIn(installation.database, sequence), numbers);
    }
  });
});

Deno.test("import() fills every kind of table, and the second time nothing", async () => {
  await atInstallation(zoo, async (installation) => {
    const before = dumpAll(installation.database);
    const { path } = await exportBackup(installation, session());
    withDb(installation.database, (db) =>
      db.exec(
        "DELETE FROM plain; DELETE FROM bag; DELETE FROM loose WHERE l IS NULL;" +
          "DELETE FROM only_unique; UPDATE tight SET v = 'other'; " +
          "DELETE FROM folded WHERE rowid = 2; UPDATE words SET note = 'm';" +
          "DELETE FROM boxes WHERE id = 3; UPDATE boxes SET x1 = 9",
      ));
    await importBackup(installation, path, {}, session());
    const readable = { ...before };
    // How the index lies in its own tables depends on the order of writes.
    const inner = Object.keys(before).filter((name) => /_/.test(name))
      .filter((name) => name !== "only_unique");
    for (const name of inner) delete readable[name];
    assertEquals(dumpAll(installation.database, inner), readable);
    const again = await importBackup(installation, path, {}, session());
    const changes = again.tables.filter((t) => t.unchanged !== t.rows);
    assertEquals(changes, []);
    assertEquals(dumpAll(installation.database, inner), readable);
  });
});

Deno.test("import() adds only the copies that are missing in a table without a key", async () => {
  const sql = `CREATE TABLE bag (a, b);
    INSERT INTO bag VALUES (1, 'x'), (1, 'x'), (2, NULL), (9, 'mine')`;
  await atInstallation(sql, async (installation) => {
    const bag = [
      { a: 1, b: "x" },
      { a: 1, b: "x" },
      { a: 1, b: "x" },
      { a: 2, b: null },
      { a: 2, b: null },
    ];
    const report = await importing(installation, { tables: { bag } });
    const counts = { added: 2, changed: 0, unchanged: 3, replaced: 0 };
    assertEquals(countsOf(report, "bag"), counts);
    const dump = withDb(installation.database, (db) => dumpTable(db, "bag"));
    assertEquals(dump.length, 6);
    const query = "SELECT a, count(*) FROM bag GROUP BY a ORDER BY a";
    assertEquals(rowsIn(installation.database, query), [[1, 3], [2, 2], [
      9,
      1,
    ]]);
  });
});

Deno.test("import() wants a row of its own for each row without a key", async () => {
  // The one row here cannot stand for both rows of the backup.
  const sql = `CREATE TABLE bag (a, b); INSERT INTO bag VALUES (1, 2)`;
  await atInstallation(sql, async (installation) => {
    const bag = [{ a: 1 }, { a: 1, b: 2 }];
    const report = await importing(installation, { tables: { bag } });
    const counts = { added: 1, changed: 0, unchanged: 1, replaced: 0 };
    assertEquals(countsOf(report, "bag"), counts);
    assertEquals(rowsIn(installation.database, "SELECT a FROM bag"), [[1], [
      1,
    ]]);
  });
});

Deno.test("import() of a sealed backup under another name changes nothing either", async () => {
  await atInstallation(zoo, async (installation) => {
    const before = dumpAll(installation.database);
    const { path } = await exportBackup(installation, session());
    const copy = join(installation.root, "elsewhere.json");
    Deno.copyFileSync(path, copy);
    const report = await importBackup(installation, copy, {}, session());
    assertEquals(report.source, "elsewhere.json");
    assertEquals(dumpAll(installation.database), before);
  });
});
