/**
 * Full-text indexes find what was restored.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
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
import { atPair, imports, reportOf } from "../support/pair.ts";
import { tool } from "../support/installation.ts";

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

const mine = `${synced} INSERT INTO docs VALUES (3, 'grey heron')`;

for (
  const [module, sql] of [
    ["FTS5", mine],
    [
      "FTS4",
      `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
        INSERT INTO docs VALUES (1, 'red fox'), (2, 'blue whale'), (3, 'grey heron');
        CREATE VIRTUAL TABLE found USING fts4 (body, content=[docs]);
        INSERT INTO found (found) VALUES ('rebuild')`,
    ],
  ] as const
) {
  Deno.test(`an exact import that only removes rows takes them out of an ${module} index`, async () => {
    await atPair(
      `${sql}; DELETE FROM docs WHERE id = 3`,
      sql,
      async (here, path) => {
        const report = await imports(here, path, { exact: true });
        const { added, changed, removed } = reportOf(report, "docs");
        assertEquals([added, changed, removed], [0, 0, 1]);
        const all = `SELECT found.rowid, found.body FROM found
          WHERE found MATCH 'fox OR heron'`;
        assertEquals(rowsIn(here.database, all), [[1, "red fox"]]);
      },
    );
  });
}

Deno.test("an index over the log finds the entry of the import itself", async () => {
  const sql = `CREATE TABLE activity_log (id INTEGER PRIMARY KEY, entity_type,
      entity_id, action, details);
    CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
    CREATE VIRTUAL TABLE found
      USING fts5 (action, content='activity_log', content_rowid='id')`;
  await atInstallation(sql, async (installation) => {
    await importing(installation, { tables: { docs: [] } });
    assertEquals(matches(installation.database, "backup_imported"), [1]);
  });
});

Deno.test("an index follows rows that --keep-both gives new numbers", async () => {
  const docs = "CREATE TABLE docs (id INTEGER PRIMARY KEY, name, created_at);";
  const notes = `CREATE TABLE notes (id INTEGER PRIMARY KEY, body,
    doc REFERENCES docs (id)); INSERT INTO notes VALUES (1, 'x', 1);
    CREATE VIEW texts AS SELECT doc, body FROM notes;
    CREATE VIRTUAL TABLE found
      USING fts5 (body, content='texts', content_rowid='doc');
    INSERT INTO found (found) VALUES ('rebuild')`;
  const theirs = `${docs} INSERT INTO docs VALUES (1, 'theirs', '2026-01-01')`;
  const ours = `${docs} INSERT INTO docs VALUES (1, 'ours', '2026-02-01');`;
  await atPair(theirs, ours + notes, async (here, path) => {
    await imports(here, path, { conflicts: "keep" });
    assertEquals(matches(here.database, "x"), [2]);
  });
});

const contentless = `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
  CREATE VIRTUAL TABLE found USING fts5 (body, content='');
  CREATE TRIGGER docs_in AFTER INSERT ON docs BEGIN
    INSERT INTO found (rowid, body) VALUES (NEW.id, NEW.body); END;`;

Deno.test("import names an index without text that triggers fill, and exits with 3", async () => {
  const theirs = `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
    INSERT INTO docs VALUES (1, 'fox')`;
  await atPair(theirs, contentless, async (here, path) => {
    Deno.renameSync(path, `${here.backups}/b.json`);
    const { code, err } = await tool(here, ["import", "b.json"]);
    assertEquals(code, 3);
    assert(err.includes('Out of date: full-text index "found": trig'), err);
    assert(err.includes('"docs"'), err);
    const again = await tool(here, ["import", "b.json"]);
    assertEquals([again.code, again.err], [0, ""]);
  });
});

Deno.test("import names an index with text of its own that only triggers fill", async () => {
  const sql = `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
    CREATE VIRTUAL TABLE found USING fts5 (body);
    CREATE TRIGGER docs_in AFTER INSERT ON docs BEGIN
      INSERT INTO found (rowid, body) VALUES (NEW.id, NEW.body); END;`;
  await atPair(
    `${sql} INSERT INTO docs VALUES (1, 'fox')`,
    sql,
    async (here, path) => {
      const part = await imports(here, path, { only: ["docs"] });
      assertEquals(part.stale.map(({ table }) => table), ["found"]);
      const whole = await imports(here, path);
      assertEquals(whole.stale, []);
      assertEquals(matches(here.database, "fox"), [1]);
    },
  );
});

Deno.test("import names an index that cannot be rebuilt", async () => {
  const sql = `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
    CREATE VIRTUAL TABLE found USING fts5 (text, content='docs')`;
  await atPair(
    `${sql}; INSERT INTO docs VALUES (1, 'fox')`,
    sql,
    async (here, path) => {
      const { stale } = await imports(here, path);
      assertEquals(stale.map(({ table }) => table), ["found"]);
      assert(stale[0]!.reason.startsWith("it was not rebuilt: "));
    },
  );
});
