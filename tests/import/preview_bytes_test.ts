/**
 * A preview writes nothing: every file is the same to the byte afterwards.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Database } from "@db/sqlite";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import { rowsIn, session, withDb } from "../support/scratch.ts";
import { atPair, filesOf, preview, reportOf } from "../support/pair.ts";

const theirs = `CREATE TABLE t (id INTEGER PRIMARY KEY, name);
  INSERT INTO t VALUES (1, 'one'), (2, 'two');
  CREATE TABLE new (x); INSERT INTO new VALUES (1)`;
const ours = `CREATE TABLE t (id INTEGER PRIMARY KEY, name);
  INSERT INTO t VALUES (1, 'uno'), (3, 'tre')`;

/** Makes sure that a preview counts right and that no file changes. */
async function changesNothing(here: Installation, path: string): Promise<void> {
  const before = filesOf(here);
  const said = await preview(here, path, { exact: true });
  const { added, changed, removed } = reportOf(said, "t");
  assertEquals([added, changed, removed], [1, 1, 1]);
  assertEquals(said.createdTables, ["new"]);
  assertEquals(filesOf(here), before);
}

for (const mode of ["delete", "wal"]) {
  Deno.test(`a preview writes nothing in ${mode} mode`, async () => {
    await atPair(
      theirs,
      `PRAGMA journal_mode = ${mode}; ${ours}`,
      changesNothing,
    );
  });
}

/** Leaves a log of writes that are not in the file, as a crash does. */
function crash({ database }: Installation): void {
  const files = [database, `${database}-wal`];
  const db = new Database(database);
  db.exec("UPDATE t SET name = 'dopo' WHERE id = 1");
  const kept = files.map((path) => Deno.readFileSync(path));
  db.close();
  files.forEach((path, i) => Deno.writeFileSync(path, kept[i]!));
}

Deno.test("a preview sees a log left over, and no row changes by it", async () => {
  await atPair(
    theirs,
    `PRAGMA journal_mode = wal; ${ours}`,
    async (here, path) => {
      crash(here);
      const before = Object.keys(filesOf(here));
      assert(before.includes(`${here.database}-wal`));
      await importBackup(here, path, { dryRun: true }, session());
      // Whoever reads the database first works a crashed program's log in, as
      // SQLite has it; no file is added, and the rows are those of the log.
      const after = Object.keys(filesOf(here));
      assertEquals(after.filter((name) => !before.includes(name)), []);
      const rows = rowsIn(here.database, "SELECT name FROM t WHERE id = 1");
      assertEquals(rows, [["dopo"]]);
    },
  );
});

Deno.test("a preview writes nothing beside a program that has the database open", async () => {
  await atPair(
    theirs,
    `PRAGMA journal_mode = wal; ${ours}`,
    async (here, path) => {
      const other = new Database(here.database);
      try {
        other.exec("UPDATE t SET name = 'dopo' WHERE id = 1");
        // The shared memory beside a log says who reads; it holds no data.
        const lasting = () => ({
          ...filesOf(here),
          [`${here.database}-shm`]: "",
        });
        const before = lasting();
        await preview(here, path);
        assertEquals(lasting(), before);
        other.exec("DELETE FROM t");
      } finally {
        other.close();
      }
    },
  );
});

Deno.test("a preview into no database leaves none", async () => {
  await atPair(theirs, "", async (here, path) => {
    const said = await preview(here, path);
    assertEquals([said.createdDatabase, reportOf(said, "t").added], [true, 2]);
    assertEquals(filesOf(here), {});
  });
});

Deno.test("a preview into an empty file leaves it empty", async () => {
  await atPair(theirs, "", async (here, path) => {
    Deno.createSync(here.database).close();
    const before = filesOf(here);
    assertEquals(reportOf(await preview(here, path), "t").added, 2);
    assertEquals(filesOf(here), before);
  });
});

Deno.test("a preview removes what a killed one has left behind", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const before = filesOf(here);
    for (const suffix of ["", "-journal"]) {
      const name = `.backup-0123abcd.tmp${suffix}`;
      Deno.writeTextFileSync(join(here.backups, name), "half");
    }
    await preview(here, path);
    assertEquals(filesOf(here), before);
  });
});

Deno.test("a preview that fails leaves nothing behind", async () => {
  const strict =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, name CHECK (id < 2)); " +
    "INSERT INTO t VALUES (1, 'uno')";
  await atPair(theirs, strict, async (here, path) => {
    const before = filesOf(here);
    await assertRejects(() => preview(here, path), BackupError, "row 2");
    assertEquals(filesOf(here), before);
    withDb(here.database, (db) => db.exec("BEGIN IMMEDIATE; ROLLBACK"));
  });
});
