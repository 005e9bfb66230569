/**
 * Rows that the database here does not take: named, and not a byte is changed.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { atInstallation, rowsIn } from "../support/scratch.ts";
import { refused } from "../support/hand_made.ts";

/** A rule of a table, and a row of the backup that breaks it. */
interface Case {
  rule: string;
  /** The table's columns; `id` and `v` are there in each. */
  columns: string;
  /** What comes after the columns. */
  after?: string;
  row: Record<string, unknown>;
  words: string;
}

const cases: Case[] = [
  {
    rule: "NOT NULL",
    columns: "id INTEGER PRIMARY KEY, v TEXT NOT NULL",
    row: { id: 2, v: null },
    words: `row 2: column "v" is empty`,
  },
  {
    rule: "NOT NULL with a default",
    columns: "id INTEGER PRIMARY KEY, v TEXT NOT NULL DEFAULT 'd'",
    row: { id: 2, v: null },
    words: `row 2: column "v" is empty`,
  },
  {
    rule: "NOT NULL ON CONFLICT REPLACE",
    columns: "id INTEGER PRIMARY KEY, v TEXT DEFAULT 'd' " +
      "NOT NULL ON CONFLICT REPLACE",
    row: { id: 2, v: null },
    words: `row 2: column "v" is empty`,
  },
  {
    rule: "NOT NULL ON CONFLICT IGNORE",
    columns: "id INTEGER PRIMARY KEY, v TEXT NOT NULL ON CONFLICT IGNORE",
    row: { id: 2, v: null },
    words: `row 2: column "v" is empty`,
  },
  {
    rule: "NOT NULL for a column that the backup lacks",
    columns: "id INTEGER PRIMARY KEY, v TEXT, w TEXT NOT NULL DEFAULT 'd', " +
      "x TEXT NOT NULL CHECK (x <> '')",
    row: { id: 4, v: "b", w: "c" },
    words: `row 2: column "x" is empty`,
  },
  {
    rule: "the rowid's NOT NULL",
    columns: "id INTEGER PRIMARY KEY, v",
    row: { id: null, v: "b" },
    words: `row 2: column "id" is empty`,
  },
  {
    rule: "NOT NULL in a key WITHOUT ROWID",
    columns: "id TEXT PRIMARY KEY, v",
    after: "WITHOUT ROWID",
    row: { id: null, v: "b" },
    words: `row 2: column "id" is empty`,
  },
  {
    rule: "CHECK",
    columns: "id INTEGER PRIMARY KEY, v CHECK (v <> 'bad')",
    row: { id: 2, v: "bad" },
    words: `row 2: it breaks the rule CHECK v <> 'bad'`,
  },
  {
    rule: "CHECK ON CONFLICT IGNORE",
    columns: "id INTEGER PRIMARY KEY, v, " +
      "CONSTRAINT good CHECK (v <> 'bad') ON CONFLICT IGNORE",
    row: { id: 2, v: "bad" },
    words: "row 2: it breaks the rule CHECK good",
  },
  {
    rule: "STRICT",
    columns: "id INTEGER PRIMARY KEY, v INTEGER",
    after: "STRICT",
    row: { id: 2, v: "text" },
    words: `row 2: column "v" takes INTEGER and has TEXT`,
  },
  {
    rule: "whole numbers as ids",
    columns: "id INTEGER PRIMARY KEY, v",
    row: { id: "two", v: "b" },
    words: "row 2: its id is not a whole number",
  },
];

function tableOf({ columns, after = "" }: Case): string {
  return `CREATE TABLE t (${columns}) ${after};
    CREATE TABLE a (id INTEGER PRIMARY KEY, v);`;
}

// The table "a" comes before "t" and is taken back with it.
function partsOf({ row, columns }: Case) {
  const first = columns.includes("x TEXT")
    ? { id: 1, v: 1, x: "y" }
    : { id: 1, v: 1 };
  return { tables: { a: [{ id: 1, v: 2 }, { id: 2, v: 3 }], t: [first, row] } };
}

for (const each of cases) {
  Deno.test(`import() refuses a row that breaks ${each.rule}, in an empty table`, async () => {
    await atInstallation(tableOf(each), async (installation) => {
      const message = await refused(installation, partsOf(each), each.words);
      assertEquals(message.includes(`table "t", `), true, message);
      assertEquals(rowsIn(installation.database, "SELECT * FROM a"), []);
    });
  });

  Deno.test(`import() refuses a row that breaks ${each.rule}, beside others`, async () => {
    const x = each.columns.includes("x TEXT") ? ", x" : "";
    const sql = `${tableOf(each)} INSERT INTO a VALUES (1, 1);
      INSERT INTO t (id, v${x}) VALUES (1, 1${x && ", 'y'"}),
        (2, 2${x && ", 'y'"}), (3, 3${x && ", 'y'"})`;
    await atInstallation(sql, async (installation) => {
      const message = await refused(installation, partsOf(each), each.words);
      assertEquals(message.includes(`table "t", `), true, message);
      assertEquals(rowsIn(installation.database, "SELECT * FROM a"), [[1, 1]]);
    });
  });
}
