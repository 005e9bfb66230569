/**
 * Rowids that no column shows, which other tables may hold.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseRowids } from "../../lib/format/rowids.ts";
import { tool } from "../support/installation.ts";
import { atPair, imports } from "../support/pair.ts";
import { makeInstallation, rowsIn } from "../support/scratch.ts";

const tables: Record<string, string> = {
  "without a key": "CREATE TABLE t (name, v);",
  "with a key of text": "CREATE TABLE t (name TEXT PRIMARY KEY, v);",
  "with a column called rowid":
    "CREATE TABLE t (name, v, rowid DEFAULT 'taken');",
};
const rows =
  `INSERT INTO t (_rowid_, name, v) VALUES (-5, 'a', 1), (2, 'b', x'00'),
  (3, 'c', 3), (7, 'd', 'ü'), (9007199254740993, 'e', 5),
  (9223372036854775807, 'last', 6), (-9223372036854775807 - 1, 'first', 7);`;
const all = "SELECT _rowid_, name FROM t ORDER BY 1";

for (const [kind, sql] of Object.entries(tables)) {
  Deno.test(`the rowids of a table ${kind} come back`, async () => {
    await atPair(sql + rows, sql, async (here, path, there) => {
      const wanted = rowsIn(there.database, all);
      const anew = makeInstallation(there.root, "anew");
      for (const installation of [here, anew]) {
        await imports(installation, path);
        assertEquals(rowsIn(installation.database, all), wanted);
      }
      const { code } = await tool(there, ["export", "--verify"]);
      assertEquals(code, 0);
    });
  });

  Deno.test(`the rowids of a table ${kind} come back among local rows, unless they are taken`, async () => {
    const ours = `${sql} INSERT INTO t (_rowid_, name, v) VALUES
      (3, 'mine', 1), (8, 'b', x'00')`;
    await atPair(sql + rows, ours, async (here, path) => {
      await imports(here, path);
      const found = new Map(
        rowsIn(here.database, all).map(([rowid, name]) => [name, rowid]),
      );
      assertEquals(found.get("mine"), 3);
      assertEquals(found.get("b"), 8);
      assertEquals([found.get("a"), found.get("d")], [-5, 7]);
      assertEquals(found.size, 8);
    });
  });
}

Deno.test("an index that keeps rowids of a table with gaps is right after a restore", async () => {
  const sql = `CREATE TABLE t (name TEXT PRIMARY KEY);
    INSERT INTO t (rowid, name) VALUES (4, 'fox'), (9, 'whale');
    CREATE VIRTUAL TABLE found USING fts5 (name, content='t');
    CREATE VIRTUAL TABLE own USING fts5 (name);
    INSERT INTO found (found) VALUES ('rebuild');
    INSERT INTO own (rowid, name) SELECT rowid, name FROM t`;
  await atPair(sql, "", async (here, path) => {
    await imports(here, path);
    for (const index of ["found", "own"]) {
      const query = `SELECT t.name FROM t JOIN ${index} AS f
        ON f.rowid = t.rowid WHERE ${index} MATCH 'whale'`;
      assertEquals(rowsIn(here.database, query), [["whale"]]);
    }
  });
});

Deno.test("a backup says nothing of rowids without gaps, nor of those that a column shows", async () => {
  const sql = `CREATE TABLE t (name); INSERT INTO t VALUES (1), (2);
    CREATE TABLE u (id INTEGER PRIMARY KEY); INSERT INTO u VALUES (7)`;
  await atPair(sql, "", (_here, path) => {
    assertEquals(Deno.readTextFileSync(path).includes("rowids"), false);
  });
});

Deno.test("parseRowids() refuses what no table can have", () => {
  assertEquals(parseRowids("-2+3,8+1"), [
    { first: -2n, rows: 3n },
    { first: 8n, rows: 1n },
  ]);
  const wrong = ["", "1", "1+0", "1+2,2+1", "5+1,1+1", "9223372036854775807+2"];
  for (const text of wrong) assertEquals(parseRowids(text), undefined, text);
});
