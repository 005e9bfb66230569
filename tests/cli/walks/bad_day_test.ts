/**
 * A day that went wrong is taken back, by an exact import or by undo.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Installation } from "../../../lib/store/installation.ts";
import { withDb } from "../../support/scratch.ts";
import { backedUp, content, run, succeeds, walk } from "./walk.ts";

function spoil({ database }: Installation): void {
  withDb(database, (db) =>
    db.exec(
      "INSERT INTO contacts (name) VALUES ('Junk 1'), ('Junk 2');" +
        "UPDATE contacts SET name = 'spoiled' WHERE id < 9;" +
        "DELETE FROM notes; DELETE FROM tasks WHERE id % 2",
    ));
}

Deno.test("a bad day is taken back by an exact import", async () => {
  await walk(async (installation) => {
    const before = content(installation);
    const path = await backedUp(installation);
    spoil(installation);
    const said = await succeeds(
      installation,
      "import",
      path,
      "--exact",
      "--dry-run",
    );
    assertStringIncludes(said, "would be replaced or removed: ");
    assertEquals((await run(installation, "import", path, "--exact")).code, 0);
    assertEquals(content(installation), before);
  });
});

Deno.test("an import of the wrong backup is taken back by undo", async () => {
  await walk(async (installation, other) => {
    const wrong = other("wrong");
    Deno.copyFileSync(installation.database, wrong.database);
    spoil(wrong);
    const before = content(installation);
    await run(installation, "import", await backedUp(wrong), "--exact");
    assertEquals(content(installation), content(wrong));
    await succeeds(installation, "undo");
    assertEquals(content(installation), before);
  });
});
