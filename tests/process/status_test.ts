/**
 * What status says of the last backup and of the database.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { atInstallation } from "../support/scratch.ts";
import { makeBackup, tool } from "../support/installation.ts";

const log = `
CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE activity_log (id INTEGER PRIMARY KEY, created_at TEXT);
`;

/** The stamp of an export, and what happened before and after it. */
function stamped(age: string, entries: string[]): string {
  const rows = entries.map((age) => `(datetime('now', '${age}'))`).join(", ");
  return `${log} INSERT INTO soy_meta VALUES
    ('last_backup_at', datetime('now', '${age}'));
    INSERT INTO activity_log (created_at) VALUES ${rows};`;
}

function writeBackup(
  installation: Installation,
  name: string,
  date: string,
): void {
  const text = JSON.stringify({ backup_date: date, tables: {} });
  Deno.writeTextFileSync(join(installation.backups, name), text);
}

Deno.test("before the first backup, status says how to make one", async () => {
  await atInstallation(log, async (installation) => {
    const { code, out, err } = await tool(installation, ["status"]);
    assertEquals([code, err], [0, ""]);
    assertEquals(out, "No backups yet. Run /backup to make one.\n");
  });
});

Deno.test("without a database and without a folder, status says so", async () => {
  await atInstallation("", async (installation) => {
    Deno.removeSync(installation.backups);
    const { code, out, err } = await tool(installation, ["status"]);
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out,
      "No backups yet. Run /backup to make one.\n" +
        "No database found.\n",
    );
  });
});

Deno.test("status tells the age of the stamp and the number of files", async () => {
  await atInstallation(
    stamped("-3 days", ["-4 days"]),
    async (installation) => {
      writeBackup(
        installation,
        "backup-2026-02-01.json",
        "2026-02-01T08:00:00Z",
      );
      writeBackup(
        installation,
        "backup-2026-02-02.json",
        "2026-02-02T08:00:00Z",
      );
      const { code, out } = await tool(installation, ["status"]);
      assertEquals(code, 0);
      assertStringIncludes(
        out,
        "Last backup: 3 days ago. 2 backup files found.\n",
      );
      assertStringIncludes(out, "\nNo changes since.\n");
    },
  );
});

Deno.test("status counts what happened since the last backup", async (t) => {
  const cases: [string[], string][] = [
    [["-2 days"], "No changes since."],
    [["-2 days", "-1 minute"], "1 change since."],
    [["-2 days", "-2 hours", "-1 minute"], "2 changes since."],
  ];
  for (const [entries, words] of cases) {
    await t.step(
      words,
      () =>
        atInstallation(stamped("-1 day", entries), async (installation) => {
          const { out } = await tool(installation, ["status"]);
          const head = "Last backup: 1 day ago. 0 backup files found.";
          assertEquals(out, `${head}\n${words}\n`);
        }),
    );
  }
});

Deno.test("without a stamp, the newest file tells when the last backup was", async () => {
  await atInstallation("CREATE TABLE contacts (id)", async (installation) => {
    const hour = new Date(Date.now() - 3_600_000).toISOString();
    writeBackup(installation, "backup-2026-02-01.json", hour);
    writeBackup(installation, "backup-2026-02-02.json", "2020-01-01T00:00:00Z");
    const { out } = await tool(installation, ["status"]);
    const [first] = out.split("\n");
    assertEquals(first, "Last backup: 1 hour ago. 2 backup files found.");
  });
});

Deno.test("status with --json holds everything that the words say", async () => {
  await atInstallation(log, async (installation) => {
    await makeBackup(installation);
    const { code, out, err } = await tool(installation, ["status", "--json"]);
    assertEquals([code, err], [0, ""]);
    const { backups, last_backup, ...rest } = JSON.parse(out);
    assertEquals(rest, {
      command: "status",
      ok: true,
      exit_code: 0,
      database: true,
      changes_since: 0,
      strange: [],
      copies: [],
      strange_copies: [],
      emptied: [],
      losses: [],
      reference: backups[0].name,
      changed_counts: [],
      concerns: [],
      second_place: null,
      warnings: [],
    });
    const [{ name, bytes, date, checksum }] = backups;
    const { size } = Deno.statSync(join(installation.backups, name));
    assertEquals([backups.length, bytes, checksum], [1, size, true]);
    assertEquals(last_backup >= date, true);
  });
});

Deno.test("a broken database is a warning, and the files are told all the same", async () => {
  await atInstallation("", async (installation) => {
    Deno.writeTextFileSync(
      installation.database,
      "This is no database. ".repeat(99),
    );
    writeBackup(installation, "backup-2026-02-01.json", "2026-02-01T08:00:00Z");
    const { code, out, err } = await tool(installation, ["status"]);
    assertEquals(code, 3);
    assertEquals(
      err,
      'Warning: Cannot read "data/soy.db": it is not a readable ' +
        "SQLite database; import --replace-damaged moves it aside and " +
        "restores a backup\n",
    );
    assertStringIncludes(out, " ago. 1 backup file found.\n");
    assertStringIncludes(out, "  backup-2026-02-01.json");
  });
});
