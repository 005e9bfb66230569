/**
 * Full-text indexes find what was restored.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import {
  atInstallation,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

const synced = `
CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE found USING fts5 (body, content='docs', content_rowid='id');
CREATE TRIGGER docs_in AFTER INSERT ON docs BEGIN
  INSERT INTO found (rowid, body) VALUES (NEW.id, NEW.body); END;
CREATE TRIGGER docs_out AFTER DELETE ON docs BEGIN
  INSERT INTO found (found, rowid, body) VALUES ('delete', OLD.id, OLD.body); END;
CREATE TRIGGER docs_up AFTER UPDATE ON docs BEGIN
  INSERT INTO found (found, rowid, body) VALUES ('delete', OLD.id, OLD.body);
  INSERT INTO found (rowid, body) VALUES (NEW.id, NEW.body); END;
INSERT INTO docs VALUES (1, 'red fox'), (2, 'blue whale');
`;

function matches(path: string, word: string): unknown[] {
  const query = `SELECT rowid FROM found WHERE found MATCH '${word}'`;
  return rowsIn(path, query + " ORDER BY 1").flat();
}

Deno.test("import() lets an index over another table find the restored text", async () => {
  await atInstallation(synced, async (installation) => {
    const docs = [{ id: 1, body: "green fox" }, { id: 3, body: "grey whale" }];
    await importing(installation, { tables: { docs } });
    const words = ["fox", "red", "green", "whale", "blue", "grey"];
    const found = words.map((word) => matches(installation.database, word));
    assertEquals(found, [[1], [], [1], [2, 3], [2], [3]]);
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "INSERT INTO found (found) VALUES ('integrity-check');" +
            "DELETE FROM docs WHERE id = 1",
        ),
    );
    assertEquals(matches(installation.database, "fox"), []);
  });
});

Deno.test("import() makes such an index again in a new database", async () => {
  await atInstallation(synced, async (from) => {
    const { path, tables } = await exportBackup(from, session());
    assertEquals(tables.map(({ name }) => name), ["docs"]);
    const to = makeInstallation(from.root, "new");
    await importBackup(to, path, {}, session());
    assertEquals(matches(to.database, "whale"), [2]);
    withDb(
      to.database,
      (db) => db.exec("UPDATE docs SET body = 'black cat' WHERE id = 2"),
    );
    assertEquals(matches(to.database, "whale"), []);
    assertEquals(matches(to.database, "cat"), [2]);
  });
});

Deno.test("import() lets an index over a view find the restored text", async () => {
  const sql = `CREATE TABLE docs (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
    CREATE VIEW texts AS SELECT id, a || ' ' || b AS body FROM docs;
    CREATE VIRTUAL TABLE found
      USING fts5 (body, content='texts', content_rowid='id');
    CREATE TRIGGER docs_in AFTER INSERT ON docs BEGIN INSERT INTO found
      (rowid, body) VALUES (NEW.id, NEW.a || ' ' || NEW.b); END;
    INSERT INTO docs VALUES (1, 'red', 'fox')`;
  await atInstallation(sql, async (installation) => {
    const docs = [{ id: 1, a: "red", b: "fox" }, {
      id: 2,
      a: "blue",
      b: "fox",
    }];
    await importing(installation, { tables: { docs } });
    assertEquals(matches(installation.database, "fox"), [1, 2]);
  });
});

Deno.test("import() merges into an index with text of its own", async () => {
  const sql = `CREATE VIRTUAL TABLE found USING fts5 (body, who UNINDEXED);
    INSERT INTO found (rowid, body, who) VALUES (1, 'red fox', 'a'),
      (2, 'blue whale', 'b'), (5, 'mine', 'c')`;
  await atInstallation(sql, async (installation) => {
    const rows = [
      { rowid: 1, body: "red fox", who: "a" },
      { rowid: 2, body: "grey whale" },
      { rowid: 9, body: "fox" },
    ];
    const report = await importing(installation, { tables: { found: rows } });
    const counts = { added: 1, changed: 1, unchanged: 1, replaced: 0 };
    assertEquals(countsOf(report, "found"), counts);
    const words = ["fox", "blue", "whale", "mine"];
    const found = words.map((word) => matches(installation.database, word));
    assertEquals(found, [[1, 9], [], [2], [5]]);
    const who = rowsIn(
      installation.database,
      "SELECT who FROM found ORDER BY rowid",
    );
    assertEquals(who.flat(), ["a", "b", "c", null]);
  });
});

Deno.test("import() leaves an index without text of its own as it is", async () => {
  const sql = `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
    CREATE VIRTUAL TABLE found USING fts5 (body, content='');
    INSERT INTO found (rowid, body) VALUES (4, 'kept')`;
  await atInstallation(sql, async (installation) => {
    const docs = [{ id: 1, body: "fox" }];
    const report = await importing(installation, { tables: { docs } });
    assertEquals(report.warnings, []);
    assertEquals(matches(installation.database, "kept"), [4]);
  });
});
