/**
 * Snapshots that undo must take, and those that it must not.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { unguarded } from "../../lib/database/engine.ts";
import { BackupError } from "../../lib/errors.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { listSnapshots } from "../../lib/store/snapshots.ts";
import { undo } from "../../lib/undo/undo.ts";
import { atInstallation, rowsIn, session, withDb } from "../support/scratch.ts";

const contacts = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Ada');`;

/** Databases with rows or indexes that SQLite's own check complains about. */
const complaints: Record<string, string> = {
  "a row that breaks a CHECK": `${contacts} CREATE TABLE t (a CHECK (a > 0));
    PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES (-1);`,
  "an out-of-date full-text index": `${contacts}
    CREATE VIRTUAL TABLE f USING fts4 (content="contacts", name);
    INSERT INTO f (docid, name) VALUES (7, 'nobody');`,
  "pages that nothing points to": `${contacts}
    CREATE TABLE x (a); INSERT INTO x VALUES (hex(zeroblob(20000)));
    PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'x';
    PRAGMA writable_schema = RESET;`,
};

for (const [what, sql] of Object.entries(complaints)) {
  Deno.test(`undo() restores a snapshot with ${what}`, async () => {
    await atInstallation("", async (installation) => {
      withDb(
        installation.database,
        (db) => unguarded(db, () => db.exec(sql)),
      );
      const { path } = await exportBackup(installation, session());
      withDb(installation.database, (db) => {
        db.exec("INSERT INTO contacts VALUES (2, 'Bob')");
      });
      const options = { exact: true, only: ["contacts"] };
      await importBackup(installation, path, options, session());
      const names = "SELECT name FROM contacts ORDER BY id";
      assertEquals(rowsIn(installation.database, names), [["Ada"]]);
      await undo(installation, session());
      assertEquals(rowsIn(installation.database, names), [["Ada"], ["Bob"]]);
    });
  });
}

Deno.test("undo() restores a snapshot though the pages have another size now, in WAL mode", async () => {
  await atInstallation(contacts, async (installation) => {
    const { path } = await exportBackup(installation, session());
    withDb(installation.database, (db) => {
      db.exec("INSERT INTO contacts VALUES (2, 'Bob')");
    });
    await importBackup(installation, path, { exact: true }, session());
    withDb(installation.database, (db) => {
      db.exec("PRAGMA page_size = 8192; VACUUM; PRAGMA journal_mode = WAL");
    });
    await undo(installation, session());
    const { database } = installation;
    assertEquals(rowsIn(database, "SELECT count(*) FROM contacts"), [[2]]);
    assertEquals(rowsIn(database, "PRAGMA page_size"), [[4096]]);
    assertEquals(rowsIn(database, "PRAGMA journal_mode"), [["wal"]]);
  });
});

/** Says that a free page more is there than there are. */
function miscountFree(path: string): void {
  const content = Deno.readFileSync(path);
  content[39]! += 1;
  Deno.writeFileSync(path, content);
}

const withFree = `${contacts} CREATE TABLE x (a);
  INSERT INTO x VALUES (hex(zeroblob(20000))); DROP TABLE x`;

async function importAnew(installation: Installation): Promise<void> {
  const { path } = await exportBackup(installation, session());
  withDb(installation.database, (db) => {
    db.exec("INSERT INTO contacts VALUES (2, 'Bob')");
  });
  await importBackup(installation, path, { exact: true }, session());
}

Deno.test("undo() restores a snapshot that is damaged as its database was", async () => {
  await atInstallation(withFree, async (installation) => {
    miscountFree(installation.database);
    await importAnew(installation);
    await undo(installation, session());
    const names = "SELECT name FROM contacts ORDER BY id";
    assertEquals(rowsIn(installation.database, names), [["Ada"], ["Bob"]]);
  });
});

Deno.test("undo() refuses a snapshot that is damaged as its database was not, and never tells to remove it", async () => {
  await atInstallation(withFree, async (installation) => {
    await importAnew(installation);
    const [snapshot] = listSnapshots(installation.snapshots);
    miscountFree(snapshot!.path);
    const { message } = await assertRejects(
      () => undo(installation, session()),
      BackupError,
      "is damaged (",
    );
    // Before 3.53 SQLite called it the main freelist.
    assert(/is damaged \((Main f|F)reelist/.test(message), message);
    assert(!/remove|delete|move it/.test(message), message);
  });
});
