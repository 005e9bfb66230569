/**
 * The keys by which a row is known again: collations, text keys, no key at all.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn, withDb } from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

Deno.test("import() knows a row again by a NOCASE key and takes the backup's case", async () => {
  const sql = `CREATE TABLE t (name TEXT PRIMARY KEY COLLATE NOCASE, v, w);
    INSERT INTO t VALUES ('anna', 1, 'mine'), ('bert', 2, 'mine')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ name: "Anna", v: 1 }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 0, changed: 1, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY name");
    assertEquals(rows, [["Anna", 1, "mine"], ["bert", 2, "mine"]]);
  });
});

Deno.test("import() keeps a row whose key differs by case from a changed one's", async () => {
  // The column compares without case, the key with it.
  const sql = `CREATE TABLE t (name TEXT COLLATE NOCASE, v,
      PRIMARY KEY (name COLLATE BINARY));
    INSERT INTO t VALUES ('a', 1), ('A', 2)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ name: "a", v: 9 }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 0, changed: 1, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY v");
    assertEquals(rows, [["A", 2], ["a", 9]]);
  });
});

Deno.test("import() lets a value that differs by case only give way under NOCASE", async () => {
  const sql =
    `CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT COLLATE NOCASE UNIQUE);
    INSERT INTO t VALUES (1, 'Red'), (2, 'blue')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 2, u: "BLUE" }, { id: 3, u: "RED" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 1, unchanged: 0, replaced: 1 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[2, "BLUE"], [3, "RED"]]);
  });
});

Deno.test("import() adds a row before a changed one in a table with a text key", async () => {
  // The new row must not be given the rowid to which the changed one returns.
  const sql = `CREATE TABLE t (name TEXT PRIMARY KEY, v);
    INSERT INTO t VALUES ('old', 1)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ name: "new", v: 2 }, { name: "old", v: 3 }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 1, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY name");
    assertEquals(rows, [["new", 2], ["old", 3]]);
  });
});

Deno.test("import() keeps the rowid of a changed row, which no column shows", async () => {
  const sql = `CREATE TABLE t (name TEXT PRIMARY KEY, v);
    INSERT INTO t (rowid, name, v) VALUES (7, 'a', 1), (9, 'b', 2)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ name: "b", v: 3 }, { name: "a", v: 4 }];
    await importing(installation, { tables: { t } });
    const rows = rowsIn(
      installation.database,
      "SELECT rowid, * FROM t ORDER BY 1",
    );
    assertEquals(rows, [[7, "a", 4], [9, "b", 3]]);
  });
});

Deno.test("import() takes rows of a table whose one key is a computed column", async () => {
  const sql = `CREATE TABLE t (name TEXT, v,
      folded TEXT GENERATED ALWAYS AS (lower(name)) STORED UNIQUE);
    INSERT INTO t (name, v) VALUES ('Anna', 1), ('Bert', 2)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ name: "Anna", v: 1 }, { name: "Cleo", v: 3 }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 0, unchanged: 1, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY name");
    assertEquals(rows.map((row) => row[2]), ["anna", "bert", "cleo"]);
  });
});

Deno.test("import() takes NULL for the id of INTEGER PRIMARY KEY DESC", async () => {
  // By an old quirk of SQLite such a column is no rowid, and may be NULL.
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY DESC, v);
    INSERT INTO t VALUES (1, 'a'), (NULL, 'b')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 1, v: "a" }, { id: null, v: "b" }, { id: null, v: "c" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 0, unchanged: 2, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY v");
    assertEquals(rows, [[1, "a"], [null, "b"], [null, "c"]]);
  });
});

Deno.test("import() does not take text for a number where the column would not", async () => {
  const sql = `CREATE TABLE t (k PRIMARY KEY, v);
    INSERT INTO t VALUES (1, 'number'), ('2', 'text')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ k: "1", v: "text" }, { k: 2, v: "number" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 2, changed: 0, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const query = "SELECT typeof(k), k, v FROM t ORDER BY k";
    assertEquals(rowsIn(installation.database, query), [
      ["integer", 1, "number"],
      ["integer", 2, "number"],
      ["text", "1", "text"],
      ["text", "2", "text"],
    ]);
  });
});

Deno.test("import() takes no counter that would leave no number", async () => {
  const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v);" +
    "INSERT INTO t (v) VALUES (1)";
  await atInstallation(sql, async (installation) => {
    const parts = {
      tables: { t: [{ id: 1, v: 2 }] },
      sequences: { t: 2n ** 63n - 1n },
    };
    await importing(installation, parts);
    withDb(
      installation.database,
      (db) => db.exec("INSERT INTO t (v) VALUES (3)"),
    );
    assertEquals(rowsIn(installation.database, "SELECT max(id) FROM t"), [[2]]);
  });
});
