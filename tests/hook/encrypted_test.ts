/**
 * The hook, and `export --if-changed`, where the newest backup is encrypted.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { lookAfter } from "../../lib/hook/hook.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE modules (name TEXT PRIMARY KEY, version TEXT, installed_at TEXT);
  CREATE TABLE schema_migrations (filename TEXT PRIMARY KEY, applied_at TEXT);
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO modules VALUES ('crm', '1', 'Monday');
  INSERT INTO soy_meta VALUES ('theme', 'dark');
  INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Ben')`;

const hour = 3_600_000;

async function makeKey({ root, backups }: Installation, name: string) {
  const key = join(root, name);
  const made = await runInProcess({ root }, ["keygen", key, "--json"]);
  const { recipient } = JSON.parse(made.out);
  Deno.writeTextFileSync(join(backups, "recipients.txt"), `${recipient}\n`);
  return key;
}

/** An installation whose newest backup is encrypted, and was opened with its key. */
async function atLocked(
  test: (installation: Installation, key: string) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    const key = await makeKey(installation, "key.txt");
    assertEquals((await exporting(installation)).code, 0);
    await runInProcess(installation, ["verify", "--identity", key]);
    await test(installation, key);
  });
}

function exporting(installation: Installation, ...options: string[]) {
  return runInProcess(installation, ["export", "--encrypt", ...options]);
}

function backupsIn({ backups }: Installation): string[] {
  return namesIn(backups).filter((name) => name.startsWith("backup-")).sort();
}

function change({ database }: Installation, sql: string): void {
  withDb(database, (db) => db.exec(sql));
}

function later(hours: number) {
  return { ...session(), now: () => new Date(Date.now() + hours * hour) };
}

Deno.test("the hook encrypts if the newest backup is encrypted", async () => {
  await atLocked(async (installation, key) => {
    change(installation, "INSERT INTO contacts VALUES (3, 'Cy')");
    const { failure } = await lookAfter(installation, later(24));
    assertEquals(failure, undefined);
    const names = backupsIn(installation);
    assertEquals(names.length, 2);
    assertEquals(names.every((name) => name.endsWith(".json.age")), true);
    const newest = join(installation.backups, names.at(-1)!);
    assertEquals(Deno.statSync(newest).mode! & 0o777, 0o600);
    const run = await runInProcess(installation, [
      ...["show", newest, "contacts", "--identity", key],
    ]);
    assertStringIncludes(run.out, "Cy");
  });
});

const broken: [string, (path: string) => void, string][] = [
  ["is gone", (path) => Deno.removeSync(path), "there is no"],
  [
    "has no key",
    (path) => Deno.writeTextFileSync(path, "# none\n"),
    "no public",
  ],
  ["is broken", (path) => Deno.writeTextFileSync(path, "age1x\n"), "line 1"],
];

for (const [what, breakIt, reason] of broken) {
  Deno.test(`a recipients.txt that ${what} is a failure of the hook, and no plain backup`, async () => {
    await atLocked(async (installation) => {
      const before = backupsIn(installation);
      breakIt(join(installation.backups, "recipients.txt"));
      change(installation, "INSERT INTO contacts VALUES (3, 'Cy')");
      const { failure } = await lookAfter(installation, later(24));
      assertStringIncludes(String(failure), reason);
      assertEquals(backupsIn(installation), before);
    });
  });
}

Deno.test("after a plain backup the hook's are plain", async () => {
  await atLocked(async (installation) => {
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await runInProcess(installation, ["export"]);
    change(installation, "INSERT INTO contacts VALUES (3, 'Cy')");
    await lookAfter(installation, later(24));
    const plain = backupsIn(installation).filter((name) => /json$/.test(name));
    assertEquals(plain.length, 2);
  });
});

const changes: [string, string, boolean][] = [
  ["nothing", "SELECT 1", false],
  ["a start", "UPDATE modules SET installed_at = 'Tuesday'", false],
  ["a migration", "INSERT INTO schema_migrations VALUES ('1', 'now')", false],
  ["a sync", "INSERT INTO soy_meta VALUES ('gmail_last_synced', 'x')", false],
  ["a version", "UPDATE modules SET version = '2'", true],
  ["a setting", "UPDATE soy_meta SET value = 'x' WHERE key = 'theme'", true],
  ["a value", "UPDATE contacts SET name = 'Bea' WHERE id = 2", true],
  ["a number", "UPDATE contacts SET id = 7 WHERE id = 2", true],
  ["a row less", "DELETE FROM contacts WHERE id = 2", true],
  ["a definition", "CREATE INDEX by_name ON contacts (name)", true],
];

for (const [what, statement, isChange] of changes) {
  Deno.test(`--if-changed sees without a key whether ${what} is a change`, async () => {
    await atLocked(async (installation) => {
      change(installation, statement);
      const run = await exporting(installation, "--if-changed");
      assertEquals(/^No backup needed/.test(run.out), !isChange);
      assertEquals(backupsIn(installation).length, isChange ? 2 : 1);
    });
  });
}

Deno.test("the hook makes no encrypted backup again if nothing has changed", async () => {
  await atLocked(async (installation) => {
    const { concerns, failure } = await lookAfter(installation, later(24 * 10));
    // It is as good as a new one, so it is not too old either.
    assertEquals([concerns, failure], [[], undefined]);
    assertEquals(backupsIn(installation).length, 1);
  });
});

Deno.test("encrypted backups that no key was shown to open do not pile up", async () => {
  await atInstallation(sql, async (installation) => {
    await makeKey(installation, "key.txt");
    await exporting(installation);
    change(installation, "INSERT INTO contacts VALUES (3, 'Cy')");
    await lookAfter(installation, later(1));
    await exporting(installation, "--if-older", "20h");
    assertEquals(backupsIn(installation).length, 1);
    await lookAfter(installation, later(24));
    assertEquals(backupsIn(installation).length, 2);
    await lookAfter(installation, later(48));
    assertEquals(backupsIn(installation).length, 2);
  });
});

Deno.test("for another key, what has not changed is encrypted again", async () => {
  await atLocked(async (installation) => {
    await makeKey(installation, "other.txt");
    await exporting(installation, "--if-changed");
    assertEquals(backupsIn(installation).length, 2);
    await exporting(installation, "--if-changed");
    assertEquals(backupsIn(installation).length, 2);
  });
});
