/**
 * Long values in tables without a key, and rows with many sets of columns.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import { effort } from "../support/effort.ts";
import { countsOf, importing } from "../support/hand_made.ts";
import { atInstallation, rowsIn, session } from "../support/scratch.ts";

const rows = `
CREATE TABLE t (a, b);
INSERT INTO t VALUES ('x', hex(zeroblob(5000))), ('x', zeroblob(5000)),
  ('x', hex(zeroblob(5000))), ('x', hex(zeroblob(4999)) || '01');
`;

Deno.test("import() tells long values in a table without a key apart by type and content", async () => {
  await atInstallation(rows, async (installation) => {
    const { path } = await exportBackup(installation, session());
    const { database } = installation;
    rowsIn(database, "DELETE FROM t WHERE rowid IN (1, 4)");
    rowsIn(database, "INSERT INTO t VALUES ('y', 1)");
    const { tables } = await importBackup(installation, path, {}, session());
    assertEquals([tables[0]?.added, tables[0]?.unchanged], [2, 2]);
    const counts = "SELECT typeof(b), count(*) FROM t GROUP BY 1 ORDER BY 1";
    assertEquals(rowsIn(database, counts), [
      ["blob", 1],
      ["integer", 1],
      ["text", 3],
    ]);
  });
});

Deno.test("import() finds rows that leave NULL out, the fullest first", async () => {
  const columns = ["a", "b", "c", "d", "e"];
  const local = "INSERT INTO t VALUES (1, NULL, NULL, NULL, NULL), " +
    "(1, NULL, NULL, NULL, 5), (NULL, 2, 2, NULL, NULL)";
  const sql = `CREATE TABLE t (${columns.join(", ")}); ${local}`;
  await atInstallation(sql, async (installation) => {
    const t = [
      { a: 1 },
      { a: 1, e: null },
      { b: 2, c: 2 },
      { b: 2, c: 2 },
      { c: 3 },
      { d: 4 },
      { a: 1, b: 1, c: 1 },
    ];
    const report = await importing(installation, { tables: { t } });
    // The first row finds the one with 5, since the second one fits the other only.
    const counts = { added: 4, changed: 0, unchanged: 3, replaced: 0 };
    assertEquals(countsOf(report, "t"), counts);
    const again = await importing(installation, { tables: { t } });
    assertEquals(countsOf(again, "t").unchanged, 7);
  });
});

Deno.test("import() takes thousands of sets of columns in a table without a key", async () => {
  const columns = Array.from({ length: 12 }, (_, i) => `c${i}`);
  await atInstallation(
    `CREATE TABLE t (${columns.join(", ")})`,
    async (here) => {
      rowsIn(here.database, "INSERT INTO t (c0) VALUES ('local')");
      const t = Array.from({ length: 3000 }, (_, n) =>
        Object.fromEntries(
          columns.filter((_, i) => n + 1 >> i & 1).map((name) => [name, 1]),
        ));
      const start = effort();
      for (const unchanged of [0, 3000]) {
        const report = await importing(here, { tables: { t } });
        assertEquals(countsOf(report, "t").unchanged, unchanged);
      }
      assert(effort() - start < 15_000, "it took its time");
    },
  );
});
