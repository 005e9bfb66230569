/**
 * Rows of any layout as the lines of an export.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { ByteSource } from "../../lib/format/byte_source.ts";
import { TightRows } from "../../lib/format/tight_rows.ts";
import { laidOut, LAYOUTS, ragged } from "../support/layouts.ts";
import {
  bytesOf,
  inspected,
  joined,
  textOf,
  Trickle,
} from "../support/reader.ts";

const ROWS = [
  '{"id":1,"a \\"b\\"":"plain","c":null,"d":true}',
  '{"id":-20,"a \\"b\\"":"é \\u0001\\n\\\\/ 👋 \\" {}[],:","c":1.5e-7,"d":12}',
  '{"id":999999999999999999,"a \\"b\\"":"","c":"a,\\n{","d":false}',
  `{"id":0,"a \\"b\\"":"${"long ".repeat(30_000)}","c":-0.0,"d":"\\ud800"}`,
];
// A name with an escape is not plain.
const PLAIN = ROWS.map((row) => row.replace('a \\"b\\"', "a b"));

const backup = (rows: string[]) => `{"tables":{"t":[\n${rows.join(",\n")}\n]}}`;

/** The span of the one table. */
async function spanOf(text: string, size?: number) {
  const { tables } = await inspected(new Trickle(text, size));
  return tables[0]!;
}

/** The rows as TightRows gives them, by `size` bytes. */
function tight(text: string, start: number, rows: number, size: number) {
  const file = new Trickle(bytesOf(text).subarray(start), size);
  const reader = new TightRows(new ByteSource(file), rows);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = new Uint8Array(size);
    const count = reader.readSync(piece);
    if (count === null) return textOf(joined(pieces));
    pieces.push(piece.subarray(0, count));
  }
}

for (const layout of LAYOUTS) {
  Deno.test(`TightRows gives rows on ${layout.name} as an export would`, async () => {
    const text = laidOut(backup(PLAIN), layout);
    for (const size of [7, 1000, 1 << 20]) {
      const { rows, alike } = await spanOf(text, size);
      assertEquals(alike?.areLines, false);
      assertEquals(alike?.columns, ["id", "a b", "c", "d"]);
      assertEquals(tight(text, alike!.start, rows, size), PLAIN.join(",\n"));
    }
  });
}

Deno.test("inspect() finds the lines of an export, and no others", async () => {
  const isLines = async (text: string) => (await spanOf(text)).alike?.areLines;
  assertEquals(await isLines(backup(PLAIN)), true);
  assertEquals(await isLines(backup(PLAIN).replace(",\n", ", \n")), false);
  assertEquals(await isLines(backup(PLAIN).replace("},\n", "}\n,\n")), false);
  assertEquals(await isLines(backup(PLAIN).replace(",\n", ",")), false);
  assertEquals(await isLines(backup(['{"a": 1}', '{"a": 2}'])), false);
});

Deno.test("inspect() takes no rows for alike that are not", async () => {
  const odd = [
    PLAIN[0]!.replace("1", "1 "),
    PLAIN[0]!.replace('"plain"', '["plain"]'),
    PLAIN[0]!.replace("null", '{"$base64":true,"encoded":""}'),
    PLAIN[0]!.replace("1", "9223372036854775807"),
    PLAIN[0]!.replace('"id"', '"ID"'),
    PLAIN[0]!.replace('"id":1,', ""),
    "{}",
  ];
  for (const row of odd) {
    for (const rows of [[...PLAIN, row], [PLAIN[0]!, row, PLAIN[1]!]]) {
      assertEquals((await spanOf(backup(rows))).alike, undefined, row);
    }
  }
  assertEquals((await spanOf(backup(ROWS))).alike, undefined);
  const uneven = laidOut(backup(PLAIN), ragged(1));
  assertEquals((await spanOf(uneven)).alike, undefined);
});

Deno.test("inspect() looks at each table anew, after many rows of no form", async () => {
  const each = Array.from({ length: 500 }, (_, i) => `{"${i}":${i}}`);
  const text = `{"tables":{"a":[${each}],"b":[${PLAIN}]}}`;
  const { tables } = await inspected(new Trickle(text));
  assertEquals(tables.map(({ rows }) => rows), [500, PLAIN.length]);
  assertEquals(tables.map(({ alike }) => alike?.columns.length), [
    undefined,
    4,
  ]);
});
