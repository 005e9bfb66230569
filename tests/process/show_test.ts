/**
 * `show` as a process, with the permissions of the tasks, on the application's tables.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";
import { rowsIn, withDb } from "../support/scratch.ts";

Deno.test("show finds a person in a backup who is gone from the database", async () => {
  await atSample(async (installation) => {
    await makeBackup(installation);
    const [[name, notes]] = rowsIn(
      installation.database,
      "SELECT name, (SELECT count(*) FROM notes WHERE entity_type = 'contact' " +
        "AND entity_id = c.id) AS n FROM contacts AS c ORDER BY n DESC LIMIT 1",
    ) as [[string, number]];
    withDb(installation.database, (db) =>
      db.exec(
        "DELETE FROM contacts",
      ));
    const names = namesIn(installation.backups);
    const word = `contact:${name.toUpperCase()}`;
    const { code, out, err } = await tool(installation, ["show", word]);
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, `${name} (contacts:`);
    assertMatch(out, new RegExp(`\\n${notes} notes?\\n`));
    const gone = await tool(installation, ["show", "now", word]);
    assertEquals([gone.code, gone.out], [1, ""]);
    assertStringIncludes(gone.err, `"the database" has no "contacts:`);
    assertEquals(namesIn(installation.backups), names);
  });
});

Deno.test("show answers in CSV and JSON, under the usual permissions", async () => {
  await atSample(async (installation) => {
    await makeBackup(installation);
    const args = ["show", "contacts", "--limit", "2"];
    const csv = await tool(installation, [...args, "--csv"]);
    assertEquals([csv.code, csv.err], [0, ""]);
    assertMatch(csv.out, /^id,name,email,.*\n1,.*\n2,.*\n$/);
    const json = await tool(installation, [...args, "--json"]);
    assertEquals(JSON.parse(json.out).rows.length, 2);
  });
});
