/**
 * How the hook looks at a database that others use: what it reads, and what it leaves.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { countRows } from "../../lib/database/connection.ts";
import { glanceAt } from "../../lib/hook/glance.ts";
import { lookAfter } from "../../lib/hook/hook.ts";
import { openCopy } from "../../lib/hook/still.ts";
import { installationAt } from "../../lib/store/installation.ts";
import { readStatus } from "../../lib/store/status.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { putSample } from "../support/sample.ts";
import {
  atInstallation,
  inScratch,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";

const people = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cy');`;

/** Puts a database as a program leaves it that is killed while it writes. */
function putCrashed(folder: string, path: string): void {
  const whole = join(folder, "whole.db");
  putSample(whole, { scale: 0.1 });
  withDb(whole, (db) => {
    // What doesn't fit into its memory goes into the file before the commit.
    db.exec("PRAGMA journal_mode = delete; PRAGMA cache_size = 5; BEGIN");
    db.exec("UPDATE contacts SET name = 'half'; UPDATE emails SET subject = 1");
    for (const ending of ["", "-journal"]) {
      Deno.copyFileSync(whole + ending, path + ending);
    }
    db.exec("ROLLBACK");
  });
}

Deno.test("the hook backs up nothing half-written that a crash left behind a link", async () => {
  await inScratch(async (folder) => {
    const installation = installationAt(join(folder, "here"));
    Deno.mkdirSync(installation.data, { recursive: true });
    Deno.mkdirSync(installation.backups);
    const path = join(folder, "soy.db");
    putCrashed(folder, path);
    Deno.symlinkSync(path, installation.database);
    const before = Deno.readFileSync(path);
    using copy = await openCopy(installation, session());
    // Without that, the test would show nothing.
    const [half] = copy.db.prepare(
      "SELECT count(*) FROM contacts WHERE name = 'half'",
    ).value<[number]>()!;
    assertEquals(half > 0, true);
    assertEquals(Deno.readFileSync(path), before);
    const { failure } = await lookAfter(installation, session());
    assertEquals(failure, undefined);
    const [name] = namesIn(installation.backups)
      .filter((name) => name.endsWith(".json") && !name.startsWith("."));
    const text = Deno.readTextFileSync(join(installation.backups, name!));
    const { tables } = JSON.parse(text);
    const names = rowsIn(
      join(folder, "whole.db"),
      "SELECT name FROM contacts ORDER BY id",
    );
    assertEquals(
      tables.contacts.map(({ name }: { name: string }) => [name]),
      names,
    );
  });
});

Deno.test("the hook leaves the database and what is beside it as they are", async () => {
  for (const mode of ["delete", "wal"]) {
    await atInstallation(people, async (installation) => {
      const { database, data, backups } = installation;
      withDb(database, (db) => db.exec(`PRAGMA journal_mode = ${mode}`));
      const before = Deno.readFileSync(database);
      const { failure } = await lookAfter(installation, session());
      assertEquals(failure, undefined);
      assertEquals(Deno.readFileSync(database), before);
      assertEquals(Deno.statSync(database).size, before.length);
      const written = namesIn(data).filter((name) =>
        Deno.statSync(join(data, name)).size > 0 && !name.endsWith("-shm")
      );
      assertEquals(written, ["soy.db"]);
      const temporary = namesIn(backups).filter((name) => /tmp/.test(name));
      assertEquals(temporary, []);
    });
  }
});

Deno.test("what is in the log only is in the hook's backup", async () => {
  await atInstallation(people, async (installation) => {
    const db = new Database(installation.database);
    try {
      db.exec("PRAGMA journal_mode = wal");
      db.exec("INSERT INTO contacts VALUES (4, 'Dee')");
      await lookAfter(installation, session());
    } finally {
      db.close();
    }
    const { catalog } = await readStatus(installation, session());
    assertEquals(catalog.backups[0]?.counts()?.get("contacts"), 4n);
  });
});

