/**
 * Chunks of rows stay small whatever the rows are.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { engineOf } from "../../lib/database/engine.ts";
import { readChunks } from "../../lib/database/json_chunks.ts";
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
