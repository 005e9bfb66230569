/**
 * Views, triggers, indexes and virtual tables, through a backup and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { rowsIn } from "../support/scratch.ts";
import { roundTrip } from "./round_trip.ts";

const SHADOWS = ["data", "idx", "content", "docsize", "config"];
const shadowsOf = (table: string) => SHADOWS.map((name) => `${table}_${name}`);

Deno.test("a backup keeps views that do not compile", async () => {
  await roundTrip(
    `CREATE TABLE t (a); CREATE VIEW good AS SELECT a FROM t;
     INSERT INTO t VALUES (1); CREATE VIEW bad AS SELECT gone FROM t;
     CREATE VIEW worse AS SELECT * FROM nowhere`,
    {
      check: ({ there, text }) => {
        assertEquals(rowsIn(there, "SELECT a FROM good"), [[1]]);
        assertEquals(Object.keys(JSON.parse(text).tables), ["t"]);
      },
    },
  );
});

Deno.test("a backup keeps indexes of every kind", async () => {
  await roundTrip(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b);
     CREATE INDEX plain ON t (a COLLATE NOCASE, b DESC);
     CREATE UNIQUE INDEX part ON t (b) WHERE b > 10;
     CREATE UNIQUE INDEX computed ON t (lower(a));
     INSERT INTO t VALUES (1, 'x', 1), (2, 'Y', 1), (3, NULL, 11)`,
    {
      check: ({ there }) => {
        const sql = "PRAGMA integrity_check";
        assertEquals(rowsIn(there, sql), [["ok"]]);
      },
    },
  );
});

Deno.test("a backup keeps triggers without running them", async () => {
  await roundTrip(
    `CREATE TABLE t (a); CREATE TABLE log (a);
     INSERT INTO t VALUES (1);
     CREATE TRIGGER noted AFTER INSERT ON t BEGIN
       INSERT INTO log VALUES (NEW.a); END;
     CREATE TRIGGER "broken one" AFTER DELETE ON t BEGIN
       INSERT INTO nowhere VALUES (OLD.a); END`,
    {
      check: ({ there }) => {
        assertEquals(rowsIn(there, "SELECT count(*) FROM log"), [[0]]);
      },
    },
  );
});

Deno.test("a backup keeps a full-text index with its own text", async () => {
  await roundTrip(
    `CREATE VIRTUAL TABLE words USING fts5(title, body);
     INSERT INTO words (rowid, title, body) VALUES
       (-4, 'first', 'café'), (9007199254740993, 'second', NULL)`,
    {
      leaveOut: shadowsOf("words"),
      check: ({ there, text }) => {
        const sql = "SELECT rowid, title FROM words WHERE words MATCH 'café'";
        assertEquals(rowsIn(there, sql), [[-4, "first"]]);
        assertEquals(Object.keys(JSON.parse(text).tables), ["words"]);
      },
    },
  );
});

Deno.test("a backup makes a full-text index over a table again", async () => {
  await roundTrip(
    `CREATE TABLE mail (id INTEGER PRIMARY KEY, subject TEXT);
     CREATE VIRTUAL TABLE mail_words USING fts5(subject, content='mail',
       content_rowid='id');
     CREATE TRIGGER mail_added AFTER INSERT ON mail BEGIN
       INSERT INTO mail_words (rowid, subject) VALUES (NEW.id, NEW.subject);
     END;
     INSERT INTO mail VALUES (7, 'hello there'), (9, 'goodbye')`,
    {
      leaveOut: shadowsOf("mail_words"),
      check: ({ there, text }) => {
        const sql = "SELECT rowid FROM mail_words('hello')";
        assertEquals(rowsIn(there, sql), [[7]]);
        assertEquals(Object.keys(JSON.parse(text).tables), ["mail"]);
      },
    },
  );
});

Deno.test("a backup makes a full-text index over a view again", async () => {
  await roundTrip(
    `CREATE TABLE mail (id INTEGER PRIMARY KEY, subject TEXT);
     CREATE VIEW shown AS SELECT id, upper(subject) AS subject FROM mail;
     CREATE VIRTUAL TABLE shown_words USING fts5(subject, content='shown',
       content_rowid='id');
     INSERT INTO mail VALUES (7, 'hello there'), (9, 'goodbye');
     INSERT INTO shown_words (shown_words) VALUES ('rebuild')`,
    {
      leaveOut: shadowsOf("shown_words"),
      check: ({ there }) => {
        const sql = "SELECT rowid FROM shown_words('hello')";
        assertEquals(rowsIn(there, sql), [[7]]);
      },
    },
  );
});

Deno.test("a backup keeps an R-tree", async () => {
  const shadows = ["node", "rowid", "parent"].map((name) => `area_${name}`);
  await roundTrip(
    `CREATE VIRTUAL TABLE area USING rtree(id, x0, x1, +label);
     INSERT INTO area VALUES (1, 0.5, 1.5, 'one'), (-2, -8, -7, x'00')`,
    {
      leaveOut: shadows,
      check: ({ there, text }) => {
        const sql = "SELECT id, label FROM area WHERE x0 > 0";
        assertEquals(rowsIn(there, sql), [[1, "one"]]);
        assertEquals(Object.keys(JSON.parse(text).tables), ["area"]);
      },
    },
  );
});
