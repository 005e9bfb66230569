/**
 * Undo: back to the state before an import, and forth again.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals } from "@std/assert";
import { importBackup } from "../../lib/import/import.ts";
import { undo } from "../../lib/undo/undo.ts";
import { dumpAll } from "../support/dump.ts";
import { rowsIn } from "../support/scratch.ts";
import { at, atPair, imports, outputs } from "../support/pair.ts";

const theirs = `CREATE TABLE t (id INTEGER PRIMARY KEY, name);
  INSERT INTO t VALUES (1, 'one');
  CREATE TABLE made (id INTEGER PRIMARY KEY AUTOINCREMENT, x);
  CREATE INDEX by_x ON made (x); INSERT INTO made (x) VALUES (1), (2)`;
const ours = `CREATE TABLE t (id INTEGER PRIMARY KEY, name);
  INSERT INTO t VALUES (1, 'uno'), (2, 'due');
  CREATE TABLE apart (x); INSERT INTO apart VALUES (x'00')`;
const schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";

for (const mode of ["delete", "wal"]) {
  const start = `PRAGMA journal_mode = ${mode}; ${ours}`;

  Deno.test(`undo() puts rows and schema back beside an open connection, in ${mode} mode`, async () => {
    await atPair(theirs, start, async (here, path) => {
      const [before, objects] = [
        dumpAll(here.database),
        rowsIn(here.database, schema),
      ];
      const other = new Database(here.database);
      try {
        const names = () =>
          other.prepare("SELECT name FROM t ORDER BY id").values();
        assertEquals(names(), [["uno"], ["due"]]);
        await importBackup(here, path, { exact: true }, at(1));
        assertEquals(names(), [["one"]]);
        await undo(here, at(2));
        assertEquals(names(), [["uno"], ["due"]]);
        assertEquals(other.prepare("PRAGMA journal_mode").value(), [mode]);
        other.exec("INSERT INTO t VALUES (3, 'tre')");
        assertEquals(names(), [["uno"], ["due"], ["tre"]]);
        other.exec("DELETE FROM t WHERE id = 3");
      } finally {
        other.close();
      }
      assertEquals(dumpAll(here.database), before);
      assertEquals(rowsIn(here.database, schema), objects);
      assertEquals(rowsIn(here.database, "PRAGMA integrity_check"), [["ok"]]);
    });
  });

  Deno.test(`undo() after undo goes forth and back again, in ${mode} mode`, async () => {
    await atPair(theirs, start, async (here, path) => {
      const before = dumpAll(here.database);
      await importBackup(here, path, { exact: true }, at(1));
      const after = dumpAll(here.database);
      for (let n = 1; n <= 6; n++) {
        const { kept } = await undo(here, at(1 + n));
        assertEquals(dumpAll(here.database), n % 2 === 1 ? before : after);
        assertEquals(outputs(here), [kept!]);
      }
    });
  });
}

Deno.test("undo() tells what it changes, and nothing else", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const { snapshot } = await importBackup(here, path, { exact: true }, at(1));
    const { tables, ...report } = await undo(here, at(2));
    assertEquals(report, {
      restored: snapshot!,
      stamp: "2026-02-19-120001",
      kept: "before-undo-2026-02-19-120002-of-2026-02-19-120001.db",
    });
    assertEquals(tables, [
      { name: "t", before: 1, after: 2 },
      { name: "made", before: 2, after: undefined },
    ]);
    const forth = await undo(here, at(3));
    assertEquals(forth.restored, report.kept);
    assertEquals(forth.tables, [
      { name: "t", before: 2, after: 1 },
      { name: "made", before: undefined, after: 2 },
    ]);
  });
});

Deno.test("undo() tells of a table with other values in as many rows", async () => {
  const one =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 3)";
  const two = one.replace(", 3)", ", 3.0)");
  await atPair(one, two, async (here, path) => {
    await imports(here, path);
    const { tables } = await undo(here, at(2));
    assertEquals(tables, [{ name: "t", before: 1, after: 1 }]);
    const query = "SELECT typeof(v) FROM t";
    assertEquals(rowsIn(here.database, query), [["real"]]);
  });
});

Deno.test("undo() of an import that changed nothing says so and changes nothing", async () => {
  await atPair(ours, ours, async (here, path) => {
    const before = dumpAll(here.database);
    await imports(here, path);
    assertEquals((await undo(here, at(2))).tables, []);
    assertEquals(dumpAll(here.database), before);
  });
});

Deno.test("undo() goes back one import, and keeps snapshots of those before", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, { only: ["t"] }, at(1));
    const between = dumpAll(here.database);
    await importBackup(here, path, {}, at(2));
    await undo(here, at(3));
    assertEquals(dumpAll(here.database), between);
    assertEquals(outputs(here), [
      "before-import-2026-02-19-120001.db",
      "before-undo-2026-02-19-120003-of-2026-02-19-120002.db",
    ]);
  });
});
