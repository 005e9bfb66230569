/**
 * The hook at the start of a session: what it does, and that it is silent otherwise.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { lookClosely } from "../../lib/hook/duty.ts";
import { lookAfter } from "../../lib/hook/hook.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { readProofs } from "../../lib/store/proofs.ts";
import { readStatus } from "../../lib/store/status.ts";
import { listBackups } from "../../lib/store/catalog.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const tables = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE modules (name TEXT PRIMARY KEY, version TEXT);
  CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  INSERT INTO modules VALUES ('crm', '1.0.0');
  INSERT INTO soy_meta VALUES ('schema_version', '1');`;
const people = "INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cy');";

const hour = 3_600_000;
const start = new Date(2026, 1, 19, 9, 0).getTime();

/** A session some hours after the start. */
function later(hours: number) {
  return { ...session(), now: () => new Date(start + hours * hour) };
}

function backupsIn({ backups }: Installation): string[] {
  return namesIn(backups).filter((name) => name.startsWith("backup-")).sort();
}

async function change(installation: Installation, sql: string): Promise<void> {
  await Promise.resolve(
    withDb(installation.database, (db) => db.exec(sql)),
  );
}

Deno.test("the hook makes the first backup, and verifies it", async () => {
  await atInstallation(tables + people, async (installation) => {
    const { concerns, failure } = await lookAfter(installation, later(0));
    assertEquals([concerns, failure], [[], undefined]);
    assertEquals(backupsIn(installation), ["backup-2026-02-19.json"]);
    const [entry] = listBackups(installation.backups).backups;
    assertEquals(
      readProofs(installation.backups).of(entry!),
      new Date(start),
    );
  });
});

Deno.test("the hook makes no second backup within 20 hours", async () => {
  await atInstallation(tables + people, async (installation) => {
    await lookAfter(installation, later(0));
    await change(installation, "INSERT INTO contacts VALUES (4, 'Dee')");
    await lookAfter(installation, later(20));
    assertEquals(backupsIn(installation).length, 1);
    await lookAfter(installation, later(20.1));
    assertEquals(backupsIn(installation).length, 2);
  });
});

Deno.test("the hook makes no backup of what the newest one holds already", async () => {
  await atInstallation(tables + people, async (installation) => {
    await lookAfter(installation, later(0));
    await change(
      installation,
      "INSERT OR REPLACE INTO soy_meta VALUES ('gmail_last_synced', 'now')",
    );
    const { concerns } = await lookAfter(installation, later(24 * 10));
    // It is as good as a new one, so it is not too old either.
    assertEquals([backupsIn(installation).length, concerns], [1, []]);
    await change(installation, "INSERT INTO soy_meta VALUES ('theme', 'dark')");
    await lookAfter(installation, later(24 * 11));
    assertEquals(backupsIn(installation).length, 2);
  });
});

Deno.test("the hook never backs up a database that has just been made", async () => {
  await atInstallation(tables, async (installation) => {
    const report = await lookAfter(installation, later(0));
    assertEquals([backupsIn(installation), report.failure], [[], undefined]);
    const run = await runInProcess(installation, ["hook"]);
    assertEquals([run.code, run.out, run.err], [0, "", ""]);
  });
});

Deno.test("the hook says that a database was emptied, and how to get it back", async () => {
  await atInstallation(tables + people, async (installation) => {
    const now = () => new Date(Date.now() - 48 * hour);
    const { path } = await exportBackup(installation, { ...session(), now });
    await change(installation, "DELETE FROM contacts");
    const run = await runInProcess(installation, ["hook"]);
    assertEquals([run.code, run.err], [0, ""]);
    const { hookSpecificOutput, systemMessage } = JSON.parse(run.out);
    assertEquals(hookSpecificOutput.hookEventName, "SessionStart");
    for (const said of [hookSpecificOutput.additionalContext, systemMessage]) {
      assertStringIncludes(said, "has 3 contacts; the database has none");
      assertStringIncludes(said, path.split("/").at(-1)!);
    }
    assertEquals(run.out.split("\n").length, 1);
    // The emptied database has not taken a place among the backups.
    assertEquals(backupsIn(installation).length, 1);
  });
});

Deno.test("the hook says that the database is gone", async () => {
  await atInstallation(tables + people, async (installation) => {
    await exportBackup(installation, session());
    Deno.removeSync(installation.database);
    const run = await runInProcess(installation, ["hook"]);
    assertStringIncludes(
      JSON.parse(run.out).systemMessage,
      "Your database is gone; to recreate it run /backup import backup-",
    );
  });
});

Deno.test("what each start of the application writes again is no change", async () => {
  const views = (order: string[]) =>
    order.map((name) =>
      `DROP VIEW IF EXISTS ${name}; CREATE VIEW ${name} AS SELECT 1;`
    ).join("\n");
  const modules = `DROP TABLE modules; CREATE TABLE modules (
    name TEXT PRIMARY KEY, version TEXT, installed_at TEXT, enabled INTEGER);`;
  const rows = (time: string, ...names: string[]) =>
    names.map((name) =>
      `INSERT OR REPLACE INTO modules VALUES ('${name}', '1', '${time}', 1);`
    ).join("\n");
  const before = tables + people + modules + rows("2026", "crm", "mail") +
    views(["a", "b"]);
  await atInstallation(before, async (installation) => {
    await lookAfter(installation, later(0));
    await change(
      installation,
      rows("2027", "mail", "crm") + views(["b", "a"]),
    );
    await lookAfter(installation, later(24));
    assertEquals(backupsIn(installation).length, 1);
    await change(installation, "UPDATE modules SET version = '2'");
    await lookAfter(installation, later(48));
    assertEquals(backupsIn(installation).length, 2);
    await change(installation, "DROP VIEW a");
    await lookAfter(installation, later(72));
    assertEquals(backupsIn(installation).length, 3);
  });
});

