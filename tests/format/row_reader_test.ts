/**
 * Rows of a backup as cells.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { type ByteReader, ByteSource } from "../../lib/format/byte_source.ts";
import { JsonScanner } from "../../lib/format/json_scanner.ts";
import { RowReader } from "../../lib/format/row_reader.ts";
import { effort } from "../support/effort.ts";
import { bytesOf, READ_SIZES, scannerOf, textOf } from "../support/reader.ts";

type Shown = number | bigint | string | null;

function read(json: string, size?: number) {
  const scanner = scannerOf(json, size);
  scanner.where = 'table "t", row 1';
  return new RowReader(scanner).read();
}

/** What a value becomes: its kind and, of bytes, the text or hex. */
function cell(json: string, size?: number): [string, Shown] {
  const { kinds, values } = read(` {"x": ${json} }`, size);
  const [kind, value] = [kinds[0]!, values[0]!];
  if (!(value instanceof Uint8Array)) return [kind, value];
  return [kind, kind === "t" ? textOf(value) : value.toHex()];
}

const base64 = (rest: string) => `{"$base64": true, ${rest}}`;

const CELLS: [string, [string, Shown]][] = [
  ["null", ["n", null]],
  ["true", ["i", 1]],
  ["false", ["i", 0]],
  ["0", ["i", 0]],
  ["-12", ["i", -12]],
  ["9223372036854775807", ["i", 2n ** 63n - 1n]],
  ["-9223372036854775808", ["i", -(2n ** 63n)]],
  ["3.0", ["r", 3]],
  ["1e3", ["r", 1000]],
  ["5e-324", ["r", 5e-324]],
  ["9.0e+999", ["r", Infinity]],
  ["-9.0e+999", ["r", -Infinity]],
  // 2^63 and 2^70, as writers that know doubles only put them.
  ["9223372036854775808", ["r", 2 ** 63]],
  ["1180591620717411303424", ["r", 2 ** 70]],
  ['""', ["t", ""]],
  ['"plain é 👋"', ["t", "plain é 👋"]],
  ['"a\\u0000b\\ud83d\\ude00\\n"', ["t", "a\0b😀\n"]],
  ['[ 1, [ ], "a b" ]', ["t", '[1,[],"a b"]']],
  ['{ "a" : { } , "b" : 1.50 }', ["t", '{"a":{},"b":1.50}']],
  ["{}", ["t", "{}"]],
  ["[]", ["t", "[]"]],
  [base64('"encoded": "AAH/"'), ["b", "0001ff"]],
  [base64('"encoded": ""'), ["b", ""]],
  ['{"encoded":"AAH/","$base64":true}', ["b", "0001ff"]],
  ['{"\\u0024base64":true,"encoded":"AAH\\/"}', ["b", "0001ff"]],
  [base64('"encoded": "/w==", "type": "text"'), ["x", "ff"]],
  [
    '{"type":"text","encoded":"/w==","$base64":true}',
    ["x", "ff"],
  ],
];

Deno.test("RowReader gives each value its kind, wherever reads end", () => {
  for (const [json, wanted] of CELLS) {
    for (const size of READ_SIZES) assertEquals(cell(json, size), wanted, json);
  }
});

Deno.test("RowReader keeps what only resembles the form of a BLOB as JSON", () => {
  const objects = [
    '{"$base64":false,"encoded":"AA=="}',
    '{"$base64":"true","encoded":"AA=="}',
    '{"$base64":1,"encoded":"AA=="}',
    '{"$base64":true}',
    '{"$base64":true,"encoded":7}',
    '{"$base64":true,"encoded":["AA=="]}',
    '{"$base64":true,"encoded":"AA==","more":1}',
    '{"$base64":true,"encoded":"AA==","type":"blob"}',
    '{"$base64":true,"encoded":"AA==","type":true}',
    '{"$base64":true,"encoded":"AA==","type":"text","more":1}',
    '{"a":{"$base64":true,"encoded":"AA=="}}',
    '[{"$base64":true,"encoded":"AA=="}]',
  ];
  for (const json of objects) assertEquals(cell(json), ["t", json]);
});

