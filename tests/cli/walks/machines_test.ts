/**
 * Other machines: moved to, re-synced already, or lived on apart.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { putSample } from "../../support/sample.ts";
import { rowsIn, withDb } from "../../support/scratch.ts";
import { backedUp, content, run, succeeds, walk } from "./walk.ts";

Deno.test("a move to a second machine brings everything there", async () => {
  await walk(async (installation, other) => {
    const next = other("next");
    const carried = join(next.backups, "carried.json");
    Deno.copyFileSync(await backedUp(installation), carried);
    await succeeds(next, "verify", "carried.json");
    await succeeds(next, "import", "carried.json");
    assertEquals(content(next), content(installation));
    assertEquals(rowsIn(next.database, "PRAGMA foreign_key_check"), []);
  });
});

Deno.test("a fresh installation that re-synced its e-mails gets the old ids back", async () => {
  await walk(async (installation, other) => {
    const fresh = other("fresh");
    putSample(fresh.database, { scale: 0.05 });
    const tables = Object.keys(content(fresh)).filter((name) =>
      name !== "emails"
    );
    withDb(fresh.database, (db) => {
      db.exec(tables.map((name) => `DELETE FROM ${name};`).join(""));
      db.exec(
        "UPDATE emails SET id = id + 5000, contact_id = NULL, account_id = NULL",
      );
    });
    const path = await backedUp(installation);
    const { code, err } = await run(fresh, "import", path);
    assertEquals(code, 0);
    const [[count]] = rowsIn(
      installation.database,
      "SELECT count(*) FROM emails",
    ) as [
      [number],
    ];
    assertEquals(
      err,
      `${count} emails were replaced by backup rows with the same key.`,
    );
    assertEquals(content(fresh), content(installation));
  });
});

Deno.test("two that lived apart are merged, and a second time nothing changes", async () => {
  await walk(async (installation, other) => {
    const second = other("second");
    Deno.copyFileSync(installation.database, second.database);
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "INSERT INTO contacts (id, name) VALUES (1000, 'Here'); " +
            "UPDATE projects SET name = 'here' WHERE id = 1",
        ),
    );
    withDb(
      second.database,
      (db) =>
        db.exec(
          "INSERT INTO contacts (id, name) VALUES (2000, 'There'); " +
            "UPDATE projects SET name = 'there' WHERE id = 2",
        ),
    );
    await succeeds(installation, "import", await backedUp(second));
    const names = "SELECT name FROM contacts WHERE id > 999 ORDER BY id";
    assertEquals(rowsIn(installation.database, names), [["Here"], ["There"]]);
    const merged = content(installation);
    await succeeds(installation, "import", await backedUp(second));
    assertEquals(content(installation), merged);
    await succeeds(second, "import", await backedUp(installation));
    assertEquals(content(second), merged);
  });
});
