/**
 * `diff` as a process, with the permissions of the tasks, on the application's tables.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { basename } from "@std/path";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";
import { withDb } from "../support/scratch.ts";

Deno.test("diff shows what changed since a backup, under the usual permissions", async () => {
  await atSample(async (installation) => {
    const path = await makeBackup(installation);
    const nothing = await tool(installation, ["diff"]);
    assertEquals([nothing.code, nothing.err], [0, ""]);
    assertMatch(nothing.out, /nothing has changed\.\n$/);
    const name = withDb(installation.database, (db) => {
      db.exec("PRAGMA foreign_keys = ON");
      db.exec("UPDATE contacts SET company = 'Umbrella' WHERE id = 3");
      db.exec("DELETE FROM contacts WHERE id = 5");
      return db.prepare("SELECT name FROM contacts WHERE id = 3").value()![0];
    });
    const names = namesIn(installation.backups);
    const bytes = Deno.readFileSync(installation.database);
    const args = ["diff", basename(path), "now", "--details"];
    const { code, out, err } = await tool(installation, args);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /\ncontacts +0 +1 +1 +29\n/);
    assertStringIncludes(out, `\n  changed: ${name} (contacts:3)\n`);
    assertMatch(out, /\n {4}company: .* → Umbrella\n/);
    assertMatch(out, /\n {2}gone: .* \(contacts:5\)\n/);
    assertEquals(namesIn(installation.backups), names);
    assertEquals(Deno.readFileSync(installation.database), bytes);
  });
});
