/**
 * A table that is still what the backup says is told by its bytes.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import {
  closing,
  countRows,
  openForWriting,
} from "../../lib/database/connection.ts";
import { describeTable, schemaEntries } from "../../lib/database/schema.ts";
import { BackupFile } from "../../lib/format/backup_file.ts";
import { type Standing, standing } from "../../lib/import/merge/unchanged.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session } from "../support/scratch.ts";

const TABLE = `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
  INSERT INTO t SELECT i, iif(i % 100, 'row ' || i, x'00ff') FROM n`;

/** How the table stands to its backup after `change`. */
async function standingAfter(
  change: string,
  sql = TABLE,
): Promise<Standing | undefined> {
  let found: Standing | undefined;
  await atInstallation(sql, async (installation) => {
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
      found = await standing(db, table, backup, span, checkpoint);
    } finally {
      db.close();
      backup.close();
    }
  });
  return found;
}

Deno.test("a table that nobody touched is the same", async () => {
  assertEquals(await standingAfter(""), "same");
  assertEquals(await standingAfter("UPDATE t SET x = x"), "same");
});

const TABLES = {
  "with rowids": TABLE,
  "without rowids": TABLE.replace("x);", "x) WITHOUT ROWID;"),
  "in UTF-16": `PRAGMA encoding = 'UTF-16le'; ${TABLE}`,
};

for (const [name, sql] of Object.entries(TABLES)) {
  Deno.test(`rows after those of the backup make a table ${name} longer`, async () => {
    for (
      const more of [
        "INSERT INTO t VALUES (3001, 'new')",
        "INSERT INTO t VALUES (3001, 'new'), (4000, x'00')",
        "INSERT INTO t SELECT id + 3000, x FROM t",
      ]
    ) {
      assertEquals(await standingAfter(more, sql), "longer", more);
      const less = `${more}; DELETE FROM t WHERE id = 3000`;
      assertEquals(await standingAfter(less, sql), "other", less);
    }
  });
}

const CHANGES = {
  "a row before the others": "INSERT INTO t VALUES (-1, 'new')",
  "a row less": "DELETE FROM t WHERE id = 3000",
  "no first row": "DELETE FROM t WHERE id = 1",
  "only the first row": "DELETE FROM t WHERE id > 1",
  "another value": "UPDATE t SET x = 'other' WHERE id = 1500",
  "another last value": "UPDATE t SET x = 'other' WHERE id = 3000",
  "another type": "UPDATE t SET x = CAST(x AS BLOB) WHERE id = 1501",
  "another BLOB": "UPDATE t SET x = x'00fe' WHERE id = 200",
  "another id": "UPDATE t SET id = 4000 WHERE id = 3000",
  "two rows swapped": "UPDATE t SET x = 'row ' || (13 - id) WHERE id IN (6, 7)",
  "a column more": "ALTER TABLE t ADD COLUMN y",
  "a column of another name": "ALTER TABLE t RENAME COLUMN x TO y",
};

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`standing() notices ${name}`, async () => {
    assertEquals(await standingAfter(change), "other");
  });
}

// A line feed in a text is no end of a row, whatever stands around it.
Deno.test("a text that looks like the end of the rows is none", async () => {
  const texts = "CREATE TABLE t (id INTEGER PRIMARY KEY, x); " +
    "INSERT INTO t VALUES (1, '},' || char(10) || '{'), (2, 'b')";
  const shorter = "UPDATE t SET x = '}' || char(10) || ']' WHERE id = 1";
  assertEquals(await standingAfter(shorter, texts), "other");
});

Deno.test("an import leaves a table alone that only has rows of its own more", async () => {
  await atInstallation(TABLE, async (installation) => {
    const { path } = await exportBackup(installation, session());
    using db = closing(openForWriting(installation.database));
    db.db.exec("INSERT INTO t VALUES (3001, 'new'), (3002, 'newer')");
    const say = async (...options: string[]) => {
      const words = ["import", path, "--json", ...options];
      const { out } = await runInProcess(installation, words);
      const [table] = JSON.parse(out).tables;
      const { rows, unchanged, only_here, removed } = table;
      return [rows, unchanged, only_here, removed];
    };
    assertEquals(await say("--dry-run"), [3000, 3000, 2, 0]);
    assertEquals(await say(), [3000, 3000, 2, 0]);
    assertEquals(countRows(db.db, "t"), 3002);
    assertEquals(await say("--exact"), [3000, 3000, 2, 2]);
    assertEquals(countRows(db.db, "t"), 3000);
  });
});