Deno.test("after an import into a new database, settings of the old one are no loss", async () => {
  const settings = `INSERT INTO soy_meta VALUES ('gmail_last_synced', '1'),
    ('calendar_last_synced', '1'), ('slack_last_synced', '1');`;
  await atInstallation(tables + people + settings, async (installation) => {
    await lookAfter(installation, later(0));
    await change(installation, "DELETE FROM soy_meta WHERE key LIKE '%synced'");
    const { concerns } = await lookAfter(installation, later(1));
    assertEquals(concerns, []);
    await change(installation, "DELETE FROM soy_meta");
    const emptied = await lookAfter(installation, later(2));
    assertEquals(emptied.concerns, [{ kind: "loss" }]);
  });
});

Deno.test("the hook says in one line that no backup could be made", async () => {
  await atInstallation(tables + people, async (installation) => {
    Deno.removeSync(installation.backups);
    Deno.writeTextFileSync(installation.backups, "a file");
    const run = await runInProcess(installation, ["hook"]);
    assertEquals([run.code, run.err, run.out.split("\n").length], [0, "", 1]);
    assertStringIncludes(JSON.parse(run.out).systemMessage, "cannot be looked");
  });
});

Deno.test("the hook leaves a database that stays locked for the next time", async () => {
  await atInstallation(tables + people, async (installation) => {
    const db = new Database(installation.database);
    db.exec("BEGIN EXCLUSIVE");
    try {
      const began = performance.now();
      const run = await runInProcess(installation, ["hook"]);
      assertEquals([run.code, run.err], [0, ""]);
      assertEquals(performance.now() - began < 5_000, true);
      assertEquals(backupsIn(installation), []);
    } finally {
      db.close();
    }
    await lookAfter(installation, later(0));
    assertEquals(backupsIn(installation).length, 1);
  });
});

Deno.test("the hook waits until the application's migrations are over", async () => {
  await atInstallation(tables + people, async (installation) => {
    const db = new Database(installation.database);
    let left = 4;
    const timer = setInterval(() => {
      db.exec(`INSERT INTO contacts (name) VALUES ('migrated ${left}')`);
      if (--left === 0) clearInterval(timer);
    }, 100);
    try {
      await lookAfter(installation, later(0));
    } finally {
      clearInterval(timer);
      db.close();
    }
    const [entry] = listBackups(installation.backups).backups;
    assertEquals(entry!.counts()!.get("contacts"), 7n);
  });
});

Deno.test("with little time left the hook makes a backup and doesn't verify it", async () => {
  await atInstallation(tables + people, async (installation) => {
    const before = await readStatus(installation, session());
    const [hasty, limited] = [later(0), later(0)];
    const end = performance.now() + 1_000;
    const haste = { hasty, limited, end };
    const { failure } = await lookClosely(installation, before, true, haste);
    assertEquals(failure, undefined);
    const [entry] = listBackups(installation.backups).backups;
    assertEquals(readProofs(installation.backups).of(entry!), undefined);
  });
});

Deno.test("two hooks at once make one backup", async () => {
  await atInstallation(tables + people, async (installation) => {
    await Promise.all([
      lookAfter(installation, later(0)),
      lookAfter(installation, later(0)),
    ]);
    assertEquals(backupsIn(installation).length, 1);
  });
});

Deno.test("the hook tells of a backup that is too old, if none comes to be", async () => {
  await atInstallation(tables + people, async (installation) => {
    await exportBackup(installation, later(0));
    await change(installation, "DELETE FROM contacts");
    const { concerns } = await lookAfter(installation, later(24 * 31));
    assertEquals(
      concerns.map(({ kind }) => kind),
      ["loss", "stale", "unproved"],
    );
  });
});

const wrongLines = [["--bogus"], ["extra"], ["--root"], ["--quiet"]];

for (const words of wrongLines) {
  Deno.test(`hook ${words} answers in the form of a hook, with exit code 0`, async () => {
    await atInstallation(tables, async (installation) => {
      const run = await runInProcess(installation, ["hook", ...words]);
      assertEquals([run.code, run.err], [0, ""]);
      const { systemMessage } = JSON.parse(run.out);
      assertStringIncludes(systemMessage, "The backups cannot be looked at: ");
    });
  });
}

Deno.test("the hook makes the folder of the backups if it is gone", async () => {
  await atInstallation(tables + people, async (installation) => {
    Deno.removeSync(installation.backups);
    const { concerns, failure } = await lookAfter(installation, later(0));
    assertEquals([concerns, failure], [[], undefined]);
    assertEquals(backupsIn(installation), ["backup-2026-02-19.json"]);
  });
});
