/**
 * Databases of many chunks, some of which hold what SQLite has no exact JSON for.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import { dumpAll } from "../support/dump.ts";
import { atInstallation, session } from "../support/scratch.ts";

const numbers = "WITH RECURSIVE n (i) AS " +
  "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) ";

/** More than twenty megabytes of rows that SQLite has exact JSON for. */
const plain = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n);" +
  `INSERT INTO t ${numbers} SELECT i, hex(zeroblob(260)) || 'é', i / 7.0 FROM n;` +
  "CREATE TABLE u (x); INSERT INTO u VALUES ('last');";

const databases: Record<string, string> = {
  "plain rows": plain,
  "a text that is not UTF-8":
    `${plain} UPDATE t SET a = CAST(x'61ff62' AS TEXT) WHERE id = 19999;`,
  "BLOBs, some like binary JSON": `${plain} UPDATE t SET n = x'c0ffee' ` +
    "WHERE id IN (7, 8, 12000); UPDATE t SET n = x'2b1331' WHERE id = 13000;",
  "values of every size": `${plain} UPDATE t SET a = hex(zeroblob(id * 10)) ` +
    "WHERE id % 1000 = 0;",
};

for (const [what, sql] of Object.entries(databases)) {
  Deno.test(`a large database with ${what} comes back value by value`, async () => {
    await atInstallation(sql, async (installation) => {
      assert(Deno.statSync(installation.database).size > 16 << 20);
      const before = dumpAll(installation.database);
      const { path } = await exportBackup(installation, session());
      Deno.removeSync(installation.database);
      await importBackup(installation, path, {}, session());
      assertEquals(dumpAll(installation.database), before);
    });
  });
}
