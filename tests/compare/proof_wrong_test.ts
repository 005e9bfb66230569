/**
 * Backups that do not restore to what they say are not proved.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { verifyFile } from "../../lib/compare/verify.ts";
import {
  backupText,
  type HandMade,
  object,
  written,
} from "../support/hand_made.ts";
import { atInstallation, session } from "../support/scratch.ts";
import { filesOf } from "../support/pair.ts";

/** A backup of one table of these columns. */
function backup(columns: string, rows: Record<string, unknown>[]): HandMade {
  const schema = [object("table", "t", `CREATE TABLE t (${columns})`)];
  return { schema, tables: { t: rows } };
}

const blob = (encoded: string) => ({ $base64: true, encoded });

const cases: Record<string, [HandMade, string]> = {
  "wrong base64": [backup("v", [{ v: blob("A*==") }]), "row 1"],
  "half a group of base64": [backup("v", [{ v: blob("QUJDR") }]), "row 1"],
  "duplicate keys": [
    backup("id INTEGER PRIMARY KEY", [{ id: 1 }, { id: 1 }]),
    "row 2",
  ],
  "keys that are one to the collation": [
    backup("id TEXT COLLATE NOCASE PRIMARY KEY", [{ id: "a" }, { id: "A" }]),
    "row 2",
  ],
  "an INTEGER in a REAL column": [
    backup("r REAL", [{ r: 1.5 }, { r: 3 }]),
    'row 2: column "r" is INTEGER and came back REAL',
  ],
  "a number in a TEXT column": [backup("v TEXT", [{ v: 3 }]), "came back TEXT"],
  "a text of digits in an INTEGER column": [
    backup("v INTEGER", [{ v: "3" }]),
    "came back INTEGER",
  ],
  "a number that no double holds": [
    backup("v REAL", [{ v: 9007199254740993n }]),
    "came back REAL",
  ],
  "a row that breaks CHECK": [
    backup("v CHECK (v > 0)", [{ v: 1 }, { v: 0 }]),
    "CHECK v > 0",
  ],
  "a row that breaks NOT NULL": [
    backup("v NOT NULL", [{ v: null }]),
    "NOT NULL",
  ],
  "a row without a column that must be": [
    backup("v, w NOT NULL", [{ v: 1 }]),
    "NOT NULL",
  ],
  "a table that its schema lacks": [
    { ...backup("v", []), tables: { t: [], u: [{ v: 1 }] } },
    'table "u"',
  ],
  "a column that its schema lacks": [
    backup("v", [{ v: 1, w: 2 }]),
    'column "w" of table "t"',
  ],
  "a row of unknown columns only": [backup("v", [{ w: 2 }]), "row 1"],
  "a schema that is no schema": [
    {
      schema: [object("table", "t", "DROP TABLE t")],
      tables: { t: [{ v: 1 }] },
    },
    "another statement",
  ],
  "a unique index that does not hold": [
    {
      ...backup("v", [{ v: 1 }, { v: 1 }]),
      schema: [
        object("table", "t", "CREATE TABLE t (v)"),
        object("index", "i", "CREATE UNIQUE INDEX i ON t (v)", "t"),
      ],
    },
    'index "i"',
  ],
};

/** JSON with integers of 64 bits. */
function textOf(parts: HandMade): string {
  return backupText(JSON.parse(
    JSON.stringify(parts, (_, v) => typeof v === "bigint" ? `#${v}#` : v),
  )).replace(/"#(\d+)#"/g, "$1");
}

for (const [what, [parts, words]] of Object.entries(cases)) {
  Deno.test(`verify() does not prove a backup with ${what}`, async () => {
    await atInstallation(
      "CREATE TABLE t (v); INSERT INTO t VALUES (5)",
      async (installation) => {
        const path = written(installation, textOf(parts));
        const before = filesOf(installation);
        const { problems } = await verifyFile(installation, path, session());
        assert(problems.length > 0, "it was proved");
        assertEquals(
          problems.join("\n").includes(words),
          true,
          problems.join(),
        );
        assertEquals(filesOf(installation), before);
      },
    );
  });
}

const refused: Record<string, [string, string]> = {
  "two tables of one name": [
    textOf({ ...backup("v", []), tables: { t: [{ v: 1 }], T: [{ v: 2 }] } }),
    "a second table",
  ],
  "counts that do not hold": [
    textOf(backup("v", [{ v: 1 }])).replace(
      '"tables"',
      '"counts":{"t":2},"tables"',
    ),
    "counts",
  ],
};

for (const [what, [text, words]] of Object.entries(refused)) {
  Deno.test(`verify() refuses a backup with ${what}`, async () => {
    await atInstallation("CREATE TABLE t (v)", async (installation) => {
      const path = written(installation, text);
      const before = filesOf(installation);
      const run = () => verifyFile(installation, path, session());
      await assertRejects(run, BackupError, words);
      assertEquals(filesOf(installation), before);
    });
  });
}
