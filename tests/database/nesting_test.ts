/**
 * How deeply definitions are nested.
 *
 * @module
 */
import { assert } from "@std/assert";
import { SAMPLE_SCHEMA } from "../../lib/demo/schema.ts";
import { MOST_DEPTH, parserDepth } from "../../lib/database/nesting.ts";

/** Forms of nesting, and how many of each SQLite 3.40.1 takes at most. */
const forms: [string, string, string, number][] = [
  ["CREATE TABLE t (x CHECK (", "(", ")", 91],
  ["CREATE TABLE t (x CHECK (", "(1+", ")", 30],
  ["CREATE TABLE t (x CHECK (", "max(1, ", ")", 18],
  ["CREATE TABLE t (x CHECK (", "CASE WHEN ", " THEN 1 END", 30],
  [
    "CREATE TABLE t (x CHECK (",
    "CASE WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE ",
    " END",
    22,
  ],
  ["CREATE TABLE t (x CHECK (", "NOT ", "", 92],
  ["CREATE TABLE t (x CHECK (", "1 IN (1, ", ")", 18],
  ["CREATE VIEW v AS SELECT (", "SELECT 1 FROM (", ")", 13],
  ["CREATE VIEW v AS SELECT (", "SELECT 1 WHERE EXISTS (", ")", 11],
];

for (const [head, begin, end, most] of forms) {
  Deno.test(`parserDepth() finds ${JSON.stringify(begin)} too deep for SQLite 3.40, not far from where it is`, () => {
    const nested = (times: number) =>
      parserDepth(head + begin.repeat(times) + "1" + end.repeat(times) + "))");
    assert(nested(most + 1) > MOST_DEPTH);
    assert(nested(Math.floor(most * 0.6)) <= MOST_DEPTH);
  });
}

Deno.test("parserDepth() counts nothing in strings, names and comments", () => {
  const open = "(".repeat(200);
  for (
    const part of [
      `'${open}''${open}'`,
      `"${open}"`,
      `\`${open}\``,
      `[${open}]`,
      `1 --${open}\n`,
      `1 /*${open}*/`,
    ]
  ) {
    const sql = `CREATE VIEW v AS SELECT ${part}`;
    assert(parserDepth(sql) < 10, part);
  }
});

Deno.test("parserDepth() finds no definition of the application deep", () => {
  for (const sql of SAMPLE_SCHEMA.split(";")) {
    assert(parserDepth(sql) <= MOST_DEPTH / 3, sql);
  }
});
