/**
 * Tables and columns with names that trip programs up, through a backup and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { roundTrip } from "./round_trip.ts";

const NAMES = [
  "select",
  "a b",
  'c"d',
  "it's",
  "[x]",
  "back`tick",
  "back\\slash",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "é",
  "名前",
  "👋",
  "\u2028",
  "tab\tand\nline",
  "${x}",
  "rowid",
  "_rowid_",
  "oid",
  "mask",
  "n",
  "c0",
  "k0",
  "v0",
  "state",
  "key",
  "kinds",
  "$base64",
  "encoded",
  "tables",
  "1",
  "",
];

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

for (const name of NAMES) {
  const shown = JSON.stringify(name);

  Deno.test(`a backup keeps a table and a column named ${shown}`, async () => {
    // The table is called so, and a column that is a key, and one that is none.
    const own = quote(name);
    await roundTrip(
      `CREATE TABLE ${own} (${own} INTEGER PRIMARY KEY, "other one");
       CREATE TABLE keyless (a, ${own});
       CREATE TABLE texts (${own} TEXT PRIMARY KEY, b) WITHOUT ROWID;
       INSERT INTO ${own} VALUES (5, 3.0), (6, x'00'), (7, 'x');
       INSERT INTO keyless VALUES (1, 'y'), (1.0, x'ff');
       INSERT INTO texts VALUES ('k', NULL), ('', 2)`,
      {
        check: ({ exported, text }) => {
          const found = exported.tables.map((table) => table.name);
          assertEquals(found, [name, "keyless", "texts"]);
          const { tables, counts } = JSON.parse(text);
          assertEquals(Object.hasOwn(tables, name), true);
          assertEquals(Object.entries(counts).length, 3);
          assertEquals(
            Object.keys(tables.texts[0]).toSorted(),
            [
              name,
              "b",
            ].toSorted(),
          );
        },
      },
    );
  });
}

Deno.test("a backup keeps a table whose columns take every name of a rowid", async () => {
  await roundTrip(
    `CREATE TABLE t (rowid, _rowid_ TEXT, OID);
     INSERT INTO t VALUES (3, 'a', 1.0), (1, 'b', x'00'), (3, 'a', 1.0)`,
    {
      check: ({ text }) => {
        const { t } = JSON.parse(text).tables;
        assertEquals(t[2], { rowid: 3, _rowid_: "a", OID: 1 });
      },
    },
  );
});

Deno.test("a backup keeps a table whose key is called as its rowid", async () => {
  await roundTrip(
    `CREATE TABLE t (rowid TEXT PRIMARY KEY, x);
     INSERT INTO t VALUES ('b', 1), ('a', 2);
     UPDATE t SET x = 3 WHERE rowid = 'b'`,
    {
      check: ({ text }) => {
        const { t } = JSON.parse(text).tables;
        assertEquals(t, [{ rowid: "b", x: 3 }, { rowid: "a", x: 2 }]);
      },
    },
  );
});
