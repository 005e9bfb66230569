/**
 * Indexes that hold the text of REAL values are named.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { runInProcess } from "../support/in_process.ts";
import { atPair, imports } from "../support/pair.ts";

/** Definitions of an index "i", and whether versions of SQLite disagree on it. */
const definitions: [string, boolean][] = [
  ["CREATE INDEX i ON t (lower(r))", true],
  ["CREATE INDEX i ON t (r || '')", true],
  ["CREATE INDEX i ON t (CAST(r AS TEXT))", true],
  ["CREATE INDEX i ON t (x) WHERE r LIKE '0.3%'", true],
  ["CREATE INDEX i ON t (g)", true],
  ["CREATE INDEX i ON t (r)", false],
  ["CREATE INDEX i ON t (r * 2)", false],
  ["CREATE INDEX i ON t (x) WHERE r > 0.5", false],
  ["CREATE INDEX i ON t (lower(x))", false],
  ["CREATE INDEX i ON t (lower(short))", false],
];

for (const [sql, isNamed] of definitions) {
  const what = isNamed ? "names" : "says nothing of";
  Deno.test(`import() ${what} the index of ${sql}`, async () => {
    const generated = sql.includes("(g)") ? ", g AS (lower(r))" : "";
    const table = `CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, r REAL,
      short REAL${generated}); ${sql};`;
    const rows = "INSERT INTO t (x, r, short) VALUES ('a', 0.1 + 0.2, 0.5)";
    for (const local of ["", table, `${table} ${rows.replace("0.2", "0.3")}`]) {
      await atPair(table + rows, local, async (here, path) => {
        const { realTexts } = await imports(here, path);
        const expected = isNamed ? [{ table: "t", index: "i" }] : [];
        assertEquals(realTexts, expected);
        const again = await imports(here, path);
        assertEquals(again.realTexts, []);
      });
    }
  });
}

Deno.test("import tells to run REINDEX, with exit code 3", async () => {
  const sql = "CREATE TABLE t (r REAL); CREATE INDEX i ON t (lower(r)); " +
    "INSERT INTO t VALUES (0.1 + 0.2)";
  await atPair(sql, "", async (here, path) => {
    const { code, err } = await runInProcess(here, ["import", path]);
    assertEquals(code, 3);
    assert(err.includes('REINDEX "i"'), err);
  });
});
