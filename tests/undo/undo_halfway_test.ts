/**
 * An undo that was killed: the next one completes it and loses nothing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import { undo } from "../../lib/undo/undo.ts";
import { dumpAll } from "../support/dump.ts";
import { rowsIn, withDb } from "../support/scratch.ts";
import { at, atPair, outputs } from "../support/pair.ts";

const theirs = "CREATE TABLE t (id INTEGER PRIMARY KEY, name); " +
  "INSERT INTO t VALUES (1, 'one')";
const ours = "CREATE TABLE t (id INTEGER PRIMARY KEY, name); " +
  "INSERT INTO t VALUES (1, 'uno')";
const [first, second] = [
  "before-import-2026-02-19-120001.db",
  "before-undo-2026-02-19-120002-of-2026-02-19-120001.db",
];

/** An import, and an undo killed before or after it put the old state back. */
async function killed(
  installation: Installation,
  path: string,
  after: boolean,
  change = "",
): Promise<void> {
  await importBackup(installation, path, {}, at(1));
  if (change) withDb(installation.database, (db) => db.exec(change));
  const snapshot = join(installation.backups, first);
  const copy = Deno.readFileSync(snapshot);
  if (after) await undo(installation, at(2));
  else {Deno.copyFileSync(
      installation.database,
      join(installation.backups, second),
    );}
  Deno.writeFileSync(snapshot, copy);
}

function names({ database }: Installation): unknown[] {
  return rowsIn(database, "SELECT name FROM t ORDER BY name").flat();
}

for (const after of [false, true]) {
  const when = after ? "after" : "before";

  Deno.test(`undo() completes one killed ${when} its work, and then goes forth`, async () => {
    await atPair(theirs, ours, async (here, path) => {
      await killed(here, path, after);
      assertEquals(outputs(here), [first, second]);
      const { restored, kept } = await undo(here, at(3));
      assertEquals(restored, first);
      assertEquals(names(here), ["uno"]);
      assertEquals(outputs(here), [kept!]);
      await undo(here, at(4));
      assertEquals(names(here), ["one"]);
      await undo(here, at(5));
      assertEquals(names(here), ["uno"]);
    });
  });
}

Deno.test("undo() loses no state where work went on after one killed after its work", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await killed(here, path, true);
    const sql = "INSERT INTO t VALUES (2, 'since')";
    withDb(here.database, (db) => db.exec(sql));
    await undo(here, at(3));
    const states = outputs(here, "before-").map((name) =>
      names({ ...here, database: join(here.backups, name) }).join()
    );
    const has = ["one", "since,uno"].map((state) => states.includes(state));
    assertEquals([names(here), ...has], [["uno"], true, true]);
  });
});

// None of these shows in a table's rows.
const changes = {
  index: [
    "CREATE INDEX by_name ON t (name)",
    "SELECT 1 FROM sqlite_schema WHERE name = 'by_name'",
  ],
  view: [
    "CREATE VIEW by_name AS SELECT 1",
    "SELECT 1 FROM sqlite_schema WHERE name = 'by_name'",
  ],
  version: [
    "PRAGMA user_version = 9",
    "SELECT user_version FROM pragma_user_version WHERE user_version = 9",
  ],
};

for (const [what, [change, query]] of Object.entries(changes)) {
  Deno.test(`undo() completes one killed before its work where only a ${what} differs`, async () => {
    await atPair(ours, ours, async (here, path) => {
      await killed(here, path, false, change);
      await undo(here, at(3));
      assertEquals(rowsIn(here.database, query!), []);
    });
  });
}

Deno.test("undo() completes one killed where the database is gone since", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await killed(here, path, false);
    Deno.removeSync(here.database);
    await undo(here, at(3));
    assertEquals(names(here), ["uno"]);
    await undo(here, at(4));
    assertEquals(names(here), ["one"]);
  });
});

Deno.test("import() after a killed undo is what the next undo takes back", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await killed(here, path, false);
    withDb(here.database, (db) => db.exec("INSERT INTO t VALUES (2, 'new')"));
    const before = dumpAll(here.database);
    await importBackup(here, path, { exact: true }, at(3));
    await undo(here, at(4));
    assertEquals(dumpAll(here.database), before);
  });
});
