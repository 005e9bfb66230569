/**
 * An installation with an encrypted backup.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation } from "../support/scratch.ts";
import type { Installation } from "../../lib/store/installation.ts";

/** A small database. */
export const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Ben')`;

/** An installation with an encrypted backup. */
export interface Locked {
  installation: Installation;
  /** The encrypted backup. */
  backup: string;
  name: string;
  /** The file with the secret key. */
  key: string;
  recipient: string;
}

/** Runs a test at an installation with an encrypted backup. */
export async function withLocked(
  test: (locked: Locked) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    const key = join(installation.root, "key.txt");
    const made = await runInProcess(installation, ["keygen", key, "--json"]);
    assertEquals([made.code, made.err], [0, ""]);
    const { recipient } = JSON.parse(made.out);
    writeRecipients(installation, `# mine\n${recipient}\n`);
    const run = await runInProcess(installation, ["export", "--encrypt"]);
    assertEquals([run.code, run.err], [0, ""]);
    const [name = ""] = encryptedIn(installation);
    const backup = join(installation.backups, name);
    await test({ installation, backup, name, key, recipient });
  });
}

/** Writes the file of the public keys. */
export function writeRecipients({ backups }: Installation, text: string): void {
  Deno.writeTextFileSync(join(backups, "recipients.txt"), text);
}

/** The names of the encrypted backups. */
export function encryptedIn({ backups }: Installation): string[] {
  return namesIn(backups).filter((name) => name.endsWith(".json.age"));
}
