/**
 * Long values in tables without a key, and rows with many sets of columns.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
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
