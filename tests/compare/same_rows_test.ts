/**
 * Rows of two databases are the same only where every value is.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals } from "@std/assert";
import { describeTable, schemaEntries } from "../../lib/database/schema.ts";
import { haveSameRows } from "../../lib/compare/same_rows.ts";

/** Rows of two columns, no two of them the same. */
const rows = [
  "NULL, NULL",
  "'', NULL",
  "NULL, ''",
  "x'', NULL",
  "'n', NULL",
  "1, 2",
  "12, ''",
  "'1', 2",
  "1.0, 2",
  "x'31', 2",
  "'1,2', ''",
  "'a', 'bc'",
  "'ab', 'c'",
  "'abc', ''",
  "'a' || char(0), 'b'",
  "'a', char(0) || 'b'",
  "CAST(x'61ff' AS TEXT), ''",
  "CAST(x'61fe' AS TEXT), ''",
  "x'61ff', ''",
  "0.1 + 0.2, ''",
  "0.3, ''",
  "1e-300 * 1e-300, ''",
  "-1e-300 * 1e-300, ''",
  "9e999, ''",
  "-9e999, ''",
  "9223372036854775807, ''",
  "9223372036854775806, ''",
];

/** Whether two databases with these rows have the same ones, told by the hundred. */
async function same(mine: string[], others: string[]): Promise<boolean> {
  const databases = [mine, others].map((values) => {
    const db = new Database(":memory:", { int64: true, parseJson: false });
    db.exec("CREATE TABLE t (a, b)");
    for (const row of values) db.exec(`INSERT INTO t VALUES (${row})`);
    return db;
  }) as [Database, Database];
  try {
    const table = describeTable(databases[0], schemaEntries(databases[0])[0]!);
    const size = { bytes: 1, rows: mine.length };
    return await haveSameRows(databases, table, size, () => Promise.resolve());
  } finally {
    for (const db of databases) db.close();
  }
}

/** Whether this SQLite writes doubles exactly and tells the length of bytes. */
function isAble(): boolean {
  const db = new Database(":memory:");
  try {
    const sql = "SELECT json_quote(0.1 + 0.2) = '0.30000000000000004' " +
      "AND octet_length('é') = 2";
    return db.prepare(sql).value<[number]>()?.[0] === 1;
  } catch {
    // Such an engine leaves the comparing to another way, cell by cell.
    return false;
  } finally {
    db.close();
  }
}

Deno.test("haveSameRows() tells every two rows apart", async () => {
  for (const row of rows) {
    for (const other of rows) {
      // A zero may have a sign, so that comparing is left to another way.
      const isZero = row.includes("1e-300");
      const expected = isAble() && row === other && !isZero;
      assertEquals(await same([row], [other]), expected, `${row} | ${other}`);
    }
  }
});

Deno.test("haveSameRows() finds a difference wherever it is", async () => {
  const many = Array.from({ length: 700 }, (_, i) => `${i}, 'row'`);
  assertEquals(await same(many, many), isAble());
  for (const at of [0, 255, 256, 511, 699]) {
    assertEquals(
      await same(many, many.with(at, "0, 'other'")),
      false,
    );
    assertEquals(await same(many, many.toSpliced(at, 1)), false);
    assertEquals(await same(many.toSpliced(at, 1), many), false);
  }
  assertEquals(await same(many, [...many, "1, 2"]), false);
  assertEquals(await same([], []), isAble());
  assertEquals(await same([], many), false);
});
