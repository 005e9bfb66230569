/**
 * UTF-8 in pieces of any size.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Utf8Check } from "../lib/bytes.ts";
import { bytesOf } from "./support/reader.ts";

function isValid(bytes: Uint8Array, size: number): boolean {
  const check = new Utf8Check();
  for (let at = 0; at < bytes.length; at += size) {
    check.update(bytes.subarray(at, at + size));
  }
  return check.valid;
}

Deno.test("Utf8Check takes text in pieces of any size", () => {
  const texts = ["", "plain", "é", "名", "👋", "aé名👋\0\u2028\u{10ffff}z"];
  for (const text of texts) {
    for (const size of [1, 2, 3, 4, 5, 100]) {
      assertEquals(isValid(bytesOf(text), size), true, text);
    }
  }
});

Deno.test("Utf8Check refuses what is not UTF-8 in pieces of any size", () => {
  const broken = ["80", "c0af", "c3", "e282", "f09f98", "eda080", "f4908080"]
    .concat(["ff", "c328", "e28228", "61c3c3a9", "8080808080", "f8808080"]);
  for (const hex of broken) {
    for (const around of ["", "61", "c3a9", "f09f918b"]) {
      const bytes = Uint8Array.fromHex(around + hex + around);
      for (const size of [1, 2, 3, 4, 5, 100]) {
        assertEquals(isValid(bytes, size), false, bytes.toHex());
      }
    }
  }
});

Deno.test("Utf8Check never forgives", () => {
  const check = new Utf8Check();
  check.update(Uint8Array.of(0xff));
  check.update(bytesOf("plain text"));
  assertEquals(check.valid, false);
});
