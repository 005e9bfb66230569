/**
 * An import that fails half way has not been, for undo too.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { basename } from "@std/path";
import { rowsIn, withDb } from "../support/scratch.ts";
import {
  atSmallSample,
  edit,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

/** Takes the name of the first contact away, which the table refuses. */
const nameless = (text: string) =>
  text.replace(/("contacts": ?\[.*?"name": ?)"[^"]*"/s, "$1null");

Deno.test("undo takes nothing back after an import that failed", async () => {
  await atSmallSample(async (installation) => {
    const path = await makeBackup(installation);
    edit(path, nameless);
    const failed = await tool(installation, ["import", path, "--force"]);
    assertEquals([failed.code, failed.out], [1, ""]);
    assertMatch(failed.err, /^Error: Cannot import [^\n]*"name"[^\n]*\n$/);
    assertEquals(namesIn(installation.backups), [basename(path)]);
    withDb(installation.database, (db) => {
      db.exec("INSERT INTO contacts (name) VALUES ('Somebody new')");
    });
    assertEquals((await tool(installation, ["undo"])).code, 1);
    const names = "SELECT count(*) FROM contacts WHERE name = 'Somebody new'";
    assertEquals(rowsIn(installation.database, names), [[1]]);
  });
});
