/**
 * Records as people name them.
 *
 * @module
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Database } from "@db/sqlite";
import { tablesOf } from "../../lib/database/schema.ts";
import { BackupError } from "../../lib/errors.ts";
import {
  findRecord,
  findRecords,
  findTableName,
  noTable,
  parseName,
} from "../../lib/record/key.ts";
import { recordName } from "../../lib/record/row.ts";
import { withDb } from "../support/scratch.ts";

const people = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE);
  INSERT INTO contacts VALUES (1, 'Sarah Chen', 'sarah@example.com'),
    (2, 'Åsa Öberg', NULL), (3, 'Tom', 'tom@example.com'), (4, 'Tom', NULL),
    (12, '1', 'one@example.com'), (13, 'a' || char(27) || '[31m', NULL);
  CREATE TABLE pairs (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
  INSERT INTO pairs VALUES ('x', 1), ('x', 2), ('y' || char(0) || 'z', 3);
  CREATE TABLE vault (key TEXT PRIMARY KEY, note TEXT);
  INSERT INTO vault VALUES ('hush', 'a');
`;

function atPeople(test: (db: Database) => void): void {
  withDb(":memory:", (db) => {
    db.exec(people);
    test(db);
  });
}

function tableIn(db: Database, name: string) {
  return tablesOf(db).find((table) => table.name === name)!;
}

function namesOf(db: Database, name: string): string[] {
  const { table, key } = parseName(name);
  return findRecords(db, tableIn(db, table), key!).map(recordName);
}

function refusal(db: Database, name: string): string {
  const { table, key } = parseName(name);
  return assertThrows(
    () => findRecord(db, tableIn(db, table), key!, "it"),
    BackupError,
  ).message;
}

Deno.test("a record is found by its key, by a unique value, and by its label", () => {
  atPeople((db) => {
    assertEquals(namesOf(db, "contacts:3"), ["contacts:3"]);
    assertEquals(namesOf(db, "contacts: 3 "), ["contacts:3"]);
    assertEquals(namesOf(db, "contacts:TOM@example.com"), ["contacts:3"]);
    assertEquals(namesOf(db, "contacts:sarah chen"), ["contacts:1"]);
    assertEquals(namesOf(db, "contacts:ÅSA öberg"), ["contacts:2"]);
    assertEquals(namesOf(db, "pairs:x,2"), ["pairs:x,2"]);
    assertEquals(namesOf(db, "pairs:X,2"), ["pairs:x,2"]);
  });
});

Deno.test("a number is a key before it is a label", () => {
  atPeople((db) => assertEquals(namesOf(db, "contacts:1"), ["contacts:1"]));
});

Deno.test("a label that several records share is refused with their keys", () => {
  atPeople((db) => {
    assertEquals(
      refusal(db, "contacts:tom"),
      '2 records are called "tom": contacts:3, contacts:4; name one by its key',
    );
  });
});

Deno.test("a record that is not there is refused with those that may be meant", () => {
  atPeople((db) => {
    assertStringIncludes(
      refusal(db, "contacts:sarah"),
      'it has no "contacts:sarah"; did you mean "contacts:Sarah Chen"?',
    );
    assertStringIncludes(
      refusal(db, "contacts:Sara Chan"),
      'did you mean "contacts:Sarah Chen"?',
    );
    assertStringIncludes(refusal(db, "contacts:zzzzzzzz"), "show lists");
  });
});

Deno.test("a label on the way to a terminal has no control characters", () => {
  atPeople((db) => {
    const [record] = findRecords(db, tableIn(db, "contacts"), "13");
    assertEquals(record!.label, "a\\u001b[31m");
  });
});

Deno.test("a key that may be a secret is not shown", () => {
  atPeople((db) => assertEquals(namesOf(db, "vault:hush"), ["vault"]));
});

Deno.test("a table is found by its name and by what its rows are called", () => {
  const names = ["contacts", "activity_log", "Deal Stages"];
  assertEquals(findTableName(names, "Contacts"), "contacts");
  assertEquals(findTableName(names, "contact"), "contacts");
  assertEquals(findTableName(names, "activity log entry"), "activity_log");
  assertEquals(findTableName(names, "deal stages"), "Deal Stages");
  assertEquals(findTableName(names, "contcts"), undefined);
  assertEquals(
    noTable(names, "contcts", "it has no", "look").message,
    'it has no table "contcts"; did you mean contacts?',
  );
});
