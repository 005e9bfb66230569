/**
 * Databases whose schema needs what only the application has: everything is backed up,
 * what can be proved is proved, and what a restore would lack is named.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { exportVerifier, verifyFile } from "../../lib/compare/verify.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { listBackups } from "../../lib/store/catalog.ts";
import { readProofs } from "../../lib/store/proofs.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session } from "../support/scratch.ts";
import { edited } from "../support/edited.ts";

const base = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Anna'), (2, 'Ben');
  CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);`;

/** Databases, as SQL and what is changed in its file; and what is told of them. */
const databases: Record<string, [string, [string, string][], string]> = {
  "a module that is missing": [
    "CREATE VIRTUAL TABLE x USING fts5 (a)",
    [["USING fts5", "USING vec0"]],
    '"vec0"',
  ],
  "a table of fts5vocab": [
    `CREATE VIRTUAL TABLE words USING fts5 (a);
      INSERT INTO words VALUES ('one two');
      CREATE VIRTUAL TABLE x USING fts5vocab (words, row)`,
    [],
    "no rows of its own",
  ],
  "a table of dbstat": [
    "CREATE VIRTUAL TABLE x USING dbstat",
    [],
    "no rows of its own",
  ],
  "a function in a CHECK": [
    "CREATE TABLE x (a CHECK (quote(a))); INSERT INTO x VALUES (1)",
    [["(quote(", "(myown("]],
    'function "myown"',
  ],
  "a function in an index": [
    "CREATE INDEX x ON contacts (quote(name))",
    [["(quote(", "(myown("]],
    'function "myown"',
  ],
  "a function in a generated column": [
    "CREATE TABLE x (a, b AS (quote(a)) STORED); INSERT INTO x VALUES (1)",
    [["(quote(", "(myown("]],
    'function "myown"',
  ],
  "a collation of a column": [
    "CREATE TABLE x (a TEXT COLLATE NOCASE UNIQUE); INSERT INTO x VALUES ('a')",
    [["NOCASE", "MYSORT"]],
    'collation "MYSORT"',
  ],
  "a collation in an index": [
    "CREATE INDEX x ON contacts (name COLLATE NOCASE)",
    [["NOCASE", "MYSORT"]],
    'collation "MYSORT"',
  ],
};

async function at(
  [sql, words]: [string, [string, string][], string],
  test: (installation: Installation) => Promise<void>,
): Promise<void> {
  await atInstallation(`${base}${sql}`, async (installation) => {
    edited(installation.database, words);
    await test(installation);
  });
}

for (const [what, database] of Object.entries(databases)) {
  const words = database[2];
  Deno.test(`export() of a database with ${what} is complete but for what it names`, async () => {
    await at(database, async (installation) => {
      for (const args of [["export"], ["export", "--verify"]]) {
        const { code, err } = await runInProcess(installation, args);
        assertEquals(code, 3, err);
        assertEquals(err.split("\n").length, 1, err);
        assert(err.includes('"x"') && err.includes(words), err);
      }
    });
  });

  Deno.test(`export() verifies all else of a database with ${what}`, async () => {
    await at(database, async (installation) => {
      const verify = exportVerifier(installation, session());
      const report = await exportBackup(installation, session(), { verify });
      assertEquals(report.problems, []);
      const verified = await verifyFile(installation, report.path, session());
      assertEquals(verified.problems, []);
      assertEquals(verified.lacking.map(({ object }) => object.name), ["x"]);
    });
  });

  Deno.test(`a backup with ${what} comes back into nothing and where it was, and is undone`, async () => {
    await at(database, async (installation) => {
      const { path } = await exportBackup(installation, session());
      for (const args of [["import", path], ["undo"], ["undo"]]) {
        const { code, err } = await runInProcess(installation, args);
        assert([0, 3].includes(code), `${args[0]}: ${code}, ${err}`);
      }
      Deno.removeSync(installation.database);
      const { code, err } = await runInProcess(installation, ["import", path]);
      assertEquals(code, 3, err);
      assert(err.includes('"x"'), err);
    });
  });
}

Deno.test("export() keeps a backup that can't be proved", async () => {
  await atInstallation(base, async (installation) => {
    const report = await exportBackup(installation, session(), {
      verify: () => Promise.reject(new Error("database or disk is full")),
    });
    assertEquals(report.problems, [
      "it could not be verified: the disk is full; make room and try again",
    ]);
    assert(Deno.statSync(report.path).isFile);
    // A full disk says nothing of the backup.
    assertEquals(report.isUnknown, true);
    const [entry] = listBackups(installation.backups).backups;
    assertEquals(readProofs(installation.backups).failureOf(entry!), undefined);
  });
});
