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
