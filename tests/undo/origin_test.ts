/**
 * Snapshots that belong to no import of this database: undo goes back to one only if it
 * is named.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { previewUndo } from "../../lib/undo/preview.ts";
import { undo } from "../../lib/undo/undo.ts";
import { dumpAll } from "../support/dump.ts";
import { at, atPair, filesOf, outputs } from "../support/pair.ts";
import { rowsIn, withDb } from "../support/scratch.ts";

const bare = "CREATE TABLE t (id INTEGER PRIMARY KEY, name);";
const logged = `${bare} CREATE TABLE activity_log (id INTEGER PRIMARY KEY,
  entity_type, entity_id, action, details);`;
const one = "INSERT INTO t VALUES (1, 'one')";
const uno = "INSERT INTO t VALUES (1, 'uno')";

const first = "before-import-2026-02-19-120001.db";

function plant({ snapshots }: Installation, name: string, sql = bare): void {
  const path = join(snapshots, name);
  withDb(path, (db) => db.exec(sql));
  const date = new Date(2026, 1, 19);
  Deno.utimeSync(path, date, date);
}

function names({ database }: Installation): unknown[] {
  return rowsIn(database, "SELECT name FROM t ORDER BY id").flat();
}

/** Whether undo without a name refuses, with these words, and changes nothing. */
async function refuses(here: Installation, words: string): Promise<void> {
  const before = filesOf(here);
  for (const step of [undo, previewUndo]) {
    await assertRejects(() => step(here, at(90)), BackupError, words);
  }
  assertEquals(filesOf(here), before);
}

for (
  const planted of [
    "before-import-9999-12-31-235959.db",
    "before-import-2026-02-19-120059.db",
    "before-undo-2026-02-19-120059-of-2026-02-19-120030.db",
    "before-undo-2026-02-19-120059.db",
  ]
) {
  Deno.test(`undo() refuses ${planted}, which no import has made`, async () => {
    await atPair(logged + one, logged + uno, async (here, path) => {
      await importBackup(here, path, {}, at(1));
      plant(here, planted);
      await refuses(
        here,
        `the newest snapshot, "${planted}", belongs to no import that this ` +
          `database knows of; the newest that does is "${first}": undo ${first}`,
      );
      await undo(here, at(91), first);
      assertEquals(names(here), ["uno"]);
      await undo(here, at(92), planted);
      assertEquals(names(here), []);
    });
  });
}

Deno.test("undo() takes back an import that was made beside a snapshot of the year 9999", async () => {
  await atPair(logged + one, logged + uno, async (here, path) => {
    plant(here, "before-import-9998-12-31-235959.db");
    const { snapshot } = await importBackup(here, path, {}, at(1));
    assertEquals(snapshot, "before-import-9999-01-01-000000.db");
    await undo(here, at(2));
    assertEquals(names(here), ["uno"]);
  });
});

Deno.test("import() and undo() keep their own snapshots beside five that are dated later", async () => {
  await atPair(logged + one, logged + uno, async (here, path) => {
    const planted = [5, 6, 7, 8, 9]
      .map((n) => `before-import-9999-12-31-23595${n}.db`);
    for (const name of planted) plant(here, name);
    const { snapshot } = await importBackup(here, path, {}, at(1));
    const { kept } = await undo(here, at(1), snapshot);
    assertEquals(outputs(here).filter((name) => !planted.includes(name)), [
      kept!,
    ]);
    assertEquals(kept, "before-undo-2026-02-19-120002-of-2026-02-19-120001.db");
    await undo(here, at(1), kept);
    assertEquals(names(here), ["one"]);
  });
});

Deno.test("undo() goes back and forth where the log names imports", async () => {
  await atPair(logged + one, logged + uno, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    withDb(here.database, (db) => db.exec("DELETE FROM t"));
    await importBackup(here, path, {}, at(2));
    const after = dumpAll(here.database);
    for (let n = 3; n < 9; n++) {
      const { kept } = await undo(here, at(n));
      assertEquals(names(here), n % 2 === 1 ? [] : ["one"]);
      if (n % 2 === 0) assertEquals(dumpAll(here.database), after);
      assertEquals(outputs(here), [first, kept!]);
    }
  });
});

const DATES: [string, boolean][] = [
  ["before-import-2026-02-18-120000.db", true],
  ["before-import-2026-02-20-110000.db", true],
  ["before-import-2026-02-21-120000.db", false],
  ["before-undo-9999-12-31-235959-of-2026-02-19-120000.db", false],
];
for (const [planted, isTaken] of DATES) {
  const does = isTaken ? "takes" : "refuses";
  Deno.test(`undo() ${does} ${planted} on 19 February where no log names snapshots`, async () => {
    for (const sql of [bare, logged]) {
      await atPair(logged + one, sql + uno, async (here) => {
        plant(here, planted);
        if (!isTaken) return await refuses(here, "undo --list shows all");
        await undo(here, at(2));
        assertEquals(names(here), []);
      });
    }
  });
}

Deno.test("undo() restores the newest snapshot where the database is gone", async () => {
  await atPair(logged + one, logged + uno, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    Deno.removeSync(here.database);
    await undo(here, at(2));
    assertEquals(names(here), ["uno"]);
  });
});

Deno.test("undo() goes back where the clock was years ahead at the import", async () => {
  await atPair(logged + one, logged + uno, async (here, path) => {
    const ahead = { ...at(0), now: () => new Date(2031, 0, 1) };
    await importBackup(here, path, {}, ahead);
    await undo(here, at(2));
    assertEquals(names(here), ["uno"]);
    await undo(here, at(3));
    assertEquals(names(here), ["one"]);
  });
});
