/**
 * `export --if-older` and `--if-changed`, and the limits of `status` for monitors.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { concernsIn } from "../../lib/store/concerns.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { readStatus } from "../../lib/store/status.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import {
  atInstallation,
  exportAged,
  session,
  withDb,
} from "../support/scratch.ts";

const sql = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, n INT);
  CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE generated_views (id INTEGER PRIMARY KEY, html TEXT);
  INSERT INTO contacts VALUES (1, 'Ada', 1), (2, 'Ben', 2);
  INSERT INTO soy_meta VALUES ('theme', 'dark'), ('quote', 'a "b", c')`;

const hour = 3_600_000;

/** Whether `export` with these options makes a backup. */
async function makes(
  installation: Installation,
  ...options: string[]
): Promise<boolean> {
  const count = () =>
    namesIn(installation.backups).filter((name) => /^backup-/.test(name))
      .length;
  const before = count();
  const run = await runInProcess(installation, ["export", ...options]);
  assertEquals([run.code, run.err], [0, ""]);
  const more = count() - before;
  assertEquals(/^No backup needed/.test(run.out), more === 0);
  return more > 0;
}

Deno.test("export --if-older makes a backup only if the newest one is older", async () => {
  await atInstallation(sql, async (installation) => {
    assertEquals(await makes(installation, "--if-older", "20h"), true);
    assertEquals(await makes(installation, "--if-older", "20h"), false);
    assertEquals(await makes(installation, "--if-older", "0m"), true);
  });
});

Deno.test("export --if-older takes no backup of the future for a fresh one", async () => {
  await atInstallation(sql, async (installation) => {
    await exportAged(installation, -1000);
    assertEquals(await makes(installation, "--if-older", "20h"), true);
    assertEquals(await makes(installation, "--if-older", "20h"), false);
  });
});

const changes: [string, string, boolean][] = [
  ["nothing", "SELECT 1", false],
  ["a view made again", "INSERT INTO generated_views VALUES (1, 'x')", false],
  [
    "the state of a sync",
    "INSERT INTO soy_meta VALUES ('gmail_last_synced:ada', 'now')",
    false,
  ],
  ["a setting", "UPDATE soy_meta SET value = 'x' WHERE key = 'theme'", true],
  ["a value", "UPDATE contacts SET n = 3 WHERE id = 2", true],
  [
    "the type of a value",
    "UPDATE contacts SET name = x'41' WHERE id = 1",
    true,
  ],
  ["a new row", "INSERT INTO contacts VALUES (3, 'Cy', 3)", true],
  [
    "a row under another number",
    "UPDATE contacts SET id = 9 WHERE id = 2",
    true,
  ],
  ["a table", "CREATE TABLE other (x)", true],
  ["a column", "ALTER TABLE contacts ADD COLUMN email TEXT", true],
];

const signals = `CREATE TABLE signals (id INTEGER PRIMARY KEY,
  signal_key TEXT UNIQUE, title TEXT, score REAL, status TEXT DEFAULT 'new',
  last_detected TEXT, snooze_until TEXT, feedback TEXT);
  INSERT INTO signals (signal_key, title, score) VALUES ('task:1', '3d', 0.5);
  INSERT INTO signals (signal_key, status) VALUES ('task:2', 'dismissed')`;

const signalChanges: [string, string, boolean][] = [
  [
    "a signal that is computed again",
    "UPDATE signals SET title = '4d', score = 0.6, last_detected = 'now'",
    false,
  ],
  [
    "a signal that comes, and one that goes",
    "DELETE FROM signals WHERE id = 1; " +
    "INSERT INTO signals (signal_key, status) VALUES ('task:3', 'new')",
    false,
  ],
  [
    "a signal that is resolved",
    "UPDATE signals SET status = 'resolved' WHERE id = 1",
    false,
  ],
  [
    "a signal that was dismissed",
    "UPDATE signals SET status = 'dismissed' WHERE id = 1",
    true,
  ],
  [
    "a signal that was put off",
    "UPDATE signals SET snooze_until = '2026-03-01' WHERE id = 2",
    true,
  ],
  [
    "what was said to a signal",
    "UPDATE signals SET feedback = 'no' WHERE id = 1",
    true,
  ],
  [
    "a decision that was taken back",
    "UPDATE signals SET status = 'new' WHERE id = 2",
    true,
  ],
  ["a column of signals", "ALTER TABLE signals ADD COLUMN x TEXT", true],
];

for (const [what, change, changed] of signalChanges) {
  Deno.test(`export --if-changed: ${what} is ${changed ? "a" : "no"} change`, async () => {
    await atInstallation(`${sql};${signals}`, async (installation) => {
      await exportAged(installation, 1);
      withDb(installation.database, (db) => db.exec(change));
      assertEquals(await makes(installation, "--if-changed"), changed);
    });
  });
}

