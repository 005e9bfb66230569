/**
 * Names that could be taken for SQL, or for names of the importer's own.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing } from "../support/hand_made.ts";

Deno.test("import() keeps names that are SQL apart from SQL", async () => {
  const sql = `CREATE TABLE "a""b; DROP TABLE keep" (id INTEGER PRIMARY KEY,
      "rowid" TEXT, "mask" TEXT, "n" TEXT, "here" TEXT, "x""],y'" TEXT);
    CREATE TABLE keep (x);
    INSERT INTO "a""b; DROP TABLE keep" VALUES (1, 'r', 'm', 'n', 'h', 'q')`;
  await atInstallation(sql, async (installation) => {
    const name = `a"b; DROP TABLE keep`;
    const rest = { rowid: "R", mask: "M", n: "N", here: "H", [`x"],y'`]: "Q" };
    const rows = [{ id: 1, ...rest }, { id: 2, ...rest }];
    const report = await importing(installation, { tables: { [name]: rows } });
    const counts = { added: 1, changed: 1, unchanged: 0, replaced: 0 };
    assertEquals(countsOf(report, name), counts);
    const query = `SELECT * FROM "a""b; DROP TABLE keep" ORDER BY id`;
    const values = ["R", "M", "N", "H", "Q"];
    assertEquals(rowsIn(installation.database, query), [[1, ...values], [
      2,
      ...values,
    ]]);
    assertEquals(rowsIn(installation.database, "SELECT * FROM keep"), []);
  });
});

for (
  const name of ["state", "n", "mask", "c0", "k0", "v0", "r", "types", "rowid"]
) {
  Deno.test(`import() restores a column that is called ${name}`, async () => {
    const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, "${name}" TEXT, z);
      INSERT INTO t VALUES (1, 'a', 'mine'), (2, 'b', 'mine')`;
    await atInstallation(sql, async (installation) => {
      const t = [{ id: 1, [name]: "A" }, { id: 3, [name]: "C" }];
      const report = await importing(installation, { tables: { t } });
      const counts = { added: 1, changed: 1, unchanged: 0, replaced: 0 };
      assertEquals(countsOf(report, "t"), counts);
      const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
      assertEquals(rows, [[1, "A", "mine"], [2, "b", "mine"], [3, "C", null]]);
    });
  });
}

for (
  const name of ["soy_stage", "soy_changes", "soy_kept", "soy_displaced_0"]
) {
  Deno.test(`import() restores a table that is called ${name}`, async () => {
    const sql = `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, u UNIQUE);
      INSERT INTO ${name} VALUES (1, 'a'), (2, 'b')`;
    await atInstallation(sql, async (installation) => {
      const rows = [{ id: 1, u: "c" }, { id: 3, u: "b" }];
      const report = await importing(installation, {
        tables: { [name]: rows },
      });
      const counts = { added: 1, changed: 1, unchanged: 0, replaced: 1 };
      assertEquals(countsOf(report, name), counts);
      const query = `SELECT * FROM main.${name} ORDER BY id`;
      assertEquals(rowsIn(installation.database, query), [[1, "c"], [3, "b"]]);
    });
  });
}

Deno.test("import() restores a table of 700 columns", async () => {
  const names = Array.from({ length: 700 }, (_, i) => `f${i}`);
  const sql = `CREATE TABLE t (${names.join(", ")});
    CREATE TABLE u (id INTEGER PRIMARY KEY, ${names.join(", ")});
    INSERT INTO t (f0) VALUES (1); INSERT INTO u (id, f0) VALUES (1, 1)`;
  await atInstallation(sql, async (installation) => {
    const row = Object.fromEntries(names.map((name, i) => [name, i]));
    const u = [{ id: 1, ...row }, { id: 2, ...row }];
    const report = await importing(installation, { tables: { t: [row], u } });
    assertEquals(countsOf(report, "t").added, 1);
    assertEquals(countsOf(report, "u").changed, 1);
    const query = "SELECT f699 FROM t UNION ALL SELECT f699 FROM u";
    assertEquals(rowsIn(installation.database, query), [[null], [699], [699], [
      699,
    ]]);
  });
});
