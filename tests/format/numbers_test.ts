/**
 * Numbers and base64 out of JSON.
 *
 * @module
 */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  decodeBase64,
  parseInteger,
  parseReal,
} from "../../lib/format/values.ts";
import { bytesOf } from "../support/reader.ts";

const integer = (digits: string) => parseInteger(bytesOf(digits));
const real = (digits: string) => parseReal(bytesOf(digits));
const decoded = (text: string) => decodeBase64(bytesOf(text))?.toHex();

Deno.test("parseInteger() gives a number where a double holds it", () => {
  const small: [string, number][] = [
    ["0", 0],
    ["-0", 0],
    ["7", 7],
    ["-7", -7],
    ["99999999999999", 99999999999999],
    ["999999999999999", 999999999999999],
    ["-99999999999999", -99999999999999],
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991", -9007199254740991],
  ];
  for (const [digits, n] of small) assertStrictEquals(integer(digits), n);
});

Deno.test("parseInteger() keeps all 64 bits", () => {
  const large = [
    2n ** 53n,
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    2n ** 62n + 1n,
  ];
  for (const n of large) assertStrictEquals(integer(`${n}`), n);
});

Deno.test("parseInteger() refuses what 64 bits do not hold", () => {
  for (const n of [2n ** 63n, -(2n ** 63n) - 1n, 10n ** 30n]) {
    assertStrictEquals(integer(`${n}`), undefined);
  }
  assertStrictEquals(integer("9".repeat(1000)), undefined);
});

Deno.test("parseReal() gives the nearest double", () => {
  const doubles = [0.1, 0.1 + 0.2, 1 / 3, 5e-324, Number.MAX_VALUE, 3, -2.5];
  for (const value of doubles) {
    assertStrictEquals(real(String(value)), value);
    assertStrictEquals(real(value.toExponential(17)), value);
  }
  assertStrictEquals(real("0.30000000000000004441"), 0.1 + 0.2);
  assertStrictEquals(real("2.4703282292062328e-324"), 5e-324);
});

Deno.test("parseReal() is infinite beyond the range of doubles", () => {
  assertStrictEquals(real("9.0e+999"), Infinity);
  assertStrictEquals(real("-9.0e+999"), -Infinity);
  assertStrictEquals(real("1.8e308"), Infinity);
  assertStrictEquals(real("1e-999"), 0);
});

Deno.test("decodeBase64() gives the bytes", () => {
  assertEquals(decoded(""), "");
  assertEquals(decoded("AA=="), "00");
  assertEquals(decoded("AAE="), "0001");
  assertEquals(decoded("AAEC"), "000102");
  assertEquals(decoded("+/+/"), "fbffbf");
});

Deno.test("decodeBase64() keeps several megabytes", () => {
  const bytes = Uint8Array.from({ length: 2_500_001 }, (_, i) => i * 7);
  const found = decodeBase64(bytesOf(bytes.toBase64()));
  assertEquals(found?.length, bytes.length);
  assert(found?.every((byte, i) => byte === bytes[i]));
});

Deno.test("decodeBase64() refuses what is malformed", () => {
  const malformed = ["A", "AA", "AAA", "AA=", "A===", "====", "AA==AAAA"]
    .concat([
      "AB==",
      "AAF=",
      "AA-_",
      "AA AA===",
      "AAA\n",
      "AA\nA",
      "é===",
      "AAAAA",
    ]);
  for (const text of malformed) assertEquals(decoded(text), undefined, text);
});
