/**
 * Undo where something is wrong: refused with the database as it was, or done.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import { undo } from "../../lib/undo/undo.ts";
import { inside } from "../support/installation.ts";
import { RunningTool } from "../support/running.ts";
import { dumpAll } from "../support/dump.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
  session,
} from "../support/scratch.ts";
import { at, atPair, filesOf, outputs } from "../support/pair.ts";

const theirs = "CREATE TABLE t (id INTEGER PRIMARY KEY, name); " +
  "INSERT INTO t VALUES (1, 'one')";
const ours = `CREATE TABLE t (id INTEGER PRIMARY KEY, name);
  INSERT INTO t VALUES (1, 'uno'), (2, hex(zeroblob(20000)))`;

Deno.test("undo() says so where there is no snapshot", async () => {
  await atInstallation(ours, async (installation) => {
    const before = filesOf(installation);
    const words = "there is no snapshot; import makes one each time";
    await assertRejects(
      () => undo(installation, session()),
      BackupError,
      words,
    );
    assertEquals(filesOf(installation), before);
  });
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "empty");
    await assertRejects(
      () => undo(installation, session()),
      BackupError,
      "no snapshot",
    );
    assertEquals(filesOf(installation), {});
  });
});

type Damage = (path: string) => void;

const damages: Record<string, Damage> = {
  "is no database": (path) => Deno.writeTextFileSync(path, "no database"),
  "is cut short": (path) => Deno.truncateSync(path, 8192),
  "is empty": (path) => Deno.truncateSync(path, 0),
  "has zeros in it": (path) => {
    const bytes = Deno.readFileSync(path);
    bytes.fill(0, 4096, 8192);
    Deno.writeFileSync(path, bytes);
  },
  "has no readable beginning": (path) => {
    const bytes = Deno.readFileSync(path);
    bytes.fill(0xff, 100, 200);
    Deno.writeFileSync(path, bytes);
  },
};

for (const [what, damage] of Object.entries(damages)) {
  Deno.test(`undo() refuses a snapshot that ${what}`, async () => {
    await atPair(theirs, ours, async (here, path) => {
      const { snapshot } = await importBackup(here, path, {}, at(1));
      damage(join(here.backups, snapshot!));
      const before = filesOf(here);
      await assertRejects(() => undo(here, at(2)), BackupError, "Cannot undo");
      assertEquals(filesOf(here), before);
    });
  });
}

for (const left of ["", "-wal", "-shm", "-journal"]) {
  const beside = left ? `, though its ${left} is left` : "";
  Deno.test(`undo() brings a lost database back${beside}`, async () => {
    await atPair(theirs, ours, async (here, path) => {
      const before = dumpAll(here.database);
      await importBackup(here, path, { exact: true }, at(1));
      Deno.removeSync(here.database);
      if (left) {
        Deno.writeFileSync(here.database + left, new Uint8Array(4096).fill(7));
      }
      const { kept, tables } = await undo(here, at(2));
      assertEquals(kept, undefined);
      assertEquals(tables, [{ name: "t", before: undefined, after: 2 }]);
      assertEquals(dumpAll(here.database), before);
    });
  });
}

Deno.test("undo() lets nobody but the owner read a database that it brings back", async () => {
  if (Deno.build.os === "windows") return;
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    Deno.removeSync(here.database);
    await undo(here, at(2));
    assertEquals(Deno.statSync(here.database).mode! & 0o777, 0o600);
  });
});

// As a process, since a wait that never ends must not hold up the other tests.
Deno.test("undo waits for a lock, tells so, and completes when it is gone", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const before = dumpAll(here.database);
    await importBackup(here, path, {}, at(1));
    const other = new Database(here.database);
    try {
      other.exec("BEGIN; SELECT * FROM t");
      const running = new RunningTool(["undo"], inside(here));
      const waited = await running.says("Waiting");
      other.exec("ROLLBACK");
      const { code, err } = await running.end();
      assert(waited, `it did not wait: ${err}`);
      assertEquals(code, 0);
      assertMatch(err, /^Waiting for another program [^\n]+\n$/);
    } finally {
      other.close();
    }
    assertEquals(dumpAll(here.database), before);
    assertEquals(outputs(here).length, 1);
  });
});

Deno.test("undo() that cannot keep the present state changes nothing", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    const name = "before-undo-2026-02-19-120002-of-2026-02-19-120001.db";
    Deno.mkdirSync(join(here.backups, name, "in the way"), { recursive: true });
    const before = filesOf(here);
    await assertRejects(() => undo(here, at(2)), BackupError, "Cannot undo");
    assertEquals(filesOf(here), before);
  });
});

Deno.test("undo() keeps the state that it has replaced though the last step fails", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    const imported = dumpAll(here.database);
    const { backup } = Database.prototype;
    let other: Database | undefined;
    // Another program takes the lock in the moment after the copy.
    Database.prototype.backup = async function (target) {
      await backup.call(this, target);
      if (target.path !== here.database) return;
      other = new Database(here.database);
      other.exec("BEGIN IMMEDIATE");
    };
    try {
      const hasty = { ...at(2), lockTimeout: 300 };
      await assertRejects(() => undo(here, hasty), BackupError, "locked");
    } finally {
      Database.prototype.backup = backup;
      other?.close();
    }
    const { kept } = await undo(here, at(3));
    assertEquals(rowsIn(here.database, "SELECT id FROM t"), [[1], [2]]);
    assertEquals(dumpAll(join(here.backups, kept!)), imported);
  });
});
