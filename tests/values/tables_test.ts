/**
 * Tables of every kind, through a backup and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { rowsIn } from "../support/scratch.ts";
import { roundTrip } from "./round_trip.ts";

/** What a table is like, and the SQL that makes it. */
const TABLES: Record<string, string> = {
  "without rows": "CREATE TABLE t (id INTEGER PRIMARY KEY, x)",
  "without a primary key":
    "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (1, 'x'), (2, NULL)",
  "with rows of nothing but NULL":
    "CREATE TABLE t (a, b); INSERT INTO t VALUES (NULL, NULL), (NULL, NULL)",
  "WITHOUT ROWID": "CREATE TABLE t (a TEXT, b INTEGER, c, PRIMARY KEY (a, b))" +
    " WITHOUT ROWID; INSERT INTO t VALUES ('x', 2, 1.0), ('x', 1, NULL)",
  "with a key of three columns": "CREATE TABLE t (a, b, c, d, " +
    "PRIMARY KEY (c, a, b)); INSERT INTO t VALUES (1, 2, 3, 4), (2, 1, 3, 4)",
  "with NULL in its primary key":
    "CREATE TABLE t (k TEXT PRIMARY KEY, x); INSERT INTO t VALUES " +
    "(NULL, 1), (NULL, 1), (NULL, 2), ('k', 3)",
  "that is STRICT": "CREATE TABLE t (i INT PRIMARY KEY, n INTEGER, r REAL, " +
    "t TEXT, b BLOB, a ANY) STRICT; " +
    "INSERT INTO t VALUES (1, -9223372036854775807, 3.0, '4', x'05', '6'), " +
    "(2, NULL, 9e999, '', x'', 6.0)",
  "with columns that SQLite computes": "CREATE TABLE t (id INTEGER PRIMARY " +
    "KEY, a, v AS (a || '!') VIRTUAL, s TEXT AS (a || '?') STORED, b); " +
    "INSERT INTO t (id, a, b) VALUES (1, 'x', 2), (2, NULL, 3)",
  "with a UNIQUE column that SQLite computes":
    "CREATE TABLE t (a, low AS (lower(a)) STORED UNIQUE); " +
    "INSERT INTO t (a) VALUES ('X'), ('y')",
  "that refers to itself": "CREATE TABLE t (id INTEGER PRIMARY KEY, up " +
    "REFERENCES t (id)); INSERT INTO t VALUES (1, 3), (2, 1), (3, 2), (4, 99)",
  "that refer to each other in a circle":
    "CREATE TABLE a (id INTEGER PRIMARY KEY, b REFERENCES b); " +
    "CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a); " +
    "INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (2, 1)",
  "that refers to one that does not exist":
    "CREATE TABLE t (id INTEGER PRIMARY KEY, x REFERENCES gone (id)); " +
    "INSERT INTO t VALUES (1, 7)",
  "with rules and defaults": "CREATE TABLE t (id INTEGER PRIMARY KEY, " +
    "a TEXT NOT NULL DEFAULT 'd' COLLATE NOCASE UNIQUE ON CONFLICT IGNORE, " +
    "b CHECK (b > 0)); INSERT INTO t VALUES (1, 'A', 1), (2, 'b', NULL)",
  "with names that differ by more than ASCII case":
    "CREATE TABLE é (id INTEGER PRIMARY KEY, Ä, ä); " +
    "CREATE TABLE É (id INTEGER PRIMARY KEY); " +
    "INSERT INTO é VALUES (1, 2, 3); INSERT INTO É VALUES (4)",
  "with negative and extreme rowids": "CREATE TABLE t (id INTEGER PRIMARY " +
    "KEY, x); INSERT INTO t VALUES (-1, 'a'), (0, 'b'), " +
    "(9223372036854775807, 'c'), (-9223372036854775807 - 1, 'd')",
  "with extreme rowids that no column shows": "CREATE TABLE t (x); " +
    "INSERT INTO t (rowid, x) VALUES (9223372036854775807, 1), (-5, 2), " +
    "(-9223372036854775807 - 1, 3)",
};

for (const [name, sql] of Object.entries(TABLES)) {
  Deno.test(`a backup keeps tables ${name}`, async () => {
    // roundTrip() compares every cell and the schema.
    await roundTrip(sql, {
      check: ({ exported, imported }) => {
        const rows = new Map(exported.tables.map((t) => [t.name, t.rows]));
        const added = new Map(imported.tables.map((t) => [t.name, t.added]));
        assertEquals(
          [...added].toSorted(),
          [...rows].toSorted(),
        );
      },
    });
  });
}

Deno.test("a backup keeps a table of 900 columns", async () => {
  const columns = Array.from({ length: 900 }, (_, i) => `c${i}`);
  const cells = columns.map((_, i) => i % 3 ? `${i}.0` : `'${i}'`).join(", ");
  await roundTrip(
    `CREATE TABLE t (${columns.join(", ")}, PRIMARY KEY (c7)); ` +
      `INSERT INTO t VALUES (${cells})`,
    {
      check: ({ there }) => {
        const sql = "SELECT c0, c1, c899, typeof(c899) FROM t";
        assertEquals(rowsIn(there, sql), [["0", 1, 899, "real"]]);
      },
    },
  );
});

Deno.test("a backup keeps the counters of AUTOINCREMENT", async () => {
  await roundTrip(
    `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x);
     CREATE TABLE empty (id INTEGER PRIMARY KEY AUTOINCREMENT);
     INSERT INTO t VALUES (5, 'a'), (9007199254740993, 'b');
     DELETE FROM t WHERE id > 5;
     INSERT INTO empty VALUES (77); DELETE FROM empty`,
    {
      check: ({ there }) => {
        const sql = "SELECT name, seq FROM sqlite_sequence ORDER BY name";
        const wanted = [["empty", 77], ["t", 9007199254740993n]];
        assertEquals<unknown>(rowsIn(there, sql), wanted);
      },
    },
  );
});

Deno.test("a backup keeps what the header says of the application", async () => {
  await roundTrip(
    "PRAGMA user_version = -7; PRAGMA application_id = 1397705561; " +
      "CREATE TABLE t (x)",
    {
      check: ({ there }) => {
        assertEquals(rowsIn(there, "PRAGMA user_version"), [[-7]]);
        assertEquals(rowsIn(there, "PRAGMA application_id"), [[1397705561]]);
      },
    },
  );
});
