/**
 * Every kind of value, through a backup and back, in columns of every affinity
 * and in STRICT tables.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { rowsIn } from "../support/scratch.ts";
import { inEveryColumn, lastCell, roundTrip } from "./round_trip.ts";

/** A value: what it is, the SQL that makes it, and how the file holds it. */
interface Sample {
  name: string;
  sql: string;
  type: string;
  /** Says whether a cell's JSON text is what the format demands. */
  holds: (json: string) => boolean;
}

const is = (text: string) => (json: string) => json === text;

function real(value: number): (json: string) => boolean {
  return (json) => /[.eE]/.test(json) && Object.is(Number(json), value);
}

function text(value: string): (json: string) => boolean {
  return (json) => JSON.parse(json) === value;
}

function integer(value: bigint): Sample {
  // SQL has no literal for the lowest integer.
  const sql = value === -(2n ** 63n) ? `${value + 1n} - 1` : `${value}`;
  return { name: `${value}`, sql, type: "integer", holds: is(`${value}`) };
}

const INTEGERS = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
].map(integer);

const REALS: Sample[] = ([
  ["1.0", 1],
  ["3.0", 3],
  ["0.1 + 0.2", 0.1 + 0.2],
  ["1.0 / 3", 1 / 3],
  ["-2.5", -2.5],
  ["1e15", 1e15],
  ["1e16", 1e16],
  ["9007199254740993.0", 9007199254740992],
  ["1e21", 1e21],
  ["1e300", 1e300],
  ["5e-324", 5e-324],
  ["2.2250738585072014e-308", 2.2250738585072014e-308],
  ["1.7976931348623157e308", Number.MAX_VALUE],
  ["9223372036854775807.0", 2 ** 63],
  ["-9223372036854775808.0", -(2 ** 63)],
] as [string, number][]).map(([sql, value]) => ({
  name: sql,
  sql,
  type: "real",
  holds: real(value),
}));

const TEXTS: Sample[] = ([
  ["empty text", ""],
  ["text that looks like an integer", "007"],
  ["text that looks like a number", "1e3"],
  ["quotes and backslashes", `"\\'\\"`],
  ["control characters", "\x01\b\t\n\v\f\r\x1b\x1f\x7f"],
  ["a NUL", "before\0after\0"],
  ["line separators", "\u2028\u2029\u0085"],
  ["a byte order mark", "\ufefftext"],
  ["emoji", "👩‍👩‍👧 🏳️‍🌈 \u{10ffff}"],
  ["combining marks", "e\u0301 \u00e9"],
  ["text that looks like a BLOB", '{"$base64":true,"encoded":"AAEC"}'],
  ["text that looks like JSON", '{"a": [1, 2.0, null, true]}'],
  ["text that looks like an escape", "\\u0041\\n"],
] as [string, string][]).map(([name, value]) => ({
  name,
  sql: `CAST(x'${new TextEncoder().encode(value).toHex()}' AS TEXT)`,
  type: "text",
  holds: text(value),
}));

const OTHERS: Sample[] = [
  { name: "NULL", sql: "NULL", type: "null", holds: is("null") },
  { name: "infinity", sql: "9e999", type: "real", holds: is("9.0e+999") },
  { name: "-infinity", sql: "-9e999", type: "real", holds: is("-9.0e+999") },
];

for (const sample of [INTEGERS, REALS, TEXTS, OTHERS].flat()) {
  const { name, sql, type, holds } = sample;
  Deno.test(`a backup keeps ${name} in a column of every affinity`, async () => {
    await roundTrip(inEveryColumn(sql), {
      check: ({ there, text }) => {
        const types = "SELECT typeof(x), typeof(a) FROM loose, hard";
        assertEquals(rowsIn(there, types), [[type, type]]);
        for (const column of ["x", "a"]) {
          const json = lastCell(text, column);
          assert(holds(json), `column ${column} is written as ${json}`);
        }
      },
    });
  });
}

Deno.test("a backup keeps the sign of a negative zero", async () => {
  const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, x); " +
    "INSERT INTO t VALUES (1, -1e-300 * 1e-300)";
  await roundTrip(sql, {
    check: ({ here, there }) => {
      // SQLite takes both zeros for equal, but keeps which one it is.
      assert(Object.is(rowsIn(here, "SELECT x FROM t")[0]?.[0], -0));
      assert(Object.is(rowsIn(there, "SELECT x FROM t")[0]?.[0], -0));
    },
  });
});
