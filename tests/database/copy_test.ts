/**
 * Copying a whole database: what is left when it fails, and waiting for a lock.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openTarget, scalar } from "../../lib/database/connection.ts";
import { copyOver } from "../../lib/database/copy.ts";
import { effort } from "../support/effort.ts";
import { inScratch, session, withDb } from "../support/scratch.ts";

const filled = "CREATE TABLE t (a); INSERT INTO t VALUES (1)";

/** Runs a test with a database to copy, and another one for the copy. */
async function atTwo(
  test: (source: Database, target: Database) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const path = join(folder, "target.db");
    withDb(path, (db) => {
      db.exec(`PRAGMA page_size = 1024; ${filled}`);
      db.exec("PRAGMA journal_mode = WAL");
    });
    const source = new Database(":memory:");
    source.exec(filled);
    const target = openTarget(path);
    try {
      await test(source, target);
    } finally {
      source.close();
      target.close();
    }
  });
}

Deno.test("copyOver() tells why it failed though SQLite has ended the transaction", async () => {
  await atTwo(async (source, target) => {
    source.backup = () => {
      source.exec("ROLLBACK");
      throw new Error("disk I/O error");
    };
    const copying = () => copyOver(source, target, session());
    await assertRejects(copying, Error, "disk I/O error");
  });
});

Deno.test("copyOver() that fails leaves a database in WAL mode there", async () => {
  await atTwo(async (source, target) => {
    source.backup = () => Promise.reject(new Error("disk I/O error"));
    const copying = () => copyOver(source, target, session());
    await assertRejects(copying, Error, "disk I/O error");
    assertEquals(scalar(target, "PRAGMA journal_mode"), "wal");
    assertEquals(scalar(target, "SELECT a FROM t"), 1);
  });
});

Deno.test("copyOver() that waits for a lock leaves the processor to others", async () => {
  await atTwo(async (source, target) => {
    const other = new Database(target.path);
    try {
      other.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
      const waiting = { ...session(), lockTimeout: 1_000 };
      const before = effort();
      const copying = () => copyOver(source, target, waiting);
      await assertRejects(copying, Error, "database is locked");
      assert(effort() - before < 150);
    } finally {
      other.close();
    }
  });
});
