/**
 * Rows that are older than a rule of their own table.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { unguarded } from "../../lib/database/engine.ts";
import { withoutRules } from "../../lib/database/rules.ts";
import { BackupError } from "../../lib/errors.ts";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { undo } from "../../lib/undo/undo.ts";
import { dumpAll } from "../support/dump.ts";
import { edit, tool } from "../support/installation.ts";
import { imports, preview, reportOf } from "../support/pair.ts";
import {
  atInstallation,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";

/** Tables, each with rows and the definition that it got later. */
const tables: Record<string, { made: string; later: string }> = {
  "a CHECK": {
    made: `CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);
      INSERT INTO t VALUES (1, 'x', 1), (2, 'bad', 2), (3, 'z', 3)`,
    later: "CREATE TABLE t (id INTEGER PRIMARY KEY, a CHECK (a <> 'bad'), b)",
  },
  "NOT NULL": {
    made: `CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);
      INSERT INTO t VALUES (1, 'x', 1), (2, NULL, 2), (3, 'z', 3)`,
    later:
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a CONSTRAINT named NOT NULL " +
      "ON CONFLICT REPLACE DEFAULT 'made up', b)",
  },
  "NOT NULL, without a key": {
    made: `CREATE TABLE t (a, b); CREATE INDEX i ON t (a);
      INSERT INTO t VALUES ('x', 1), (NULL, 2), ('z', 3)`,
    later: "CREATE TABLE t (a /* NOT NULL */ NOT NULL, b)",
  },
  "the types of STRICT": {
    made: `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b BLOB);
      INSERT INTO t VALUES (1, 1, '007'), (2, 'two', 2.0), (3, 3, x'00')`,
    later: "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b ANY) STRICT",
  },
  "NOT NULL in a table without rowids": {
    made: `CREATE TABLE t (k TEXT PRIMARY KEY, a INT, b) WITHOUT ROWID;
      INSERT INTO t VALUES ('x', 1, 1), ('y', NULL, 2)`,
    later:
      "CREATE TABLE t (k TEXT PRIMARY KEY, a INT NOT NULL CHECK (a > 0), " +
      "b ANY) STRICT, WITHOUT ROWID",
  },
};

function addRule(installation: Installation, later: string): void {
  withDb(installation.database, (db) =>
    unguarded(db, () => {
      db.exec("PRAGMA writable_schema = ON");
      db.exec("UPDATE sqlite_schema SET sql = ? WHERE name = 't'", later);
      db.exec("PRAGMA writable_schema = RESET");
    }));
}

const checks = "PRAGMA integrity_check";

for (const [rule, { made, later }] of Object.entries(tables)) {
  const at = (test: (here: Installation) => Promise<void>) =>
    atInstallation(made, async (here) => {
      addRule(here, later);
      await test(here);
    });

  Deno.test(`a row that breaks ${rule} comes back into a new database`, async () => {
    await at(async (here) => {
      const { code } = await tool(here, ["export", "--verify"]);
      assertEquals(code, 0);
      const { path } = await exportBackup(here, session());
      const anew = makeInstallation(here.root, "anew");
      const report = await imports(anew, path);
      assertEquals(report.refused, []);
      assertEquals(dumpAll(anew.database), dumpAll(here.database));
      const order = "SELECT * FROM t NOT INDEXED";
      assertEquals(rowsIn(anew.database, order), rowsIn(here.database, order));
      assertEquals(
        rowsIn(anew.database, checks),
        rowsIn(here.database, checks),
      );
      // The rule holds again.
      const wrong = "INSERT INTO t (a, b) VALUES (NULL, NULL), ('bad', 'bad')";
      const sql = "SELECT sql FROM sqlite_schema WHERE name = 't'";
      assertEquals(rowsIn(anew.database, sql), [[later]]);
      if (rule !== "NOT NULL") {
        withDb(anew.database, (db) => {
          let refused = false;
          try {
            db.exec(wrong);
          } catch {
            refused = true;
          }
          assert(refused);
        });
      }
    });
  });

  Deno.test(`a row that breaks ${rule} comes back among others`, async () => {
    await at(async (here) => {
      const { path } = await exportBackup(here, session());
      const before = dumpAll(here.database);
      const again = reportOf(await imports(here, path), "t");
      assertEquals([again.added, again.changed], [0, 0]);
      withDb(here.database, (db) => db.exec("DELETE FROM t WHERE b = 2"));
      const left = dumpAll(here.database);
      const said = reportOf(await preview(here, path), "t");
      const done = reportOf(await imports(here, path), "t");
      assertEquals([said.added, done.added, done.changed], [1, 1, 0]);
      assertEquals(dumpAll(here.database), before);
      await undo(here, session());
      assertEquals(dumpAll(here.database), left);
    });
  });

  Deno.test(`a row of an edited file must not break ${rule}`, async () => {
    await at(async (here) => {
      const { path } = await exportBackup(here, session());
      edit(path, (text) => text.replace('"b":1', '"b":9'));
      withDb(here.database, (db) => db.exec("DELETE FROM t"));
      const run = () => imports(here, path, { force: true });
      await assertRejects(run, BackupError, "row 2");
    });
  });
}

Deno.test("a row that breaks the rule of another database's table is refused", async () => {
  const { made, later } = tables["a CHECK"]!;
  await atInstallation(made, async (here) => {
    const { path } = await exportBackup(here, session());
    const other = makeInstallation(here.root, "other");
    withDb(other.database, (db) => db.exec(later));
    await assertRejects(() => imports(other, path), BackupError, "row 2");
    Deno.copyFileSync(path, join(other.backups, "b.json"));
    const { code } = await tool(other, ["import", "b.json", "--skip-invalid"]);
    assertEquals(code, 3);
  });
});

Deno.test("withoutRules() takes out rules and nothing else", () => {
  const kept = [
    "CREATE TABLE t (a DEFAULT 'not null', \"not\" DEFAULT (1 IS NOT NULL))",
    "CREATE TABLE t (a CHECK (a NOT NULL), any, b ANY) WITHOUT ROWID",
    "CREATE TABLE [NOT NULL] (a AS (b NOT NULL) STORED, b -- NOT NULL\n)",
  ];
  for (const sql of kept) assertEquals(withoutRules(sql).trim(), sql);
  assertEquals(
    withoutRules(
      "CREATE TABLE t (any ANY, b any NOT NULL) STRICT,WITHOUT ROWID",
    ),
    "CREATE TABLE t (any BLOB, b BLOB ) without rowid",
  );
});
