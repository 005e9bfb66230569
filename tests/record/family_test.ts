/**
 * What belongs to a record, and what it belongs to.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Database } from "@db/sqlite";
import { Families, type Relatives } from "../../lib/record/family.ts";
import { findRecord } from "../../lib/record/key.ts";
import { recordName, type RecordRow } from "../../lib/record/row.ts";
import { withDb } from "../support/scratch.ts";

const crm = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT,
    client_id INTEGER REFERENCES contacts ON DELETE SET NULL);
  CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT,
    project_id INTEGER NOT NULL REFERENCES projects (id));
  CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type TEXT,
    entity_id INTEGER, content TEXT);
  CREATE TABLE pairs (a INTEGER REFERENCES contacts ON DELETE CASCADE,
    b INTEGER REFERENCES contacts ON DELETE CASCADE, kind TEXT,
    PRIMARY KEY (a, b)) WITHOUT ROWID;
  CREATE TABLE views (a INTEGER, b INTEGER, seen TEXT,
    FOREIGN KEY (a, b) REFERENCES pairs (a, b));
  INSERT INTO contacts VALUES (1, 'Sarah Chen'), (2, 'Tom');
  INSERT INTO projects VALUES (5, 'Website', 1), (6, 'Other', 2);
  INSERT INTO tasks VALUES (1, 'Draft', 5), (2, 'Ship', 5), (3, 'Else', 6);
  INSERT INTO notes VALUES (1, 'contact', 1, 'Met'), (2, 'Contact', 2, 'x'),
    (3, 'project', 1, 'y'), (4, 'contacts', 1, 'Called'), (5, 'task', 2, 'z');
  INSERT INTO pairs VALUES (1, 2, 'friends'), (2, 1, 'friends');
  INSERT INTO views VALUES (1, 2, 'now'), (7, 7, 'never');
`;

function atCrm(test: (families: Families, db: Database) => void): void {
  withDb(":memory:", (db) => {
    db.exec(crm);
    test(new Families(db), db);
  });
}

function recordIn(families: Families, table: string, key: string): RecordRow {
  return findRecord(families.db, families.tables.get(table)!, key, "it");
}

function named(relatives: Relatives[]): string[] {
  return relatives.flatMap(({ records }) => records.map(recordName));
}

Deno.test("children come by foreign keys and by pairs of a type and an id", () => {
  atCrm((families) => {
    const children = families.children([recordIn(families, "contacts", "1")]);
    assertEquals(named(children), [
      ...["projects:5", "notes:1", "notes:4"],
      ...["pairs:2,1", "pairs:1,2"],
    ]);
    assertEquals(
      children.map(({ reference }) => reference.bound),
      [false, true, true, true],
    );
  });
});

Deno.test("parents come the same ways", () => {
  atCrm((families) => {
    const parentsOf = (table: string, key: string) =>
      named(families.parents([recordIn(families, table, key)]));
    assertEquals(parentsOf("tasks", "1"), ["projects:5"]);
    assertEquals(parentsOf("notes", "5"), ["tasks:2"]);
    assertEquals(parentsOf("pairs", "1,2"), ["contacts:2", "contacts:1"]);
  });
});

Deno.test("a family has all that belongs to a record, each once", () => {
  atCrm((families) => {
    const root = recordIn(families, "contacts", "1");
    assertEquals([...families.family([root, root])].map(recordName), [
      ...["contacts:1", "projects:5", "notes:1", "notes:4"],
      ...["pairs:2,1", "pairs:1,2", "tasks:1", "tasks:2", "views", "notes:5"],
    ]);
  });
});

Deno.test("a family is entered no further than asked", () => {
  atCrm((families) => {
    const root = recordIn(families, "contacts", "1");
    const family = families.family([root], (_record, { bound }) => bound);
    assertEquals([...family].map(recordName), [
      ...["contacts:1", "projects:5", "notes:1", "notes:4"],
      ...["pairs:2,1", "pairs:1,2", "views"],
    ]);
  });
});

Deno.test("a cycle of references ends", () => {
  withDb(":memory:", (db) => {
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t);
      INSERT INTO t VALUES (1, 3), (2, 1), (3, 2), (4, 4)`);
    const families = new Families(db);
    const root = recordIn(families, "t", "1");
    assertEquals([...families.family([root])].map(recordName), [
      ...["t:1", "t:2", "t:3"],
    ]);
  });
});

Deno.test("records of more than a batch are all found, and found by text keys", () => {
  withDb(":memory:", (db) => {
    db.exec(`CREATE TABLE a (k TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE b (k TEXT REFERENCES a, n INTEGER PRIMARY KEY);
      CREATE TABLE c (n INTEGER REFERENCES b);
      INSERT INTO a VALUES ('x' || char(0)), ('x');
      WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 900)
      INSERT INTO b SELECT 'x' || char(0), n FROM r;
      INSERT INTO b VALUES ('x', 1000);
      INSERT INTO c SELECT n FROM b`);
    const families = new Families(db);
    const [root] = families.parents([recordIn(families, "b", "7")]);
    assertEquals([...families.family(root!.records)].length, 1801);
  });
});
