/**
 * Which rows may be loaded in batches: those of one shape, as lines of an export.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { laidOut, LAYOUTS, ragged } from "../support/layouts.ts";
import { inspected, Trickle } from "../support/reader.ts";

const ROWS = [
  '{"id":1,"a \\"b\\"":"plain","c":null,"d":true}',
  '{"id":-20,"a \\"b\\"":"é \\u0001\\n\\\\/ 👋 \\" {}[],:","c":1.5e-7,"d":12}',
  '{"id":999999999999999999,"a \\"b\\"":"","c":"a,\\n{","d":false}',
  `{"id":0,"a \\"b\\"":"${
    "long ".repeat(30_000)
  }","c":-0.0,"d":"\\ud83d\\ude00"}`,
];
// A name with an escape is not plain.
const PLAIN = ROWS.map((row) => row.replace('a \\"b\\"', "a b"));

const backup = (rows: string[]) => `{"tables":{"t":[\n${rows.join(",\n")}\n]}}`;

/** The span of the one table. */
async function spanOf(text: string, size?: number) {
  const { tables } = await inspected(new Trickle(text, size));
  return tables[0]!;
}

for (const layout of [...LAYOUTS, ragged(1)]) {
  Deno.test(`inspect() takes no rows on ${layout.name} for lines of an export`, async () => {
    const text = laidOut(backup(PLAIN), layout);
    for (const size of [7, 1000, 1 << 20]) {
      const { rows, uniform } = await spanOf(text, size);
      assertEquals({ rows, uniform }, {
        rows: PLAIN.length,
        uniform: undefined,
      });
    }
  });
}

Deno.test("inspect() finds the lines of an export, and no others", async () => {
  const isLines = async (text: string) =>
    (await spanOf(text)).uniform !== undefined;
  assertEquals(await isLines(backup(PLAIN)), true);
  assertEquals(await isLines(backup(PLAIN).replace(",\n", ", \n")), false);
  assertEquals(await isLines(backup(PLAIN).replace("},\n", "}\n,\n")), false);
  assertEquals(await isLines(backup(PLAIN).replace(",\n", ",")), false);
  assertEquals(await isLines(backup(['{"a": 1}', '{"a": 2}'])), false);
});

Deno.test("inspect() takes no rows for uniform that are not", async () => {
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
      assertEquals((await spanOf(backup(rows))).uniform, undefined, row);
    }
  }
  assertEquals((await spanOf(backup(ROWS))).uniform, undefined);
});

Deno.test("inspect() judges each table alone, after many rows of no shape", async () => {
  const each = Array.from({ length: 500 }, (_, i) => `{"${i}":${i}}`);
  const text = `{"tables":{"a":[${each}],"b":[\n${PLAIN.join(",\n")}]}}`;
  const { tables } = await inspected(new Trickle(text));
  assertEquals(tables.map(({ rows }) => rows), [500, PLAIN.length]);
  assertEquals(tables.map(({ uniform }) => uniform?.columns.length), [
    undefined,
    4,
  ]);
});
