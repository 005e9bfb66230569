/**
 * Rows of a backup that cannot stand beside each other, and conflict clauses of
 * the schema, which must not swallow one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { countsOf, importing, refused } from "../support/hand_made.ts";

const filled = "INSERT INTO t VALUES (7, 'here', 0)";
const excluding = "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, v);";

for (const [state, rows] of [["an empty", ""], ["a filled", filled]]) {
  Deno.test(`import() refuses two rows with the same key, in ${state} table`, async () => {
    await atInstallation(excluding + rows, async (installation) => {
      const t = [{ id: 1, u: 1 }, { id: 2, u: 2 }, { id: 1, u: 3 }];
      await refused(installation, { tables: { t } }, `table "t", row 3: `);
    });
  });

  Deno.test(`import() refuses two equal rows of one key, in ${state} table`, async () => {
    await atInstallation(excluding + rows, async (installation) => {
      const t = [{ id: 1, u: 1 }, { id: 1, u: 1 }];
      await refused(installation, { tables: { t } }, `table "t", row 2: `);
    });
  });

  Deno.test(`import() refuses rows that exclude each other only here, in ${state} table`, async () => {
    await atInstallation(excluding + rows, async (installation) => {
      const t = [{ id: 1, u: "same" }, { id: 2, u: "same" }];
      await refused(installation, { tables: { t } }, `table "t", row `);
    });
  });

  Deno.test(`import() refuses keys that differ by case under NOCASE, in ${state} table`, async () => {
    const sql = `CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, u, v);`;
    await atInstallation(sql + rows, async (installation) => {
      const t = [{ k: "Anna", v: 1 }, { k: "anna", v: 2 }];
      await refused(installation, { tables: { t } }, `table "t", row 2: `);
    });
  });

  for (const policy of ["IGNORE", "REPLACE", "ROLLBACK", "FAIL"]) {
    Deno.test(`import() is not misled by ON CONFLICT ${policy}, in ${state} table`, async () => {
      const sql = `CREATE TABLE t (
        id INTEGER PRIMARY KEY ON CONFLICT ${policy},
        u TEXT UNIQUE ON CONFLICT ${policy}, v);`;
      await atInstallation(sql + rows, async (installation) => {
        const t = [{ id: 1, u: "same", v: 1 }, { id: 2, u: "same", v: 2 }];
        await refused(installation, { tables: { t } }, `table "t", row `);
      });
    });
  }
}

for (const policy of ["IGNORE", "REPLACE", "ROLLBACK", "FAIL"]) {
  Deno.test(`import() takes rows in where the schema says ON CONFLICT ${policy}`, async () => {
    const sql = `CREATE TABLE t (
        id INTEGER PRIMARY KEY ON CONFLICT ${policy},
        u TEXT UNIQUE ON CONFLICT ${policy}, v);
      INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)`;
    await atInstallation(sql, async (installation) => {
      const t = [
        { id: 1, u: "b", v: 1 },
        { id: 2, u: "a", v: 2 },
        { id: 9, u: "c", v: 9 },
      ];
      const report = await importing(installation, { tables: { t } });
      const counts = { added: 1, changed: 2, unchanged: 0, replaced: 1 };
      assertEquals(countsOf(report, "t"), counts);
      const rows = rowsIn(installation.database, "SELECT * FROM t ORDER BY id");
      assertEquals(rows, [[1, "b", 1], [2, "a", 2], [9, "c", 9]]);
    });
  });
}

Deno.test("import() refuses a row that would take another's kept value", async () => {
  // Row 1 keeps its "a", since it says nothing of u; row 2 wants it.
  const sql = excluding + "INSERT INTO t VALUES (1, 'a', 0), (2, 'b', 0)";
  await atInstallation(sql, async (installation) => {
    const t = [{ id: 1, v: 5 }, { id: 2, u: "a" }];
    await refused(installation, { tables: { t } }, `table "t", row `);
  });
});

Deno.test("import() takes back the tables before the one with the fault", async () => {
  const sql = `CREATE TABLE modules (name TEXT PRIMARY KEY, v);
    CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
    CREATE TABLE t (id INTEGER PRIMARY KEY, v NOT NULL);
    CREATE TRIGGER noted AFTER INSERT ON t BEGIN SELECT 1; END;
    INSERT INTO modules VALUES ('crm', 1)`;
  await atInstallation(sql, async (installation) => {
    const tables = {
      modules: [{ name: "crm", v: 2 }, { name: "mail", v: 1 }],
      contacts: Array.from({ length: 2000 }, (_, i) => ({ id: i, v: "x" })),
      t: [{ id: 1, v: null }],
    };
    const parts = { tables, sequences: { contacts: 9000 } };
    await refused(installation, parts, `table "t", row 1: column "v"`);
    const modules = rowsIn(installation.database, "SELECT * FROM modules");
    assertEquals(modules, [["crm", 1]]);
  });
});
