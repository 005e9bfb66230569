/**
 * The members beside the rows: what is well formed.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import {
  isDate,
  isMember,
  memberReaders,
  parseExact,
} from "../../lib/format/members.ts";

Deno.test("parseExact() keeps integers of any size", () => {
  assertEquals(parseExact("[1, -9223372036854775808, 0.5, 1e2, 1.0]"), [
    1n,
    -(2n ** 63n),
    0.5,
    100,
    1,
  ]);
  const proto = parseExact('{"__proto__": 9007199254740993}');
  assertEquals(Object.entries(proto as object), [
    ["__proto__", 9007199254740993n],
  ]);
  assertThrows(() => parseExact("[1,]"), SyntaxError);
});

Deno.test("isDate() takes our date and those of hand-made backups", () => {
  const dates = [
    "2026-02-19T15:30:00Z",
    "2024-02-29T00:00:00Z",
    "2026-02-19T15:30:00",
    "2026-02-19T15:30:00.123Z",
    "2026-02-19T15:30:00+02:00",
    "2026-02-19 15:30:00",
    "2026-02-19",
  ];
  for (const date of dates) assertEquals(isDate(date), true, date);
});

Deno.test("isDate() refuses what is no date", () => {
  const wrong = [
    "",
    "yesterday",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-02-19T24:00:01Z",
    "2026-02-19T15:60:00Z",
    "2".repeat(100),
    20260219n,
    null,
    ["2026-02-19"],
  ];
  for (const date of wrong) assertEquals(isDate(date), false, String(date));
});

Deno.test("isMember() knows the members by their own names only", () => {
  const found = [
    "counts",
    "sha256",
    "tables",
    "toString",
    "__proto__",
    "Counts",
  ]
    .filter(isMember);
  assertEquals(found, ["counts", "sha256"]);
});

Deno.test("memberReaders take well formed members", () => {
  assertEquals(memberReaders.format_version(1n), 1);
  assertEquals(memberReaders.format_version(10n ** 30n), 1e30);
  assertEquals(memberReaders.sha256("0a".repeat(32)), "0a".repeat(32));
  assertEquals(memberReaders.counts({ a: 0n }), new Map([["a", 0n]]));
  const lowest = -(2n ** 63n);
  const sequences = memberReaders.sequences({ a: lowest, "": 1n });
  assertEquals(sequences, new Map([["a", lowest], ["", 1n]]));
  const object = { type: "table", name: "t", table: "t", sql: "CREATE …" };
  assertEquals(memberReaders.schema([object]), [object]);
  assertEquals(memberReaders.schema([]), []);
});

const FACTS = {
  user_version: -1n,
  application_id: 2n ** 31n - 1n,
  encoding: "UTF-16be",
  sqlite_version: "3.40.1",
};

Deno.test("memberReaders take the facts of a database", () => {
  assertEquals(memberReaders.database(FACTS), {
    user_version: -1,
    application_id: 2 ** 31 - 1,
    encoding: "UTF-16be",
    sqlite_version: "3.40.1",
  });
});

Deno.test("memberReaders refuse facts that SQLite cannot have", () => {
  const wrong = [
    { user_version: 2n ** 31n },
    { user_version: 1.5 },
    { application_id: "0" },
    { encoding: "latin1" },
    { encoding: "UTF-8'; DROP TABLE contacts" },
    { sqlite_version: 3n },
  ];
  for (const change of wrong) {
    const facts = { ...FACTS, ...change };
    assertEquals(memberReaders.database(facts), undefined);
  }
});

Deno.test("memberReaders refuse members of another shape", () => {
  const { format_version, schema, sequences, counts, sha256 } = memberReaders;
  const found = [
    ...[0n, -1n, 1.5, "1", null].map(format_version),
    ...[{}, "CREATE", [1n], [{ type: "table" }], null].map(schema),
    ...[[], null, { a: 2n ** 63n }, { a: 0.5 }, { a: "1" }].map(sequences),
    ...[[], null, { a: -1n }, { a: 1.5 }, { a: null }].map(counts),
    ...["", "0A".repeat(32), "0a".repeat(31), "0a".repeat(33), 0n].map(sha256),
  ];
  assertEquals(found, Array(25).fill(undefined));
});
