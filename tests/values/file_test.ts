/**
 * The file that export() writes, against what the format demands.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { atInstallation, session } from "../support/scratch.ts";
import { exportText } from "./round_trip.ts";

const SQL = `PRAGMA user_version = 3;
CREATE TABLE deals (id INTEGER PRIMARY KEY AUTOINCREMENT, worth REAL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE, icon BLOB);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, notes TEXT);
CREATE TABLE "empty one" (x);
CREATE INDEX by_name ON contacts (name);
CREATE VIEW people AS SELECT name FROM contacts;
INSERT INTO contacts VALUES (1, 'Zoë', 'two
lines'), (2, 'Mac "the knife"', NULL);
INSERT INTO tags VALUES (1, 'a', x'00ff'), (2, CAST(x'ff' AS TEXT), NULL);
INSERT INTO deals VALUES (5, 3.0), (9, 9e999), (7, 0.5);
DELETE FROM deals WHERE id = 9;`;

Deno.test("export() writes JSON with its members in order", async () => {
  const file = JSON.parse(await exportText(SQL));
  assertEquals(Object.keys(file), [
    "backup_date",
    "format_version",
    "database",
    "schema",
    "sequences",
    "tables",
    "counts",
    "sha256",
  ]);
  assertMatch(file.backup_date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assertEquals(file.format_version, 1);
  const { sqlite_version, ...database } = file.database;
  const facts = { user_version: 3, application_id: 0, encoding: "UTF-8" };
  assertEquals(database, facts);
  assertMatch(sqlite_version, /^3\.\d+\.\d+$/);
});

Deno.test("export() writes the listed tables first, then the others", async () => {
  const file = JSON.parse(await exportText(SQL));
  const order = ["contacts", "tags", "deals", "empty one"];
  assertEquals(Object.keys(file.tables), order);
  assertEquals(Object.entries(file.counts), [
    ["contacts", 2],
    ["tags", 2],
    ["deals", 2],
    ["empty one", 0],
  ]);
  assertEquals(file.sequences, { deals: 9 });
});

Deno.test("export() writes the schema in creation order", async () => {
  const { schema } = JSON.parse(await exportText(SQL));
  const found = schema.map((object: Record<string, string>) =>
    `${object.type} ${object.name} on ${object.table}`
  );
  assertEquals(found, [
    "table deals on deals",
    "table tags on tags",
    "table contacts on contacts",
    "table empty one on empty one",
    "index by_name on contacts",
    "view people on people",
  ]);
  const sql = "CREATE INDEX by_name ON contacts (name)";
  assertEquals(schema[4].sql, sql);
});

Deno.test("export() writes one row a line, as the format has it", async () => {
  const lines = (await exportText(SQL)).split("\n");
  const from = lines.indexOf('"tables": {');
  assertEquals(lines.slice(from, lines.length - 4), [
    '"tables": {',
    '"contacts": [',
    String.raw`{"id":1,"name":"Zoë","notes":"two\nlines"},`,
    String.raw`{"id":2,"name":"Mac \"the knife\"","notes":null}`,
    "],",
    '"tags": [',
    '{"id":1,"name":"a","icon":{"$base64":true,"encoded":"AP8="}},',
    '{"id":2,"name":{"$base64":true,"encoded":"/w==","type":"text"},' +
    '"icon":null}',
    "],",
    '"deals": [',
    '{"id":5,"worth":3.0},',
    '{"id":7,"worth":0.5}',
    "],",
    '"empty one": []',
    "},",
  ]);
});

Deno.test("export() writes a checksum that head and sha256sum prove", async () => {
  const text = await exportText(SQL);
  const lines = text.split("\n");
  assertEquals(lines.slice(-2), ["}", ""]);
  // What `head -n -2` leaves of the file: all but the last two lines.
  const counted = lines.slice(0, -3).join("\n") + "\n";
  const bytes = new TextEncoder().encode(counted);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const sum = new Uint8Array(digest).toHex();
  assertEquals(lines.at(-3), `"sha256": "${sum}"`);
});

Deno.test("export() writes a file that only its owner can read", async () => {
  await atInstallation(SQL, async (installation) => {
    const { path, bytes, tables } = await exportBackup(installation, session());
    const { mode, size } = Deno.statSync(path);
    assertEquals((mode ?? 0) & 0o777, 0o600);
    assertEquals(size, bytes);
    assertEquals(tables.map(({ rows }) => rows), [2, 2, 2, 0]);
    const names = [...Deno.readDirSync(installation.backups)]
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("."));
    assertEquals(names, [basename(path)]);
  });
});

Deno.test("export() writes a database without tables", async () => {
  const text = await exportText("PRAGMA user_version = 1");
  const file = JSON.parse(text);
  assertEquals([file.schema, file.tables, file.counts], [[], {}, {}]);
  assert(text.endsWith('"\n}\n'));
});
