/**
 * A table that is still what the backup says is told by its bytes.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { describeTable, schemaEntries } from "../../lib/database/schema.ts";
import { BackupFile } from "../../lib/format/backup_file.ts";
import { isUnchanged } from "../../lib/import/merge/unchanged.ts";
import { atInstallation, session } from "../support/scratch.ts";

const TABLE = `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
  INSERT INTO t SELECT i, iif(i % 100, 'row ' || i, x'00ff') FROM n`;

/** Whether the table counts as unchanged after `change`. */
async function unchangedAfter(change: string): Promise<boolean> {
  let unchanged = false;
  await atInstallation(TABLE, async (installation) => {
    const { path } = await exportBackup(installation, session());
    const backup = await BackupFile.open(path);
    const db = new Database(installation.database, {
      int64: true,
      parseJson: false,
    });
    try {
      db.exec(change);
      const table = describeTable(db, schemaEntries(db)[0]!);
      const { checkpoint } = session();
      const span = backup.tables[0]!;
      unchanged = await isUnchanged(db, table, backup, span, checkpoint);
    } finally {
      db.close();
      backup.close();
    }
  });
  return unchanged;
}

Deno.test("isUnchanged() says so of a table that nobody touched", async () => {
  assertEquals(await unchangedAfter(""), true);
  assertEquals(await unchangedAfter("UPDATE t SET x = x"), true);
});

const CHANGES = {
  "a row more": "INSERT INTO t VALUES (3001, 'new')",
  "a row less": "DELETE FROM t WHERE id = 3000",
  "no first row": "DELETE FROM t WHERE id = 1",
  "another value": "UPDATE t SET x = 'other' WHERE id = 1500",
  "another type": "UPDATE t SET x = CAST(x AS BLOB) WHERE id = 1501",
  "another BLOB": "UPDATE t SET x = x'00fe' WHERE id = 200",
  "another id": "UPDATE t SET id = 4000 WHERE id = 3000",
  "two rows swapped": "UPDATE t SET x = 'row ' || (13 - id) WHERE id IN (6, 7)",
  "a column more": "ALTER TABLE t ADD COLUMN y",
  "a column of another name": "ALTER TABLE t RENAME COLUMN x TO y",
};

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`isUnchanged() notices ${name}`, async () => {
    assertEquals(await unchangedAfter(change), false);
  });
}