Deno.test("export --if-changed: in another table of that name each value counts", async () => {
  const table = "CREATE TABLE signals (n); INSERT INTO signals VALUES (1)";
  await atInstallation(`${sql};${table}`, async (installation) => {
    await exportAged(installation, 1);
    assertEquals(await makes(installation, "--if-changed"), false);
    const change = "UPDATE signals SET n = n + 1";
    withDb(installation.database, (db) => db.exec(change));
    assertEquals(await makes(installation, "--if-changed"), true);
  });
});

for (const [what, change, changed] of changes) {
  Deno.test(`export --if-changed: ${what} is ${changed ? "a" : "no"} change`, async () => {
    await atInstallation(sql, async (installation) => {
      await exportAged(installation, 1);
      withDb(installation.database, (db) => db.exec(change));
      assertEquals(await makes(installation, "--if-changed"), changed);
    });
  });
}

Deno.test("export --if-changed makes a backup if the newest one cannot be read", async () => {
  await atInstallation(sql, async (installation) => {
    await exportAged(installation, 1);
    const [name = ""] = namesIn(installation.backups)
      .filter((name) => name.startsWith("backup-"));
    const path = `${installation.backups}/${name}`;
    const text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.replace("Ada", "Eve"));
    assertEquals(await makes(installation, "--if-changed"), true);
  });
});

Deno.test("export --if-older with --if-changed makes one only if both hold", async () => {
  await atInstallation(sql, async (installation) => {
    await exportAged(installation, 30);
    const both = ["--if-older", "20h", "--if-changed"];
    assertEquals(await makes(installation, ...both), false);
    withDb(installation.database, (db) => db.exec("DELETE FROM soy_meta"));
    withDb(
      installation.database,
      (db) => db.exec("UPDATE contacts SET n = 5"),
    );
    const run = await runInProcess(installation, ["export", ...both]);
    assertStringIncludes(run.out, "Backup saved");
    assertEquals(await makes(installation, ...both), false);
  });
});

for (const age of ["20", "h", "-1h", "1.5h", "20 hours", "1y", "9999999d"]) {
  Deno.test(`export --if-older refuses "${age}" as wrong usage`, async () => {
    await atInstallation(sql, async (installation) => {
      const args = ["export", `--if-older=${age}`];
      const run = await runInProcess(installation, args);
      assertEquals([run.code, run.out], [2, ""]);
      assertStringIncludes(run.err, "as in 90m, 20h, 2d or 1w");
    });
  });
}

/** What `status` with limits says: exit code and kinds of concerns. */
async function watch(
  installation: Installation,
  ...options: string[]
): Promise<[number, string[]]> {
  const args = ["status", "--json", ...options];
  const { code, out } = await runInProcess(installation, args);
  const { concerns } = JSON.parse(out);
  return [code, concerns.map(({ kind }: { kind: string }) => kind)];
}

Deno.test("status --max-age exits with 4 if the newest backup is older, or absent", async () => {
  await atInstallation(sql, async (installation) => {
    assertEquals(await watch(installation), [0, []]);
    assertEquals(await watch(installation, "--max-age", "2d"), [4, ["absent"]]);
    await exportAged(installation, 49);
    assertEquals(await watch(installation, "--max-age", "2d"), [4, ["stale"]]);
    assertEquals(await watch(installation, "--max-age", "3d"), [0, []]);
    const run = await runInProcess(installation, ["status", "--max-age", "2d"]);
    assertStringIncludes(run.err, "WARNING: the newest backup was made 2 days");
  });
});

Deno.test("status --max-age counts from when nothing was found to have changed", async () => {
  await atInstallation(sql, async (installation) => {
    await exportAged(installation, 49);
    assertEquals(await makes(installation, "--if-changed"), false);
    assertEquals(await watch(installation, "--max-age", "2d"), [0, []]);
  });
});

Deno.test("status --max-unproved exits with 4 if no backup was verified for long", async () => {
  await atInstallation(sql, async (installation) => {
    await exportAged(installation, 49);
    const limit = ["--max-unproved", "2d"];
    assertEquals(await watch(installation, ...limit), [4, ["unproved"]]);
    await runInProcess(installation, ["verify"]);
    assertEquals(await watch(installation, ...limit), [0, []]);
    const report = await readStatus(installation, session());
    const inAWeek = new Date(Date.now() + 7 * 24 * hour);
    const [concern] = concernsIn(
      report,
      undefined,
      { maxUnproved: hour },
      inAWeek,
    );
    assertEquals(concern?.kind, "unproved");
    assertEquals(concern?.since instanceof Date, true);
  });
});

Deno.test("status with a limit exits with 4 if data was lost since the last backup", async () => {
  await atInstallation(sql, async (installation) => {
    await exportAged(installation, 1);
    withDb(installation.database, (db) => db.exec("DELETE FROM contacts"));
    assertEquals(await watch(installation, "--max-age", "2d"), [4, ["loss"]]);
    assertEquals(await watch(installation), [0, ["loss"]]);
  });
});
