/**
 * Where the values of rows lie.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { RowScan } from "../../lib/format/row_scan.ts";
import { bytesOf, textOf } from "../support/reader.ts";

/** Rows, and their columns with what stands for each value. */
const ROWS: [string, [string, string][]][] = [
  ['{"a":1,"b":"x","c":null}', [["a", "1"], ["b", "x"], ["c", "null"]]],
  ['{ "a" : 1 , "b" : "x\\n" }', [["a", "1"], ["b", "x\\n"]]],
  ['{\n  "a": 1,\n  "b": "x"\n}', [["a", "1"], ["b", "x"]]],
  ['{\r\n\t"c": true,\r\n\t"a": -1.5e3\r\n}', [
    ["c", "true"],
    ["a", "-1.5e3"],
  ]],
  ['{"b":"","a b":12,"a":0}', [["b", ""], ["a b", "12"], ["a", "0"]]],
  ["{}", []],
  ["{ }", []],
];

/** The columns of the row found last, in any order, with what stands for their values. */
function found(scan: RowScan, row: string): Map<string, string> {
  const bytes = bytesOf(row);
  return new Map(scan.columns.map((name, i) => {
    const n = scan.numbers[i]!;
    return [name, textOf(bytes.subarray(scan.starts[n], scan.ends[n]))];
  }));
}

/** Looks for values of simple kinds at the start of some text. */
function simple(scan: RowScan, text: string): number {
  return scan.simple(bytesOf(text + "\0"), 0);
}

Deno.test("RowScan finds the values of rows whatever rows came before", () => {
  const scan = new RowScan();
  for (const first of ROWS) {
    for (const second of ROWS) {
      for (const [row, cells] of [first, second]) {
        assertEquals(simple(scan, row), row.length);
        assertEquals(found(scan, row), new Map(cells));
      }
    }
  }
});

Deno.test("RowScan takes no harm of rows that are cut off", () => {
  for (const [first] of ROWS) {
    for (const [row, cells] of ROWS) {
      for (let cut = 1; cut < row.length; cut++) {
        const scan = new RowScan();
        simple(scan, first);
        assertEquals(simple(scan, row.slice(0, cut)), -1);
        assertEquals(scan.any(bytesOf(row)), true);
        assertEquals(found(scan, row), new Map(cells));
        assertEquals(simple(scan, row), row.length);
        assertEquals(found(scan, row), new Map(cells));
      }
    }
  }
});

Deno.test("RowScan keeps up with rows of ever new columns", () => {
  const scan = new RowScan();
  for (let i = 0; i < 10_000; i++) {
    const row = `{"c${i}":${i}}`;
    assertEquals(simple(scan, row), row.length);
    assertEquals(found(scan, row), new Map([[`c${i}`, `${i}`]]));
  }
});

/** Rows that are refused, or looked at one by one, however the last one looked. */
const NOT_SIMPLE = [
  '{"a":01}',
  '{"a":1.}',
  '{"a":-}',
  '{"a":nul}',
  '{"a":"x}',
  '{"a":"\\x"}',
  '{"a":"\\ud800"}',
  '{"a":"\u0001"}',
  '{"a":[1]}',
  '{"a":{}}',
  '{"a":1234567890123456789}',
  '{"a":1',
  '{"a":1]',
  '{"a":1,}',
  '{"a":1,"a":1}',
  '{"a":}',
  "{a:1}",
  "{",
];

Deno.test("RowScan skips what it finds, and nothing else, whatever rows came before", () => {
  const skip = (scan: RowScan, row: string) =>
    scan.skip(bytesOf(row + "\0"), 0);
  const rows = ROWS.map(([row]) => row);
  const more = [
    '{"a":1}',
    '{"a":123456789012345678}',
    '{"a":"\\ud83d\\ude00"}',
  ];
  for (const first of [...rows, ...more]) {
    for (const second of [...rows, ...more, ...NOT_SIMPLE]) {
      const scan = new RowScan();
      simple(scan, first);
      assertEquals(skip(scan, second), simple(new RowScan(), second), second);
      // What has been skipped, or not, spoils nothing.
      assertEquals(skip(scan, first), first.length);
      assertEquals(simple(scan, first), first.length);
    }
  }
  for (const row of NOT_SIMPLE) assertEquals(simple(new RowScan(), row), -1);
});

Deno.test("RowScan knows the columns of the rows that it skips", () => {
  const scan = new RowScan();
  const columns = ['{"a":1,"b":2}', '{"b":1,"a":2}', '{"a":1}', '{"a":3}'].map(
    (row) => {
      scan.skip(bytesOf(row + "\0"), 0);
      return scan.columns;
    },
  );
  assertEquals(columns, [["a", "b"], ["a", "b"], ["a"], ["a"]]);
  assertEquals(columns[0] === columns[1], true);
});
