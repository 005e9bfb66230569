/**
 * An import that fails half way has not been, for undo too.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { basename } from "@std/path";
import { rowsIn, withDb } from "../support/scratch.ts";
import {
  atSample,
  edit,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

/** Takes the name of the first contact away, which the table refuses. */
const nameless = (text: string) =>
  text.replace(/("contacts": ?\[.*?"name": ?)"[^"]*"/s, "$1null");

Deno.test("undo takes nothing back after an import that failed", async () => {
  await atSample(async (place) => {
    const path = await makeBackup(place);
    edit(path, nameless);
    const failed = await tool(place, ["import", path, "--force"]);
    assertEquals([failed.code, failed.out], [1, ""]);
    assertMatch(failed.err, /^Error: Cannot import [^\n]*"name"[^\n]*\n$/);
    assertEquals(namesIn(place.output), [basename(path)]);
    withDb(place.database, (db) => {
      db.exec("INSERT INTO contacts (name) VALUES ('Somebody new')");
    });
    assertEquals((await tool(place, ["undo"])).code, 1);
    const names = "SELECT count(*) FROM contacts WHERE name = 'Somebody new'";
    assertEquals(rowsIn(place.database, names), [[1]]);
  });
});
