/**
 * Files that are not JSON or not UTF-8, each with the one message that it comes
 * to.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { bytesOf } from "../support/reader.ts";
import { layout, MEMBERS } from "../support/backup_text.ts";
import { refusalOf, type Refused } from "./refused.ts";

const rows = (tables: string) => `{"tables": ${tables}}`;
const deep = (open: string, close: string) =>
  open.repeat(200_000) + close.repeat(200_000);
const half = (place: string) =>
  `half of a surrogate pair, which is no character, in ${place}; write ` +
  "\\ufffd for it in a copy and import that with --force";
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const FILES: Refused = {
  "a comma too many": [
    rows('{"t": [{},]}'),
    'a row that is no object in table "t", row 2, byte 21',
  ],
  "a comma too few": [
    rows('{"t": [{} {}]}'),
    'no "]" where one is due in table "t", row 1, byte 21',
  ],
  "a bare word": [
    rows('{"t": [{"a": None}]}'),
    'something that is no JSON value in table "t", row 1, byte 24',
  ],
  "a number with a leading zero": [
    rows('{"t": [{"a": 01}]}'),
    'no "}" where one is due in table "t", row 1, byte 25',
  ],
  "a raw line break in a text": [
    rows('{"t": [{"a": "b\nc"}]}'),
    'a raw control character in table "t", row 1, byte 27',
  ],
  "an unknown escape": [
    rows('{"t": [{"a": "\\x"}]}'),
    'a malformed escape in table "t", row 1, byte 26',
  ],
  "bytes after the end": [
    layout(MEMBERS) + "x",
    `more after the closing brace in the file, byte ${
      bytesOf(layout(MEMBERS)).length
    }`,
  ],
  "a second backup after the first": [
    rows("{}") + "\n" + rows("{}"),
    "more after the closing brace in the file, byte 15",
  ],
  "NULs after the end": [
    rows("{}") + "\0\0",
    "more after the closing brace in the file, byte 14",
  ],
  "lists nested without end": [
    rows(`{"t": [{"a": ${deep("[", "]")}}]}`),
    'nesting deeper than 1000 levels in table "t", row 1, byte 1024',
  ],
  "objects nested without end": [
    rows(`{"t": [{"a": ${deep('{"a":', "}")}}]}`),
    'nesting deeper than 1000 levels in table "t", row 1, byte 5020',
  ],
  "a member nested without end": [
    `{"x": ${deep("[", "]")}, "tables": {}}`,
    'nesting deeper than 1000 levels in member "x", byte 1007',
  ],
  "Latin-1": [
    latin1(rows('{"t": [{"a": "é"}]}')),
    "it is not valid UTF-8; save it as UTF-8",
  ],
  "half a surrogate pair in a value": [
    rows('{"t": [{"a": 1}, {"a": "x\\ud800y"}]}'),
    half('table "t", row 2, byte 42'),
  ],
  "half a surrogate pair before another escape": [
    rows('{"t": [{"a": "\\ud83d\\n"}]}'),
    half('table "t", row 1, byte 32'),
  ],
  "the wrong half of a surrogate pair": [
    rows('{"t": [{"a": "\\ude00\\ud83d"}]}'),
    half('table "t", row 1, byte 37'),
  ],
  "half a surrogate pair after a whole one": [
    rows('{"t": [{"a": "\\ud83d\\ude00\\ud83d"}]}'),
    half('table "t", row 1, byte 43'),
  ],
  "half a surrogate pair in a column's name": [
    rows('{"t": [{"\\ud800": 1}]}'),
    half('table "t", row 1, byte 26'),
  ],
  "half a surrogate pair in a table's name": [
    rows('{"\\udfff": [{"a": 1}]}'),
    half('member "tables", byte 19'),
  ],
  "half a surrogate pair in a list": [
    rows('{"t": [{"a": ["\\ud800"]}]}'),
    half('table "t", row 1, byte 32'),
  ],
  "half a surrogate pair in a member": [
    `{"schema": [{"type": "\\ud800"}], "tables": {}}`,
    half('member "schema", byte 28'),
  ],
  "a table that comes twice in counts": [
    `{"tables": {"t": []}, "counts": {"t": 0, "u": 0, "\\u0074": 0}}`,
    'a second "t" in member "counts", byte 57',
  ],
  "a counter that comes twice": [
    `{"sequences": {"t": 1, "t": 2}, "tables": {}}`,
    'a second "t" in member "sequences", byte 26',
  ],
  "a fact that comes twice": [
    `{"schema": [{"sql": "a", "sql": "b"}], "tables": {}}`,
    'a second "sql" in member "schema", byte 30',
  ],
  "a table in counts under two spellings": [
    `{"tables": {"t": []}, "counts": {"t": 0, "T": 0}}`,
    'its member "counts" has table "T" twice; restore from another backup, or ' +
    "use --force to import an edited file as it is",
  ],
  "a lone surrogate in bytes": [
    Uint8Array.from(
      rows('{"t": [{"a": "í\xa0\x80"}]}'),
      (c) => c.charCodeAt(0),
    ),
    "it is not valid UTF-8; save it as UTF-8",
  ],
  "UTF-16 with its mark": [
    Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0),
    "it is no JSON object, so it is no backup",
  ],
  "UTF-16 without a mark": [
    Uint8Array.of(0x7b, 0, 0x22, 0),
    'no """ where one is due in the file, byte 1',
  ],
};

for (const [name, [content, message]] of Object.entries(FILES)) {
  Deno.test(`BackupFile.open() refuses ${name} and says why`, async () => {
    assertEquals(await refusalOf(content), message);
  });
}
