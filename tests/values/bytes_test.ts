/**
 * BLOBs, and text that is not valid UTF-8, through a backup and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { rowsIn } from "../support/scratch.ts";
import { inEveryColumn, lastCell, roundTrip } from "./round_trip.ts";

function base64(hex: string): string {
  return Uint8Array.fromHex(hex).toBase64();
}

const BLOBS: [string, string][] = [
  ["an empty BLOB", ""],
  ["a BLOB of one NUL", "00"],
  ["a BLOB of two bytes", "fffe"],
  ["a BLOB of three bytes", "00ff80"],
  ["a BLOB of ASCII", "68656c6c6f"],
  ["a BLOB of digits", "3132"],
];

for (const [name, hex] of BLOBS) {
  Deno.test(`a backup keeps ${name}`, async () => {
    await roundTrip(inEveryColumn(`x'${hex}'`), {
      check: ({ there, text }) => {
        const sql = "SELECT typeof(x), hex(x), typeof(a) FROM loose, hard";
        const found = ["blob", hex.toUpperCase(), "blob"];
        assertEquals(rowsIn(there, sql), [found]);
        const form = { $base64: true, encoded: base64(hex) };
        assertEquals(JSON.parse(lastCell(text, "x")), form);
        assertEquals(JSON.parse(lastCell(text, "a")), form);
      },
    });
  });
}

const BROKEN_TEXT: [string, string][] = [
  ["a lone continuation byte", "80"],
  ["a byte that is never UTF-8", "61ff62"],
  ["an overlong slash", "c0af"],
  ["an overlong NUL", "c080"],
  ["an overlong of three bytes", "e080af"],
  ["an overlong of four bytes", "f08080af"],
  ["a high surrogate", "eda080"],
  ["a low surrogate", "edb080"],
  ["a surrogate pair in six bytes", "eda0bdedb880"],
  ["a cut character of two bytes", "c3"],
  ["a cut character of three bytes", "61e282"],
  ["a cut character of four bytes", "f09f98"],
  ["a character beyond Unicode", "f4908080"],
  ["a quote inside a character", "c322"],
  ["a NUL and a broken byte", "0080"],
  ["digits and a broken byte", "3132ff"],
  ["broken bytes beside whole ones", "c3a9e9c3a9"],
];

for (const [name, hex] of BROKEN_TEXT) {
  Deno.test(`a backup keeps text with ${name}`, async () => {
    await roundTrip(inEveryColumn(`CAST(x'${hex}' AS TEXT)`), {
      check: ({ there, text }) => {
        const sql = "SELECT typeof(x), hex(CAST(x AS BLOB)) FROM loose";
        assertEquals(rowsIn(there, sql), [["text", hex.toUpperCase()]]);
        const form = { $base64: true, encoded: base64(hex), type: "text" };
        assertEquals(JSON.parse(lastCell(text, "x")), form);
        assertEquals(JSON.parse(lastCell(text, "a")), form);
      },
    });
  });
}

Deno.test("a backup keeps whole and broken text in one table apart", async () => {
  await roundTrip(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    INSERT INTO t VALUES (1, 'whole'), (2, CAST(x'ff' AS TEXT)), (3, x'ff'),
      (4, 'whole again'), (5, NULL), (6, CAST(x'c3' AS TEXT))`);
  // roundTrip() has compared each cell; the types must not have merged either.
  await roundTrip("CREATE TABLE t (x); INSERT INTO t VALUES (x'61'), ('a')", {
    check: ({ there }) => {
      const types = rowsIn(there, "SELECT typeof(x) FROM t ORDER BY 1");
      assertEquals(types, [["blob"], ["text"]]);
    },
  });
});
