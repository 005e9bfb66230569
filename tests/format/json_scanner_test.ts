/**
 * What is JSON and what is not, wherever reads end.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { READ_SIZES, scannerOf } from "../support/reader.ts";

const GOOD = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "10",
  "-1.5",
  "1e5",
  "1E+5",
  "1.25e-10",
  "9223372036854775807",
  '""',
  '"a b"',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00"',
  '"é 名 👋 \u2028\x7f"',
  "[]",
  "{}",
  "[[],{}]",
  '{"a":1}',
  '{"":{"":[null]}}',
  ' { "a" : [ 1 , 2 ] , "b" : { } } ',
  '\r\n\t{\r\n\t"a"\r\n:\t[\r\n]\r\n}\t\r\n',
  '[1,"2",true,[3,[4]],{"a":{"b":[]}},null]',
];

const BAD = [
  "",
  " ",
  "nul",
  "nulL",
  "True",
  "undefined",
  "NaN",
  "Infinity",
  "-",
  "+1",
  "01",
  "-01",
  "1.",
  ".5",
  "1e",
  "1e+",
  "0x10",
  "1_000",
  "'a'",
  '"',
  '"a',
  '"\\',
  '"\\x41"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\ud83d\\u"',
  '"a\nb"',
  '"a\tb"',
  '"a\0b"',
  "[",
  "[1",
  "[1,",
  "[1,]",
  "[,]",
  "[1 2]",
  "[1}",
  "{",
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"a":1,}',
  '{"a" 1}',
  "{a:1}",
  "{1:1}",
  '{"a":1]',
  "// comment\n1",
  "[1, /* two */ 2]",
  "\ufeff1",
  "\u00a01",
  "1 2",
  "[]]",
];

/** Steps over the one value that the text must be. */
function scan(text: string, size: number): void {
  const scanner = scannerOf(text, size);
  scanner.value();
  if (!scanner.atEnd()) throw scanner.fault("more after the value");
}

Deno.test("JsonScanner takes what JSON.parse() takes", () => {
  for (const text of GOOD) {
    for (const size of READ_SIZES) scan(text, size);
    assertEquals(JSON.stringify(JSON.parse(text)).length > 0, true);
  }
});

Deno.test("JsonScanner refuses what JSON.parse() refuses", () => {
  for (const text of BAD) {
    assertThrows(() => JSON.parse(text), SyntaxError);
    for (const size of READ_SIZES) {
      assertThrows(() => scan(text, size), BackupError);
    }
  }
});

Deno.test("JsonScanner takes 1,000 levels of nesting and no more", () => {
  const nested = (levels: number) =>
    "[".repeat(levels) + "0" + "]".repeat(levels);
  scan(nested(1000), 1 << 20);
  const scanner = scannerOf(nested(1001));
  const error = assertThrows(() => scanner.value(), BackupError);
  const message = "nesting deeper than 1000 levels in the file, byte 1001";
  assertEquals(error.message, message);
});

Deno.test("JsonScanner names the place of a fault", () => {
  for (const size of READ_SIZES) {
    const scanner = scannerOf('{"a": tru}', size);
    scanner.where = 'table "x", row 7';
    const error = assertThrows(() => scanner.value(), BackupError);
    const message = "something that is no JSON value in " +
      'table "x", row 7, byte 9';
    assertEquals(error.message, message);
  }
});
