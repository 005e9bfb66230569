/**
 * What the stand-in for the package has in common with it.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { withDb } from "../support/scratch.ts";

/** Rows of which the one with this number cannot be read. */
const failing = (at: number) =>
  `SELECT iif(value = ${at}, abs(-9223372036854775808), value) AS v ` +
  "FROM (SELECT 1 AS value UNION ALL SELECT 2 UNION ALL SELECT 3) WHERE v > ?";

Deno.test("iter() throws where a row cannot be read, and gives those before it", () => {
  for (const at of [1, 2, 3]) {
    withDb(":memory:", (db) => {
      const seen: unknown[] = [];
      const read = () => {
        for (const { v } of db.prepare(failing(at)).iter(0)) seen.push(v);
      };
      assertThrows(read, Error, "integer overflow");
      assertEquals(seen, [1, 2].slice(0, at - 1));
    });
  }
});

Deno.test("iter() gives all rows in their order, or none", () => {
  withDb(":memory:", (db) => {
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, x)");
    db.exec("INSERT INTO t VALUES (3, 'c'), (1, 'a'), (2, NULL)");
    const sql = "SELECT x, id AS n FROM t WHERE id < ? ORDER BY id DESC";
    assertEquals([...db.prepare(sql).iter(3)], [
      { x: null, n: 2 },
      { x: "a", n: 1 },
    ]);
    assertEquals([...db.prepare(sql).iter(0)], []);
  });
});
