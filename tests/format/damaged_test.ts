/**
 * Files that are no backup or no whole one, each with the one message that it comes to.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { layout, MEMBERS, whole } from "../support/backup_text.ts";
import { refusalOf, type Refused } from "./refused.ts";

const MEND = "; restore from another backup, or use --force to import an " +
  "edited file as it is";
const NO_OBJECT = "it is no JSON object, so it is no backup";
const NO_TABLES = 'it has no member "tables", so it is no backup';

/** A backup with a member changed. */
const but = (changed: Record<string, string>) =>
  layout({ ...MEMBERS, ...changed });
const rows = (tables: string) => `{"tables": ${tables}}`;

const FILES: Refused = {
  "an empty file": ["", "the file is empty"],
  "white space": [" \n", NO_OBJECT],
  "a byte order mark": ["\ufeff", NO_OBJECT],
  "text": ["Dear diary", NO_OBJECT],
  "a database": ["SQLite format 3\0", NO_OBJECT],
  "a list": ['[{"tables": {}}]', NO_OBJECT],
  "a string": ['"tables"', NO_OBJECT],
  "null": ["null", NO_OBJECT],
  "an empty object": ["{}", NO_TABLES],
  "JSON of another program": ['{"name": "x", "version": 2}', NO_TABLES],
  "tables at another place": ['{"data": {"tables": {}}}', NO_TABLES],
  "a list of tables": [
    rows("[]"),
    'no "{" where one is due in member "tables", byte 11',
  ],
  "no tables at all": [
    rows("null"),
    'no "{" where one is due in member "tables", byte 11',
  ],
  "a table that is an object": [
    rows('{"t": {}}'),
    'no "[" where one is due in table "t", byte 17',
  ],
  "a row that is a list": [
    rows('{"t": [{}, [1]]}'),
    'a row that is no object in table "t", row 2, byte 22',
  ],
  "a row that is a text": [
    rows('{"t": ["x"]}'),
    'a row that is no object in table "t", row 1, byte 18',
  ],
  "a row that is null": [
    rows('{"t": [null]}'),
    'a row that is no object in table "t", row 1, byte 18',
  ],
  "a table twice": [
    rows('{"t": [], "u": [], "t": []}'),
    'a second table "t" in member "tables", byte 34',
  ],
  "a table twice by ASCII case": [
    rows('{"Tä": [], "tä": []}'),
    'a second table "tä" in member "tables", byte 29',
  ],
  "a member twice": [
    '{"tables": {}, "tables": {}}',
    'a second "tables" in the file, byte 24',
  ],
  "a date that is none": [
    '{"backup_date": "soon", "tables": {}}',
    'an invalid date in member "backup_date", byte 22',
  ],
  "a day that is none": [
    '{"backup_date": "2026-02-30T00:00:00Z", "tables": {}}',
    'an invalid date in member "backup_date", byte 38',
  ],
  "a wrong checksum": [
    but({ sha256: `"${"0".repeat(64)}"` }),
    `its checksum doesn't match, so it was damaged or edited${MEND}`,
  ],
  "too many rows": [
    but({ counts: '{"t": 1, "u": 0}' }),
    `its member "counts" says 1 row for table "t", which holds 2${MEND}`,
  ],
  "too few rows": [
    but({ counts: '{"t": 1234, "u": 0}' }),
    `its member "counts" says 1,234 rows for table "t", which holds 2${MEND}`,
  ],
  "a table too few": [
    but({ counts: '{"t": 2, "u": 0, "gone": 5}' }),
    `its member "counts" says 5 rows for table "gone", which holds 0${MEND}`,
  ],
  "a table too many": [
    but({ counts: '{"t": 2}' }),
    `its member "counts" says nothing of table "u"${MEND}`,
  ],
  "a member that version 1 does not know": [
    but({ colour: '"red"' }),
    'it has a member "colour" that the format does not know, so it was ' +
    `damaged or edited${MEND}`,
  ],
  "a newer format": [
    but({ format_version: "2" }),
    "its format version is 2 and this program reads up to 1; update " +
    "backup.ts to the version that wrote it",
  ],
};

for (const [name, [content, message]] of Object.entries(FILES)) {
  Deno.test(`BackupFile.open() refuses ${name} and says why`, async () => {
    assertEquals(await refusalOf(content), message);
  });
}

Deno.test("BackupFile.open() takes the file that the others are made of", async () => {
  assertEquals(await refusalOf(await whole()), undefined);
  assertEquals(await refusalOf(layout(MEMBERS)), undefined);
});
