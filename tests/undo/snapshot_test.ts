/**
 * The snapshot before an import: taken, kept, and never missing.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import { undo } from "../../lib/undo/undo.ts";
import { dumpAll } from "../support/dump.ts";
import { rowsIn, session, withDb } from "../support/scratch.ts";
import { at, atPair, filesOf, imports, outputs } from "../support/pair.ts";

const theirs = "CREATE TABLE t (id INTEGER PRIMARY KEY, name); " +
  "INSERT INTO t VALUES (1, 'one')";
const ours = "CREATE TABLE t (id INTEGER PRIMARY KEY, name); " +
  "INSERT INTO t VALUES (1, 'uno'), (2, 'due')";

for (const mode of ["delete", "wal"]) {
  Deno.test(`import() takes a snapshot of the state before, in ${mode} mode`, async () => {
    await atPair(
      theirs,
      `PRAGMA journal_mode = ${mode}; ${ours}`,
      async (here, path) => {
        const before = dumpAll(here.database);
        const { snapshot } = await importBackup(here, path, {}, at(7));
        assertEquals(snapshot, "before-import-2026-02-19-120007.db");
        assertEquals(outputs(here), [snapshot!]);
        const taken = join(here.backups, snapshot!);
        assertEquals(dumpAll(taken), before);
        assertEquals(outputs(here), [snapshot!]);
        if (Deno.build.os === "windows") return;
        assertEquals(Deno.statSync(taken).mode! & 0o777, 0o600);
      },
    );
  });
}

Deno.test("import() keeps the last five snapshots and no other file goes", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const others = ["before-import-mine.db", "before-import-2020.db.txt"];
    for (const name of others) {
      Deno.createSync(join(here.backups, name)).close();
    }
    for (let n = 1; n <= 8; n++) await importBackup(here, path, {}, at(n));
    const kept = [4, 5, 6, 7, 8]
      .map((n) => `before-import-2026-02-19-12000${n}.db`);
    assertEquals(outputs(here), [...kept, ...others].sort());
  });
});

Deno.test("import() is done though an old snapshot can't be removed, and the next one tries again", async () => {
  await atPair(theirs, ours, async (here, path) => {
    for (let minute = 0; minute < 5; minute++) {
      await importBackup(here, path, {}, at(minute));
    }
    const { removeSync } = Deno;
    Deno.removeSync = (path, options) => {
      if (/before-import-.*\.db$/.test(String(path))) {
        throw new Deno.errors.PermissionDenied();
      }
      removeSync(path, options);
    };
    try {
      await importBackup(here, path, {}, at(5));
    } finally {
      Deno.removeSync = removeSync;
    }
    assertEquals(outputs(here).length, 6);
    await importBackup(here, path, {}, at(6));
    assertEquals(outputs(here).length, 5);
  });
});

Deno.test("a snapshot of a clock set back is still the newest", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, {}, at(30));
    withDb(here.database, (db) => db.exec("INSERT INTO t VALUES (9, 'new')"));
    const before = dumpAll(here.database);
    const { snapshot } = await importBackup(
      here,
      path,
      { exact: true },
      at(10),
    );
    assertEquals(snapshot, "before-import-2026-02-19-120031.db");
    const { restored, kept } = await undo(here, at(5));
    assertEquals(restored, snapshot);
    assertEquals(kept, "before-undo-2026-02-19-120032-of-2026-02-19-120031.db");
    assertEquals(dumpAll(here.database), before);
  });
});

Deno.test("import() without a snapshot takes none", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const report = await imports(here, path, { snapshot: false });
    assertEquals(report.snapshot, undefined);
    assertEquals(outputs(here), []);
    const rows = rowsIn(here.database, "SELECT name FROM t ORDER BY id");
    assertEquals(rows, [["one"], ["due"]]);
  });
});

Deno.test("import() into no database takes no snapshot", async () => {
  await atPair(theirs, "", async (here, path) => {
    assertEquals((await imports(here, path)).snapshot, undefined);
    assertEquals(outputs(here), []);
  });
});

Deno.test("import() refuses where a folder has the snapshot's name", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const name = "before-import-2026-02-19-120007.db";
    Deno.mkdirSync(join(here.backups, name, "in the way"), { recursive: true });
    const before = filesOf(here);
    const run = () => importBackup(here, path, {}, at(7));
    await assertRejects(run, BackupError, "--no-snapshot");
    assertEquals(filesOf(here), before);
    assertEquals(outputs(here), [name]);
  });
});

Deno.test("import() refuses where a file is in the place of the output folder", async () => {
  await atPair(theirs, ours, async (here, path) => {
    Deno.removeSync(here.backups);
    Deno.writeTextFileSync(here.backups, "in the way");
    const before = Deno.readFileSync(here.database);
    const run = () => importBackup(here, path, {}, session());
    await assertRejects(run, BackupError, "--no-snapshot");
    assertEquals(Deno.readFileSync(here.database), before);
    await imports(here, path, { snapshot: false });
    const rows = rowsIn(here.database, "SELECT name FROM t WHERE id = 1");
    assertEquals(rows, [["one"]]);
  });
});

Deno.test("import() refuses where the disk has no room for the snapshot", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const before = filesOf(here);
    const sync = Deno.FsFile.prototype.syncSync;
    Deno.FsFile.prototype.syncSync = () => {
      throw new Error("No space left on device (os error 28)");
    };
    try {
      const run = () => importBackup(here, path, {}, session());
      await assertRejects(run, BackupError, `${here.backups}" is full`);
    } finally {
      Deno.FsFile.prototype.syncSync = sync;
    }
    assertEquals(filesOf(here), before);
  });
});
