/**
 * A day that went wrong is taken back, by an exact import or by undo.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Place } from "../../../lib/store/installation.ts";
import { withDb } from "../../support/scratch.ts";
import { backedUp, content, run, succeeds, walk } from "./walk.ts";

function spoil({ database }: Place): void {
  withDb(database, (db) =>
    db.exec(
      "INSERT INTO contacts (name) VALUES ('Junk 1'), ('Junk 2');" +
        "UPDATE contacts SET name = 'spoiled' WHERE id < 9;" +
        "DELETE FROM notes; DELETE FROM tasks WHERE id % 2",
    ));
}

Deno.test("a bad day is taken back by an exact import", async () => {
  await walk(async (place) => {
    const before = content(place);
    const path = await backedUp(place);
    spoil(place);
    const said = await succeeds(place, "import", path, "--exact", "--dry-run");
    assertStringIncludes(said, "would give way or go: ");
    assertEquals((await run(place, "import", path, "--exact")).code, 0);
    assertEquals(content(place), before);
  });
});

Deno.test("an import of the wrong backup is taken back by undo", async () => {
  await walk(async (place, other) => {
    const wrong = other("wrong");
    Deno.copyFileSync(place.database, wrong.database);
    spoil(wrong);
    const before = content(place);
    await run(place, "import", await backedUp(wrong), "--exact");
    assertEquals(content(place), content(wrong));
    await succeeds(place, "undo");
    assertEquals(content(place), before);
  });
});
