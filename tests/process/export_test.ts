/**
 * The words of an export.
 *
 * @module
 */
import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { basename } from "@std/path";
import { atInstallation, withDb } from "../support/scratch.ts";
import { makeBackup, tool } from "../support/installation.ts";

const soyTables = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
`;

/** A full-text index that keeps no text cannot be carried. */
const omittedTable = "CREATE VIRTUAL TABLE look_up USING fts5(t, content='');";

Deno.test("one row is told in the singular, more in the plural", async () => {
  const rows = `INSERT INTO contacts VALUES (1, 'Ada');
    INSERT INTO projects VALUES (1, 'Engine'), (2, 'Notes');`;
  await atInstallation(soyTables + rows, async (installation) => {
    const { code, out } = await tool(installation, ["export"]);
    assertEquals(code, 0);
    assertMatch(out, /^Backup saved\. 1 contact, 2 projects exported\.\n/);
  });
});

Deno.test("a thousand rows and more are told in groups of three digits", async () => {
  const rows = `INSERT INTO contacts (name) SELECT 'Ada' FROM
    json_each('[${Array(1234).fill(0)}]');`;
  await atInstallation(soyTables + rows, async (installation) => {
    const { out } = await tool(installation, []);
    assertMatch(out, /^Backup saved\. 1,234 contacts exported\.\n/);
  });
});

Deno.test("a database without rows is saved, and said to have none", async () => {
  await atInstallation(soyTables, async (installation) => {
    const { code, out, err } = await tool(installation, []);
    assertEquals([code, err], [0, ""]);
    const words = "Backup saved. The database has no rows yet.";
    assertMatch(out, new RegExp(`^${words}\noutput/backup-.*, \\d+ bytes\n$`));
  });
});

Deno.test("tables of other programs are told in plain words", async () => {
  const others = `CREATE TABLE deal_stages (id INTEGER PRIMARY KEY);
    INSERT INTO deal_stages VALUES (1), (2);
    CREATE TABLE _ (a); INSERT INTO _ VALUES (1);
    CREATE TABLE "bad\x1b[2J" (a); INSERT INTO "bad\x1b[2J" VALUES (1);`;
  await atInstallation(soyTables + others, async (installation) => {
    const { code, out } = await tool(installation, []);
    assertEquals(code, 0);
    assertStringIncludes(out, "2 rows in deal stages, 1 row in _, 1 row in ");
    assertStringIncludes(out, "1 row in bad\\u001b[2J exported.");
  });
});

Deno.test("what is left out is named on standard error, and exits with 3", async () => {
  await atInstallation(soyTables + omittedTable, async (installation) => {
    const { code, out, err } = await tool(installation, []);
    assertEquals(code, 3);
    assertMatch(out, /^Backup saved\./);
    assertNotMatch(out, /look_up/);
    const reason = "its index keeps no text of its own";
    assertEquals(err, `Left out: table "look_up": ${reason}\n`);
  });
});

Deno.test("warnings come with --quiet and with --json too", async () => {
  await atInstallation(soyTables + omittedTable, async (installation) => {
    const quiet = await tool(installation, ["--quiet"]);
    assertEquals([quiet.code, quiet.out], [3, ""]);
    assertMatch(quiet.err, /^Left out: table "look_up": .*\n$/);
    const json = await tool(installation, ["--json"]);
    assertEquals([json.code, json.err], [3, quiet.err]);
    const { omitted, exit_code } = JSON.parse(json.out);
    assertEquals(exit_code, 3);
    assertEquals(omitted, [{
      table: "look_up",
      reason: "its index keeps no text of its own",
    }]);
  });
});

Deno.test("a backup that lacks what the last one has does not take its name", async () => {
  const rows = "INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Bob');";
  await atInstallation(soyTables + rows, async (installation) => {
    const good = await makeBackup(installation);
    const name = basename(good);
    withDb(installation.database, (db) => db.exec("DELETE FROM contacts"));
    for (let time = 1; time <= 2; time++) {
      const { code, out, err } = await tool(installation, ["--json"]);
      const { file, losses, reference, emptied } = JSON.parse(out);
      assertEquals(code, 3);
      assertMatch(file, /^output\/backup-\S+-\d{6}(-2)?\.json$/);
      assertEquals(losses, [{ name: "contacts", before: 2, now: 0 }]);
      assertEquals(emptied, [{ name: "contacts", rows: 2 }]);
      assertEquals(reference, name);
      const [warning, note, ...rest] = err.split("\n");
      assertEquals(
        warning,
        `WARNING: your backup ${name} has 2 contacts; the database has none. ` +
          `If you didn't delete them, run /backup import ${name}`,
      );
      assertMatch(note!, /stays as it is\. .* run export --accept-loss$/);
      assertEquals(rest, [""]);
    }
    const status = await tool(installation, ["status"]);
    assertMatch(status.err, /^WARNING: your backup \S+ has 2 contacts; /);
    const { code, err } = await tool(installation, ["export", "--accept-loss"]);
    assertEquals([code, err], [0, ""]);
    assertEquals((await tool(installation, ["status"])).err, "");
    assertEquals((await tool(installation, ["export"])).code, 0);
  });
});

Deno.test("a database that cannot note the backup gives a warning, not a failure", async () => {
  await atInstallation("CREATE TABLE contacts (id)", async (installation) => {
    const { code, out, err } = await tool(installation, []);
    assertEquals(code, 0);
    assertMatch(out, /^Backup saved\./);
    assertMatch(err, /^Warning: The backup is complete, but [^\n]*\n$/);
  });
});
