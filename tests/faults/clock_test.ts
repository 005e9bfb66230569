/**
 * Clocks that stand still, go back, or are elsewhere: names are local, and no
 * backup is lost.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { atInstallation } from "../support/scratch.ts";
import { runTool } from "../support/process.ts";

const entry = fromFileUrl(new URL("./clock.ts", import.meta.url));
const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE a (x); INSERT INTO a VALUES (1)`;

/** A time zone, the moments of exports, and the names that come of them. */
const CLOCKS: [string, string, string[], string[]][] = [
  ["Pacific/Kiritimati", "a day ahead", [
    "2026-02-19T09:59:59Z",
    "2026-02-19T10:00:00Z",
  ], ["backup-2026-02-19.json", "backup-2026-02-20.json"]],
  ["America/St_Johns", "half an hour off", [
    "2026-02-19T03:29:59Z",
    "2026-02-19T03:30:00Z",
    "2026-02-19T12:00:00Z",
  ], [
    "backup-2026-02-18.json",
    "backup-2026-02-19-000000.json",
    "backup-2026-02-19.json",
  ]],
  ["Europe/Berlin", "one local hour twice", [
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z",
    "2026-10-25T02:30:00Z",
  ], [
    "backup-2026-10-25-023000-2.json",
    "backup-2026-10-25-023000.json",
    "backup-2026-10-25.json",
  ]],
  ["Europe/Berlin", "one local hour left out", [
    "2026-03-29T00:59:59Z",
    "2026-03-29T01:00:00Z",
    "2026-03-29T01:00:01Z",
  ], [
    "backup-2026-03-29-015959.json",
    "backup-2026-03-29-030000.json",
    "backup-2026-03-29.json",
  ]],
  ["Asia/Kathmandu", "a clock that was set back", [
    "2026-02-19T12:00:00Z",
    "2026-02-19T11:00:00Z",
    "2026-02-18T11:00:00Z",
    "2026-02-19T12:00:00Z",
  ], [
    "backup-2026-02-18.json",
    "backup-2026-02-19-164500.json",
    "backup-2026-02-19-174500.json",
    "backup-2026-02-19.json",
  ]],
  ["UTC", "one second", Array(3).fill("2026-02-19T12:00:00Z"), [
    "backup-2026-02-19-120000-2.json",
    "backup-2026-02-19-120000.json",
    "backup-2026-02-19.json",
  ]],
];

for (const [zone, what, moments, names] of CLOCKS) {
  Deno.test(`export() keeps every backup in ${zone} with ${what}`, async () => {
    await atInstallation(sql, async (installation) => {
      const options = { cwd: installation.root, entry, env: { TZ: zone } };
      const { code, out, err } = await runTool(moments, options);
      assertEquals([code, err], [0, ""]);
      assertEquals(JSON.parse(out), names);
      const dates = names.map((name) =>
        JSON.parse(Deno.readTextFileSync(join(installation.backups, name)))
          .backup_date
      );
      assertEquals(dates.sort(), [...moments].sort());
    });
  });
}