Deno.test("RowReader takes text that looks like the form of a BLOB as text", () => {
  const looks = '{"$base64":true,"encoded":"AA=="}';
  assertEquals(cell(JSON.stringify(looks)), ["t", looks]);
});

const REFUSED: [string, string][] = [
  ["9223372036854775809", "an integer that 64 bits do not hold"],
  ["-9223372036854775809", "an integer that 64 bits do not hold"],
  ["9".repeat(400), "an integer that 64 bits do not hold"],
  [base64('"encoded": "AA"'), "malformed base64"],
  [base64('"encoded": "AA=A"'), "malformed base64"],
  [base64('"encoded": "A A="'), "malformed base64"],
  [base64('"encoded": "AA-_", "type": "text"'), "malformed base64"],
];

Deno.test("RowReader refuses what SQLite has no place for, with the place", () => {
  for (const [json, what] of REFUSED) {
    for (const size of READ_SIZES) {
      const error = assertThrows(() => cell(json, size), BackupError);
      const at = bytesOf(` {"x": ${json} }`).length;
      assertEquals(error.message, `${what} in table "t", row 1, byte ${at}`);
    }
  }
});

Deno.test("RowReader refuses a column that comes twice", () => {
  for (const json of ['{"a":1,"b":2,"a":1}', '{"a":1,"\\u0061":2}']) {
    const error = assertThrows(() => read(json), BackupError);
    assert(error.message.startsWith("a column that comes twice in table"));
  }
});

Deno.test("RowReader refuses a row that is no object", () => {
  for (const json of ["[1]", '"a"', "1", "null", "true"]) {
    const error = assertThrows(() => read(json), BackupError);
    const message = 'a row that is no object in table "t", row 1, byte 0';
    assertEquals(error.message, message);
  }
});

Deno.test("RowReader gives the columns of each row in their order", () => {
  const json = '{"b":1,"\\u0061":2}\n{"b":3}{}\r\n{"__proto__":4,"é\\n":5}';
  for (const size of READ_SIZES) {
    const reader = new RowReader(scannerOf(json, size));
    const rows = Array.from({ length: 4 }, () => {
      const { columns, values } = reader.read();
      return { columns, values };
    });
    assertEquals(rows.map(({ columns }) => [...columns]), [
      ["b", "a"],
      ["b"],
      [],
      ["__proto__", "é\n"],
    ]);
    assertEquals(rows.flatMap(({ values }) => values), [1, 2, 3, 4, 5]);
  }
});

/** A row with one long number, which is made while it is read. */
class LongNumber implements ByteReader {
  #parts: [count: number, text: string][];

  constructor(digits: number, start = "", end = "") {
    this.#parts = [[1, `{"x":${start}`], [digits, "7"], [1, `${end}}`]];
  }

  readSync(into: Uint8Array): number | null {
    const part = this.#parts[0];
    if (!part) return null;
    const [count, text] = part;
    const some = Math.min(Math.floor(into.length / text.length), count);
    if (text.length === 1) into.fill(text.charCodeAt(0), 0, some);
    else into.set(bytesOf(text));
    part[0] -= some;
    if (part[0] === 0) this.#parts.shift();
    return some * text.length;
  }
}

for (const digits of [1e6, 1e8]) {
  Deno.test(`RowReader.read() takes a moment for a number of ${digits} digits`, () => {
    const reading = (start?: string, end?: string) => {
      const source = new ByteSource(new LongNumber(digits, start, end));
      return new RowReader(new JsonScanner(source)).read();
    };
    const start = effort();
    assertThrows(() => reading(), BackupError, "64 bits do not hold");
    assertEquals(reading("0.").values, [7 / 9]);
    assertEquals(reading("-1", "e9").values, [-Infinity]);
    // Proportional to the square of the digits it was a minute.
    assert(effort() - start < 10_000, "it took its time");
  });
}
