/**
 * Columns of another type: every value that does not come back as the backup has it is
 * counted and named.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { ImportOutcome } from "../../lib/import/import.ts";
import { runInProcess } from "../support/in_process.ts";
import { atPair, imports, preview } from "../support/pair.ts";
import { atInstallation, rowsIn } from "../support/scratch.ts";

/** What is said of altered values, a line for each column. */
function said({ altered }: ImportOutcome): string[] {
  return altered.map(({ table, column, count, reason, row, example }) =>
    `${table}.${column} ${count}: ${reason}; ${row}` +
    (example ? `: ${example.was} ${example.is}` : "")
  );
}

/** A table of a column `v` of some type, with values. */
const table = (type: string, values: string) =>
  `CREATE TABLE t (id INTEGER PRIMARY KEY, v ${type});
   INSERT INTO t (v) VALUES ${
    values.split(" | ").map((one) => `(${one})`).join()
  };`;
const empty = (sql: string) => `${sql}; DELETE FROM t`;

/** The type there, values, the type here, and what is said. */
const CASES: [string, string, string, string[]][] = [
  ["TEXT", "'a' | '007' | '1e3' | '' | ' 5 '", "INTEGER", [
    't.v 3: the local column has type INTEGER; 2: "007" 7',
  ]],
  ["TEXT", "'12' | '1.50' | '0x10'", "NUMERIC", [
    't.v 2: the local column has type NUMERIC; 1: "12" 12',
  ]],
  ["TEXT", "'12.5'", "DOUBLE", [
    't.v 1: the local column has type DOUBLE; 1: "12.5" 12.5',
  ]],
  ["INTEGER", "9007199254740993 | 1 | NULL", "REAL", [
    "t.v 2: the local column has type REAL; 1: 9007199254740993 9007199254740992.0",
  ]],
  ["", "1 | 'x' | 2.5", "TEXT", [
    't.v 2: the local column has type TEXT; 1: 1 "1"',
  ]],
  ["REAL", "3.0 | 2.5 | 1e300", "INT", [
    "t.v 1: the local column has type INT; 1: 3.0 3",
  ]],
  ["TEXT", "'7'", '"INT\x1b[2J"', [
    't.v 1: the local column has type INT\\u001b[2J; 1: "7" 7',
  ]],
  ["TEXT", "'a' | 'b' | '007 x' | '2026-01-01'", "INTEGER", []],
  ["TEXT", "'7' | x'37'", "VARCHAR(9)", []],
  ["INTEGER", "1 | 'x' | 2.5", "BIGINT", []],
  ["INTEGER", "1 | 'x' | 2.5", "", []],
];

for (const [theirs, values, ours, lines] of CASES) {
  const there = table(theirs, values);
  const name = `${theirs || "no type"} into ${ours || "no type"}: ${values}`;

  Deno.test(`import() names what it alters, from ${name}`, async () => {
    const here = table(ours, values);
    // Into an empty table rows go directly, into one with rows by a merge.
    for (const local of [empty(here), here]) {
      await atPair(there, local, async (at, path) => {
        assertEquals(said(await preview(at, path, { exact: true })), lines);
        assertEquals(said(await imports(at, path, { exact: true })), lines);
      });
    }
  });
}

Deno.test("import() names what a STRICT table and a key alter", async () => {
  const theirs = `CREATE TABLE t (id TEXT PRIMARY KEY, a, b);
    INSERT INTO t VALUES ('7', '3', 2)`;
  const ours = `CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b ANY) STRICT`;
  await atPair(theirs, ours, async (here, path) => {
    assertEquals(said(await imports(here, path)), [
      't.id 1: the local column has type INTEGER; 1: "7" 7',
      't.a 1: the local column has type INT; 1: "3" 3',
    ]);
  });
});

