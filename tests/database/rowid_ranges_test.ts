/**
 * Ranges of rows stay small whatever the rows are.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { assert, assertEquals } from "@std/assert";
import { engineOf } from "../../lib/database/engine.ts";
import {
  AdaptivePace,
  readRanges,
  type RowRange,
} from "../../lib/database/rowid_ranges.ts";
import { rangeSql } from "../../lib/format/row_json.ts";
import { rowsOf } from "../../lib/database/connection.ts";
import { describeTable, schemaEntries } from "../../lib/database/schema.ts";
import { withDb } from "../support/scratch.ts";

/** The one table, as the JSON that an export makes of it. */
function jsonRanges(db: Database): Generator<RowRange> {
  const table = describeTable(db, schemaEntries(db)[0]!);
  const sql = rangeSql(table, engineOf(db));
  return readRanges(db, table, sql, new AdaptivePace());
}

Deno.test("readRanges() lets no run of huge rows into one range", () => {
  withDb(":memory:", (db) => {
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, x);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < 5100)
      INSERT INTO t SELECT i, iif(i BETWEEN 4000 AND 4030,
        hex(zeroblob(500000)), 'small') FROM n`);
    let rows = 0;
    for (const range of jsonRanges(db)) {
      assertEquals(range.first <= range.last, true);
      assert((range.bytes?.length ?? 0) < 16 << 20);
      rows += range.rows;
    }
    assertEquals(rows, 5100);
  });
});

Deno.test("readRanges() gives each row once, whatever gaps the rowids have", () => {
  withDb(":memory:", (db) => {
    // Dense, sparse and dense again, from the lowest rowid there is to the highest.
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY);
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
        WHERE i < 1499)
      INSERT INTO t SELECT i - 0x7fffffffffffffff - 1 FROM n
        UNION SELECT i - 700 FROM n UNION SELECT (i + 1) * 4000037 FROM n
        UNION SELECT 0x7fffffffffffffff - i FROM n;`);
    const ids: bigint[] = [];
    const text = new TextDecoder();
    for (const range of jsonRanges(db)) {
      const json = text.decode(range.bytes);
      const found = [...json.matchAll(/-?\d+/g)].map(([digits]) =>
        BigInt(digits)
      );
      assertEquals(found.length, range.rows);
      assert(found.every((id) => range.first <= id && id <= range.last));
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

Deno.test("readRanges() makes no long JSON of values that grow in it", () => {
  withDb(":memory:", (db) => {
    // Each byte of such text takes six in JSON.
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
      INSERT INTO t VALUES (1, 'a'),
        (2, replace(hex(zeroblob(3000000)), '0', char(1)));
      WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n
        WHERE i < 100)
      INSERT INTO t SELECT i, 'b' FROM n`);
    const rows: string[] = [];
    let others = 0;
    for (const { bytes, first, last } of jsonRanges(db)) {
      assert((bytes?.length ?? 0) < 16 << 20);
      if (bytes) rows.push(new TextDecoder().decode(bytes));
      else others++;
      assert(bytes !== undefined || (first <= 2 && 2 <= last));
    }
    // Whatever the engine can do, the long row is left to be read by its cells.
    assertEquals(others, 1);
    assertEquals(rows.some((json) => json.includes("\\u0001")), false);
    assert(rows.join(",\n").includes('{"id":100,"x":"b"}'));
  });
});
