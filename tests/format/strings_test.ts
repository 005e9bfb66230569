/**
 * JSON strings as bytes, both ways, and JSON without white space.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { escaped, minified, unescaped } from "../../lib/format/values.ts";
import { bytesOf, joined, textOf } from "../support/reader.ts";

const TEXTS = [
  "",
  "plain",
  '"',
  "\\",
  '\\"\\',
  "\0",
  "\x01\x1f",
  "\b\t\n\v\f\r",
  "\x7f",
  "/",
  "é 名 👋",
  "\u2028\u2029",
  "\ufeff",
  "\\u0041",
];

function escape(text: string): string {
  // A piece may end inside a character.
  return textOf(joined([...escaped(bytesOf(text))]));
}

Deno.test("escaped() writes what JSON.stringify() writes", () => {
  for (const text of TEXTS) {
    assertEquals(`"${escape(text)}"`, JSON.stringify(text));
  }
});

Deno.test("escaped() keeps text of several megabytes", () => {
  // Neither a character nor an escape may be lost where pieces meet.
  const text = 'é"名\\👋\n'.repeat(300_000);
  assert(escape(text) === JSON.stringify(text).slice(1, -1));
  assertEquals(escape("x".repeat(3_000_000)).length, 3_000_000);
});

Deno.test("unescaped() undoes escaped()", () => {
  for (const text of TEXTS) {
    assertEquals(textOf(unescaped(bytesOf(escape(text)))), text);
  }
});

Deno.test("unescaped() knows every escape of JSON", () => {
  const inside = '\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u540D\\u0000';
  const text = textOf(unescaped(bytesOf(inside)));
  assertEquals(text, '"\\/\b\f\n\r\tAé名\0');
});

Deno.test("unescaped() joins surrogate pairs", () => {
  const pairs = "\\ud83d\\ude00\\uD800\\uDC00\\udbff\\udfff";
  assertEquals(
    textOf(unescaped(bytesOf(pairs))),
    "😀\u{10000}\u{10ffff}",
  );
  assertEquals(textOf(unescaped(bytesOf("a\\ud83d\\ude00b"))), "a😀b");
});

Deno.test("unescaped() keeps a backslash before what looks like an escape", () => {
  assertEquals(textOf(unescaped(bytesOf("\\\\u0041"))), "\\u0041");
  assertEquals(textOf(unescaped(bytesOf("\\\\\\\\n"))), "\\\\n");
});

Deno.test("minified() takes out white space between tokens only", () => {
  const cases: [string, string][] = [
    ["[ 1 ,\r\n\t2 ]", "[1,2]"],
    ['{ "a b" : " c " }', '{"a b":" c "}'],
    ['{ "\\" " : "\\\\" , "x" : [ ] }', '{"\\" ":"\\\\","x":[]}'],
    ['[ "\\\\\\" " , "é 名" ]', '["\\\\\\" ","é 名"]'],
    ["{}", "{}"],
  ];
  for (const [text, short] of cases) {
    assertEquals(textOf(minified(bytesOf(text))), short);
  }
});

Deno.test("minified() keeps numbers and escapes as they are written", () => {
  const text = "[1.50, 1E5, 9223372036854775808, -0]";
  const short = "[1.50,1E5,9223372036854775808,-0]";
  assertEquals(textOf(minified(bytesOf(text))), short);
  assertEquals(textOf(minified(bytesOf('["\\u0041 "]'))), '["\\u0041 "]');
});
