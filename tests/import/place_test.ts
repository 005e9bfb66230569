/**
 * Places of a database that are not just a file or no file.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError, InterruptedError } from "../../lib/errors.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import { sessionOf } from "../../lib/session.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";
import {
  backupText,
  importing,
  object,
  written,
} from "../support/hand_made.ts";

const parts = {
  schema: [object("table", "t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v)")],
  tables: { t: [{ id: 1, v: "backup" }] },
};
const rows = [[1, "backup"]];

/** Makes `data/soy.db` a link to a path that is returned. */
function linked(installation: Installation): string {
  const target = join(installation.root, "elsewhere.db");
  Deno.symlinkSync(target, installation.database);
  return target;
}

Deno.test("import() fills the target of a dangling link, and the link stays", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const target = linked(installation);
    const report = await importing(installation, parts);
    assertEquals(report.createdDatabase, true);
    assert(Deno.lstatSync(installation.database).isSymlink);
    assertEquals(rowsIn(target, "SELECT * FROM t"), rows);
  });
});

Deno.test("import() fills an empty file, through a link or not", async () => {
  for (const link of [true, false]) {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const file = link ? linked(installation) : installation.database;
      Deno.writeFileSync(file, new Uint8Array());
      const inode = Deno.statSync(file).ino;
      const report = await importing(installation, parts);
      assertEquals(report.createdDatabase, true);
      assertEquals(Deno.lstatSync(installation.database).isSymlink, link);
      assertEquals(Deno.statSync(file).ino, inode);
      assertEquals(rowsIn(file, "SELECT * FROM t"), rows);
    });
  }
});

Deno.test("import() writes through a link into the database that is there", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const target = linked(installation);
    withDb(
      target,
      (db) =>
        db.exec(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, v);" +
            "INSERT INTO t VALUES (1, 'here'), (2, 'here')",
        ),
    );
    await importing(installation, parts);
    assert(Deno.lstatSync(installation.database).isSymlink);
    const all = rowsIn(target, "SELECT * FROM t");
    assertEquals(all, [[1, "backup"], [2, "here"]]);
  });
});

Deno.test("import() leaves a dangling link as it is when it fails", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const target = linked(installation);
    const bad = { ...parts, tables: { t: [{ id: "one" }] } };
    await assertRejects(
      () => importing(installation, bad),
      BackupError,
      "row 1",
    );
    assertEquals(Deno.readLinkSync(installation.database), target);
    await assertRejects(() => Deno.stat(target), Deno.errors.NotFound);
  });
});

Deno.test("import() is not misled by the log of a database that is gone", async () => {
  // Who deletes a damaged soy.db easily leaves soy.db-wal behind, which SQLite
  // would play into whatever is called soy.db next.
  const sql = `PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
    CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 'a')`;
  await atInstallation(sql, async (installation) => {
    const { path } = await exportBackup(installation, session());
    const wal = installation.database + "-wal";
    const stale = withDb(installation.database, (db) => {
      db.exec(
        "PRAGMA wal_autocheckpoint = 0; UPDATE t SET v = 'stale';" +
          "CREATE TABLE lost (x)",
      );
      return Deno.readFileSync(wal);
    });
    Deno.removeSync(installation.database);
    Deno.writeFileSync(wal, stale);
    await importBackup(installation, path, {}, session());
    const check = rowsIn(installation.database, "PRAGMA integrity_check");
    assertEquals(check, [["ok"]]);
    assertEquals(rowsIn(installation.database, "SELECT * FROM t"), [[1, "a"]]);
  });
});

Deno.test("import() changes nothing when it is interrupted", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, v);
    INSERT INTO t VALUES (1, 'here')`;
  await atInstallation(sql, async (installation) => {
    const t = Array.from({ length: 5000 }, (_, i) => ({ id: i, v: "x" }));
    const path = written(installation, backupText({ tables: { t } }));
    const before = Deno.readFileSync(installation.database);
    let looks = 0;
    const stopping = {
      ...sessionOf(new AbortController().signal),
      checkpoint: () =>
        ++looks > 4
          ? Promise.reject(new InterruptedError())
          : Promise.resolve(),
    };
    await assertRejects(
      () => importBackup(installation, path, {}, stopping),
      InterruptedError,
    );
    assertEquals(looks, 5);
    assertEquals(Deno.readFileSync(installation.database), before);
  });
});
