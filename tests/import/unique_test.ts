/**
 * Rows that meet each other's UNIQUE keys.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

Deno.test("import() swaps a UNIQUE value between two rows", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE);
    INSERT INTO t VALUES (1, 'a'), (2, 'b')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 1, u: "b" }, { id: 2, u: "a" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 0, changed: 2, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[1, "b"], [2, "a"]]);
  });
});

Deno.test("import() moves a chain of UNIQUE values on by one", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE, note);
    INSERT INTO t VALUES (1, 'a', 'n1'), (2, 'b', 'n2'), (3, 'c', 'n3')`;
  await atInstallation(sql, async (installation) => {
    const t = ["b", "c", "d", "a"].map((u, i) => ({ id: i + 1, u }));
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 3, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    assertEquals(rowsIn(installation.database, "SELECT * FROM t ORDER BY id"), [
      [1, "b", "n1"],
      [2, "c", "n2"],
      [3, "d", "n3"],
      [4, "a", null],
    ]);
  });
});

Deno.test("import() swaps values under a key of several columns", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, UNIQUE (a, b));
    INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 2), (3, 'x', NULL)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 1, a: "x", b: 2 }, { id: 2, a: "x", b: 1 }];
    const report = await importing(installation, { tables: { t } });
    assertEquals(countsOf(report, "t").replaced, 0);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[1, "x", 2], [2, "x", 1], [3, "x", null]]);
  });
});

Deno.test("import() swaps values within WITHOUT ROWID tables", async () => {
  const sql = `CREATE TABLE t (a TEXT, b INTEGER, u TEXT UNIQUE,
      PRIMARY KEY (a, b)) WITHOUT ROWID;
    INSERT INTO t VALUES ('x', 1, 'u1'), ('x', 2, 'u2'), ('y', 1, 'u3')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ a: "x", b: 2, u: "u1" }, { a: "x", b: 1, u: "u2" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 0, changed: 2, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY a, b");
    assertEquals(rows, [["x", 1, "u2"], ["x", 2, "u1"], ["y", 1, "u3"]]);
  });
});

Deno.test("import() lets only the rows of a partial unique index give way", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT, active);
    CREATE UNIQUE INDEX one_active ON t (u) WHERE active = 1;
    INSERT INTO t VALUES (1, 'a', 0), (2, 'a', 1), (3, 'b', 1)`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 9, u: "a", active: 1 }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 0, unchanged: 0, replaced: 1 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[1, "a", 0], [3, "b", 1], [9, "a", 1]]);
  });
});

Deno.test("import() swaps values under a unique index over an expression", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT);
    CREATE UNIQUE INDEX one_mail ON t (lower(mail));
    INSERT INTO t VALUES (1, 'A@x'), (2, 'b@x'), (3, 'c@x')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 1, mail: "B@x" }, { id: 2, mail: "a@x" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 0, changed: 2, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[1, "B@x"], [2, "a@x"], [3, "c@x"]]);
  });
});

Deno.test("import() lets one row of the backup displace two that are only here", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, w UNIQUE);
    INSERT INTO t VALUES (1, 'a', 'k'), (2, 'b', 'l'), (3, 'c', 'm')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 9, u: "a", w: "l" }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 0, unchanged: 0, replaced: 2 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[3, "c", "m"], [9, "a", "l"]]);
  });
});

Deno.test("import() lets NULLs in a UNIQUE column stand beside each other", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE);
    INSERT INTO t VALUES (1, NULL), (2, NULL), (3, 'c')`;
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 3, u: null }, { id: 4, u: null }];
    const report = await importing(installation, { tables: { t } });
    const counts = { added: 1, changed: 1, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
    assertEquals(rows, [[1, null], [2, null], [3, null], [4, null]]);
  });
});
