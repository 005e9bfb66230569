/**
 * An installation with a second place, for tests.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Session } from "../../lib/session.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

/** A small database. */
export const sql: string =
  `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Ada')`;

/** An installation with a second place behind a link. */
export async function withSecondPlace(
  test: (installation: Installation, folder: string) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    const folder = join(installation.root, "usb disk");
    Deno.mkdirSync(folder);
    Deno.symlinkSync(folder, join(installation.backups, "second-place"));
    await test(installation, folder);
  });
}

/** A session at a moment of February 2026. */
export function at(day: number, hour: number, minute = 0): Session {
  return { ...session(), now: () => new Date(2026, 1, day, hour, minute) };
}

let next = 2;

/** Adds a row. */
export async function change(installation: Installation): Promise<void> {
  withDb(installation.database, (db) => {
    db.exec(`INSERT INTO contacts VALUES (${next++}, 'Ben')`);
  });
  await Promise.resolve();
}

/** The names of backups and packed months in a folder. */
export function backupsIn(folder: string): string[] {
  return namesIn(folder).filter((name) => /^backups?-/.test(name));
}

/** What is in a file. */
export function read(folder: string, name: string): string {
  return Deno.readTextFileSync(join(folder, name));
}

/** Asserts that each file here has an equal copy there, under the same name. */
export function assertInStep(installation: Installation, folder: string): void {
  const here = backupsIn(installation.backups);
  assertEquals(backupsIn(folder), here);
  for (const name of here) {
    assertEquals(
      Deno.readFileSync(join(folder, name)),
      Deno.readFileSync(join(installation.backups, name)),
    );
  }
}

/** A month of backups, so that tidy packs some of them. */
export async function exportDays(installation: Installation): Promise<void> {
  for (let day = 1; day <= 10; day++) {
    await change(installation);
    await exportBackup(installation, at(day, 12));
  }
}

/** Makes a key and the list that names it; gives the path of the key. */
export async function putRecipients(
  installation: Installation,
): Promise<string> {
  const key = join(installation.root, "key.txt");
  const { out } = await runInProcess(installation, ["keygen", key, "--json"]);
  const recipients = join(installation.backups, "recipients.txt");
  Deno.writeTextFileSync(recipients, JSON.parse(out).recipient);
  return key;
}
