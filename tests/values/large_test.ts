/**
 * Large values and many of them, through a backup and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { rowsIn } from "../support/scratch.ts";
import { roundTrip } from "./round_trip.ts";

const LENGTHS = "SELECT typeof(x), length(CAST(x AS BLOB)) FROM t";
const TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, x);";

/** SQL for `size` bytes, all of the same few. */
function repeated(pattern: string, size: number): string {
  const count = size / (pattern.length / 2);
  return `CAST(replace(hex(zeroblob(${count / 2})), '00', ` +
    `CAST(x'${pattern}${pattern}' AS TEXT)) AS TEXT)`;
}

const LARGE: [string, string, string, number][] = [
  ["3 MB of text", repeated("616263", 3_000_000), "text", 3_000_000],
  ["3 MB of quotes", repeated("22", 3_000_000), "text", 3_000_000],
  ["1 MB of NULs", "CAST(zeroblob(1000000) AS TEXT)", "text", 1_000_000],
  ["3 MB of emoji", repeated("f09f9880", 3_000_000), "text", 3_000_000],
  ["2 MB of random bytes", "randomblob(2000000)", "blob", 2_000_000],
  ["2 MB and a byte", "randomblob(2000001)", "blob", 2_000_001],
  [
    "1 MB of broken text",
    "CAST(x'ff' || zeroblob(1000000) AS TEXT)",
    "text",
    1_000_001,
  ],
];

for (const [name, sql, type, length] of LARGE) {
  Deno.test(`a backup keeps ${name}`, async () => {
    await roundTrip(`${TABLE} INSERT INTO t VALUES (1, ${sql})`, {
      check: ({ there }) => {
        assertEquals(rowsIn(there, LENGTHS), [[type, length]]);
      },
    });
  });
}

Deno.test("a backup keeps small rows between large ones", async () => {
  await roundTrip(`${TABLE} WITH RECURSIVE n (i) AS
    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO t SELECT i, iif(i % 20, 'small ' || i,
      replace(hex(zeroblob(400000)), '00', char(233))) FROM n`);
  await roundTrip(`${TABLE} WITH RECURSIVE n (i) AS
    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO t SELECT i * 3, iif(i % 7, 'row ' || i, i / 3.0) FROM n`);
  const sql = `${TABLE} INSERT INTO t VALUES (1, '')`;
  await roundTrip(sql, {
    check: ({ imported }) => assertEquals(imported.tables[0]?.rows, 1),
  });
});
