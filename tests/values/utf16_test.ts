/**
 * Databases in UTF-16, through a backup and back.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { rowsIn } from "../support/scratch.ts";
import { inEveryColumn, lastCell, roundTrip } from "./round_trip.ts";

const TEXTS = [
  "",
  "plain",
  "12.50",
  "Zoë, 名前 and 👋",
  "a\0b\0",
  "\ufeffmarked",
  "\ufffe\uffff",
  '\u2028\x01"\\',
];

/** SQL for the text of these UTF-16 code units, low byte first. */
function unitsSql(units: number[], encoding: string): string {
  const hex = units.map((unit) => {
    const [high, low] = [unit >> 8, unit & 0xff];
    const bytes = encoding === "UTF-16le" ? [low, high] : [high, low];
    return Uint8Array.from(bytes).toHex();
  });
  return `CAST(x'${hex.join("")}' AS TEXT)`;
}

function textSql(text: string, encoding: string): string {
  const units = Array.from(
    { length: text.length },
    (_, i) => text.charCodeAt(i),
  );
  return unitsSql(units, encoding);
}

for (const encoding of ["UTF-16le", "UTF-16be"]) {
  const begin = `PRAGMA encoding = '${encoding}';`;

  for (const value of TEXTS) {
    const shown = JSON.stringify(value);
    Deno.test(`a backup keeps ${shown} of a database in ${encoding}`, async () => {
      await roundTrip(begin + inEveryColumn(textSql(value, encoding)), {
        check: ({ there, text }) => {
          assertEquals(JSON.parse(lastCell(text, "x")), value);
          assertEquals(rowsIn(there, "PRAGMA encoding"), [[encoding]]);
          assertEquals(JSON.parse(text).database.encoding, encoding);
        },
      });
    });
  }

  for (const units of [[0xd800], [0xdc00], [0x61, 0xdc00, 0xd800, 0x62]]) {
    const shown = units.map((unit) => unit.toString(16)).join(" ");
    Deno.test(`a backup keeps the halves ${shown} in ${encoding}`, async () => {
      await roundTrip(begin + inEveryColumn(unitsSql(units, encoding)), {
        check: ({ text }) => {
          const form = JSON.parse(lastCell(text, "x"));
          assertEquals([form.$base64, form.type], [true, "text"]);
          const size = Uint8Array.fromBase64(form.encoded).length;
          assertEquals(size, units.length * 2);
        },
      });
    });
  }

  Deno.test(`a backup keeps what is no text in ${encoding}`, async () => {
    await roundTrip(
      `${begin} CREATE TABLE "名 👋" (id INTEGER PRIMARY KEY, "é", x);
       INSERT INTO "名 👋" VALUES (9007199254740993, 3.0, x'fffe'),
         (2, 0.1 + 0.2, NULL), (3, 9e999, 5e-324), (-4, 'ü', x'')`,
      {
        check: ({ text }) => {
          assert(text.includes('{"id":9007199254740993,"é":3.0,"x":'));
        },
      },
    );
  });
}