Deno.test("rows in the log are no loss to the hook, and a loss there is one", async () => {
  await atInstallation(people, async (installation) => {
    await lookAfter(installation, session());
    const db = new Database(installation.database);
    try {
      db.exec("DELETE FROM contacts; PRAGMA journal_mode = wal");
      db.exec("INSERT INTO contacts VALUES (1, 'Ada'), (2, 'B'), (3, 'C')");
      using copy = await openCopy(installation, session());
      assertEquals(countRows(copy.db, "contacts"), 0);
      const { status } = await lookAfter(installation, session());
      assertEquals(status.losses, []);
    } finally {
      db.close();
    }
    withDb(installation.database, (db) => db.exec("DELETE FROM contacts"));
    const { status } = await lookAfter(installation, session());
    assertEquals(status.losses.map(({ name }) => name), ["contacts"]);
  });
});

Deno.test("with nothing to do the hook touches nothing, whoever has the database locked", async () => {
  for (const mode of ["delete", "wal"]) {
    await atInstallation(people, async (installation) => {
      await lookAfter(installation, session());
      const { database, data, backups } = installation;
      const db = new Database(database);
      try {
        db.exec(`PRAGMA journal_mode = ${mode}; BEGIN EXCLUSIVE`);
        db.exec("INSERT INTO contacts VALUES (4, 'Dee')");
        const before = traces(data, backups);
        const run = await runInProcess(installation, ["hook"]);
        assertEquals([run.code, run.out, run.err], [0, "", ""]);
        assertEquals(traces(data, backups), before);
        db.exec("COMMIT");
      } finally {
        db.close();
      }
    });
  }
});

/** What is in the folders, and when it was written. */
function traces(...folders: string[]): unknown[] {
  return folders.flatMap((folder) =>
    namesIn(folder).map((name) => {
      const { size, mtime, ino } = Deno.statSync(join(folder, name));
      return { name, size, mtime, ino };
    })
  );
}

Deno.test("what can't be counted in place the hook counts in a copy", async () => {
  const utf16 = `PRAGMA encoding = 'UTF-16'; ${people}`;
  const virtual = `CREATE VIRTUAL TABLE pages USING fts5 (t); ${people}
    INSERT INTO pages VALUES ('a'), ('b'), ('c')`;
  for (const [sql, table] of [[utf16, "contacts"], [virtual, "pages"]]) {
    await atInstallation(sql!, async (installation) => {
      await lookAfter(installation, session());
      const calm = await glanceAt(installation, session());
      assertEquals([calm.losses, calm.faults], [[], []]);
      withDb(installation.database, (db) => db.exec(`DELETE FROM ${table}`));
      const { losses } = await glanceAt(installation, session());
      assertEquals(losses, [{ name: table, before: 3, now: 0 }]);
      const temporary = namesIn(installation.backups)
        .filter((name) => /tmp/.test(name));
      assertEquals(temporary, []);
    });
  }
});

Deno.test("status knows a backup of the hook by its own moment", async () => {
  await atInstallation(people, async (installation) => {
    const now = () => new Date(Date.UTC(2026, 1, 19, 9, 30));
    await lookAfter(installation, { ...session(), now });
    const { last } = await readStatus(installation, session());
    assertEquals(last, now());
    assertEquals(rowsIn(installation.database, "SELECT * FROM soy_meta"), []);
  });
});

Deno.test("the hook says in one line that the database is none, or damaged", async () => {
  await atInstallation(people, async (installation) => {
    const { database } = installation;
    const bytes = Deno.readFileSync(database);
    for (const from of [0, 100]) {
      Deno.writeFileSync(database, bytes.slice().fill(120, from));
      const run = await runInProcess(installation, ["hook"]);
      assertEquals([run.code, run.err, run.out.split("\n").length], [0, "", 1]);
      const { systemMessage } = JSON.parse(run.out);
      assertStringIncludes(systemMessage, "import --replace-damaged");
      assertEquals(systemMessage.includes(".tmp"), false);
    }
  });
});
