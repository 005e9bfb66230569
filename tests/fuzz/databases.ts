/**
 * The database whose backup is mutated, and the one that it goes into.
 *
 * @module
 */

const SCHEMA = `
PRAGMA user_version = 3;
CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
  email TEXT COLLATE NOCASE UNIQUE, score REAL CHECK (score IS NULL OR score < 1e6),
  made TEXT DEFAULT 'now');
CREATE TABLE notes (id INTEGER PRIMARY KEY, contact_id INTEGER REFERENCES contacts (id)
  ON DELETE CASCADE, body TEXT, twice TEXT GENERATED ALWAYS AS (body || body));
CREATE TABLE cells (id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB,
  n NUMERIC, x);
CREATE TABLE tags (a TEXT, b INTEGER, c, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE hard (id INTEGER PRIMARY KEY, n INT, t TEXT UNIQUE, a ANY) STRICT;
CREATE TABLE loose (x, y INTEGER DEFAULT 7);
CREATE TABLE codes (code TEXT PRIMARY KEY, n INTEGER UNIQUE ON CONFLICT IGNORE);
CREATE TABLE "odd "" name" ("a b" TEXT, "ключ" REAL);
CREATE INDEX notes_contact ON notes (contact_id);
CREATE UNIQUE INDEX one_big ON contacts (score) WHERE score > 100;
CREATE VIEW named AS SELECT name FROM contacts;
`;

// Triggers that would be seen in the rows if they ran.
const TRIGGERS = `
CREATE TRIGGER meddles AFTER INSERT ON notes BEGIN
  UPDATE contacts SET name = 'meddled'; DELETE FROM loose; END;
CREATE TRIGGER forbids BEFORE UPDATE ON contacts BEGIN
  SELECT RAISE(ABORT, 'no') WHERE NEW.name <> 'meddled'; END;
`;

/** Makes the database that is backed up. */
export const SOURCE = `${SCHEMA}
INSERT INTO contacts VALUES (1, 'Zoë', 'zoe@x.example', 0.1, 'a'),
  (2, 'Bob', NULL, 3.0, NULL), (5, 'a "b" \\c', 'B@x.example', 500.5, '');
INSERT INTO notes (id, contact_id, body) VALUES (1, 1, 'hello'), (2, 5, NULL),
  (3, 77, CAST(x'61ff62' AS TEXT)), (4, 2, char(10, 9, 0, 27, 8238) || '👋');
INSERT INTO cells VALUES (1, 9223372036854775807, 1e300, '', x'', 1.5, 1),
  (2, -9223372036854775807, 5e-324, 'null', x'00ff', 3.0, 2.0),
  (3, 'text', -9e999, '1', 'text', '1e2', x'01'), (-4, 1.5, 7, 7, 7, 7, '7'),
  (9007199254740993, 0, -0.5, '{"a": [1]}', 0.25, NULL, 1e22);
INSERT INTO tags VALUES ('a', 1, x'aa'), ('a', 2, 1.0), ('b', 1, NULL);
INSERT INTO hard VALUES (1, 1, 'x', 1), (2, NULL, 'y', '1'), (3, 3, NULL, 1.0);
INSERT INTO loose VALUES (1, 1), (1, 1), (NULL, 'x'), ('1', 2.5);
INSERT INTO codes VALUES ('a', 1), ('b', 2), ('c', NULL);
INSERT INTO "odd "" name" VALUES ('x', 0.1), (NULL, 1e9);
${TRIGGERS}`;

/** Makes one that has rows of its own: the same, other, and clashing ones. */
export const TARGET = `${SCHEMA}
INSERT INTO contacts VALUES (1, 'Zoë', 'zoe@x.example', 0.1, 'a'),
  (2, 'Robert', 'b@X.example', 9.0, 'b'), (3, 'Only', 'only@x.example', 500.5, 'c');
INSERT INTO loose VALUES (1, 1), ('here', 8);
INSERT INTO notes (id, contact_id, body) VALUES (1, 3, 'hello'), (9, 3, 'here');
INSERT INTO cells VALUES (1, 0, 1e300, '', x'', 1.5, 1), (7, 1, 1, 1, 1, 1, 1);
INSERT INTO tags VALUES ('a', 2, 1), ('z', 1, NULL);
INSERT INTO hard VALUES (2, 2, 'x', 1), (8, NULL, NULL, NULL);
INSERT INTO codes VALUES ('a', 2), ('d', 1);
UPDATE sqlite_sequence SET seq = 40;
${TRIGGERS}`;