Deno.test("import() names stored values that a local computed column drops", async () => {
  const theirs = `CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT);
    INSERT INTO t VALUES (1, 2, 4), (2, 3, 5), (3, 4, NULL)`;
  const ours =
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT AS (a * 2))`;
  for (const local of [ours, `${ours}; INSERT INTO t (a) VALUES (9)`]) {
    await atPair(theirs, local, async (here, path) => {
      assertEquals(said(await imports(here, path, { exact: true })), [
        "t.b 2: the local column is computed; 2: 5 6",
      ]);
    });
  }
});

Deno.test("import() names what it alters in a database in UTF-16", async () => {
  const theirs = "PRAGMA encoding = 'UTF-16le'; " +
    table("TEXT", "'007' | 'é'");
  const ours = "PRAGMA encoding = 'UTF-16be'; " +
    empty(table("INTEGER", "1").replace("v INTEGER", "v INTEGER, w AS (v)"));
  await atPair(theirs, ours, async (here, path) => {
    assertEquals(said(await imports(here, path)), [
      't.v 1: the local column has type INTEGER; 1: "007" 7',
    ]);
  });
});

Deno.test("import() shows no value of a column that may be a secret", async () => {
  const theirs = `CREATE TABLE t (id INTEGER PRIMARY KEY, pin TEXT);
    INSERT INTO t VALUES (1, '0042')`;
  const ours = theirs.replace("pin TEXT", "pin INTEGER").replace("'0042'", "1");
  await atPair(theirs, ours, async (here, path) => {
    assertEquals(said(await imports(here, path)), [
      "t.pin 1: the local column has type INTEGER; 1",
    ]);
  });
});

Deno.test("import() names what it alters beside a collation of the application", async () => {
  const ours = "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, " +
    "w TEXT COLLATE NOCASE)";
  await atPair(table("TEXT", "'007' | 'x'"), ours, async (here, path) => {
    const file = Deno.readFileSync(here.database);
    const latin1 = new TextDecoder("latin1").decode(file);
    file.set(new TextEncoder().encode("NOWHER"), latin1.indexOf("NOCASE"));
    Deno.writeFileSync(here.database, file);
    assertEquals(said(await imports(here, path)), [
      't.v 1: the local column has type INTEGER; 1: "007" 7',
    ]);
  });
});

const OLD = `{"tables": {"t": [
{"id":1,"v":"007","r":5,"s":"a"},
{"id":2,"v":3.0,"r":9007199254740993,"s":5}
]}}`;
const LOCAL =
  `CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, r REAL, s TEXT)`;

Deno.test("import() names what it alters of a hand-made file, in which numbers have no type", async () => {
  for (const text of [OLD, JSON.stringify(JSON.parse(OLD), null, 2)]) {
    await atInstallation(LOCAL, async (installation) => {
      const path = join(installation.backups, "old.json");
      Deno.writeTextFileSync(path, text);
      const lines = said(await imports(installation, path));
      assertEquals(lines.filter((line) => !line.startsWith("t.r")), [
        't.v 1: the local column has type INTEGER; 1: "007" 7',
        't.s 1: the local column has type TEXT; 2: 5 "5"',
      ]);
      // JSON.parse() has rounded the number already.
      assertEquals(lines.some((line) => line.startsWith("t.r")), text === OLD);
      const rows = rowsIn(installation.database, "SELECT v, s FROM t");
      assertEquals(rows, [[7, "a"], [3, "5"]]);
    });
  }
});

Deno.test("import() names what it alters of a file that was edited by hand", async () => {
  const sql = table("INTEGER", "1 | 2");
  await atPair(sql, empty(sql), async (here, path) => {
    const text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.replace('"v":2', '"v":"002"'));
    assertEquals(said(await imports(here, path, { force: true })), [
      't.v 1: the local column has type INTEGER; 2: "002" 2',
    ]);
  });
});

Deno.test("import says in a line each what it altered, with exit code 3", async () => {
  await atPair(
    table("TEXT", "'007' | '1e3'"),
    empty(table("INT", "1")),
    async (here, path) => {
      const run = (...args: string[]) =>
        runInProcess(here, ["import", path, ...args]);
      const would = await run("--dry-run");
      assertEquals(would.code, 3);
      assertEquals(
        would.err.trim(),
        '2 values of column "v", table "t", would be altered, since the local ' +
          'column has type INT; the first in row 1: "007" would become 7',
      );
      const { code, out } = await run("--json");
      assertEquals(code, 3);
      assertEquals(JSON.parse(out).altered, [{
        table: "t",
        column: "v",
        count: 2,
        reason: "the local column has type INT",
        row: 1,
        example: { was: '"007"', is: "7" },
      }]);
    },
  );
});
