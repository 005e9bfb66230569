/**
 * Chunks of rows stay small whatever the rows are.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { engineOf } from "../../lib/database/engine.ts";
import { readChunks } from "../../lib/format/json_chunks.ts";
import { rowsOf } from "../../lib/database/connection.ts";
import { describeTable, schemaEntries } from "../../lib/database/schema.ts";
import { withDb } from "../support/scratch.ts";

Deno.test("readChunks() lets no run of huge rows into one chunk", () => {
  withDb(":memory:", (db) => {
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, x);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < 5100)
      INSERT INTO t SELECT i, iif(i BETWEEN 4000 AND 4030,
        hex(zeroblob(500000)), 'small') FROM n`);
    const table = describeTable(db, schemaEntries(db)[0]!);
    let rows = 0;
    for (const chunk of readChunks(db, table, engineOf(db))) {
      assertEquals(chunk.first <= chunk.last, true);
      assert((chunk.json?.length ?? 0) < 16 << 20);
      rows += chunk.rows;
    }
    assertEquals(rows, 5100);
  });
});

Deno.test("readChunks() gives each row once, whatever gaps the rowids have", () => {
  withDb(":memory:", (db) => {
    // Dense, sparse and dense again, from the lowest rowid there is to the highest.
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY);
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
        WHERE i < 1499)
      INSERT INTO t SELECT i - 0x7fffffffffffffff - 1 FROM n
        UNION SELECT i - 700 FROM n UNION SELECT (i + 1) * 4000037 FROM n
        UNION SELECT 0x7fffffffffffffff - i FROM n;`);
    const table = describeTable(db, schemaEntries(db)[0]!);
    const ids: bigint[] = [];
    const text = new TextDecoder();
    for (const chunk of readChunks(db, table, engineOf(db))) {
      const json = text.decode(chunk.json);
      const found = [...json.matchAll(/-?\d+/g)].map(([digits]) =>
        BigInt(digits)
      );
      assertEquals(found.length, chunk.rows);
      assert(found.every((id) => chunk.first <= id && id <= chunk.last));
      ids.push(...found);
    }
    const all = rowsOf<[string]>(
      db,
      "SELECT CAST(id AS TEXT) FROM t ORDER BY id",
    );
    assertEquals(ids, all.map(([digits]) => BigInt(digits)));
    assertEquals(ids.length, 6000);
  });
});

Deno.test("readChunks() makes no long JSON of values that grow in it", () => {
  withDb(":memory:", (db) => {
    // Each byte of the long text takes six in JSON.
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < 1000)
      INSERT INTO t SELECT i, 'short' FROM n;
      UPDATE t SET x = replace(hex(zeroblob(3000000)), '0', char(1))
        WHERE id = 500`);
    const table = describeTable(db, schemaEntries(db)[0]!);
    let rows = 0;
    const without: [number, number][] = [];
    for (const { json, ...chunk } of readChunks(db, table, engineOf(db))) {
      assert((json?.length ?? 0) < 16 << 20);
      rows += chunk.rows;
      if (!json) without.push([Number(chunk.first), Number(chunk.last)]);
    }
    assertEquals(without.length, 1);
    const [first, last] = without[0]!;
    assert(first <= 500 && 500 <= last && last - first < 8, `${without}`);
    assertEquals(rows, 1000 - (last - first + 1));
  });
});
