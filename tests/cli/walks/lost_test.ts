/**
 * The whole way with words: proof, loss, preview, import, undo and undo again.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { basename } from "@std/path";
import { withDb } from "../../support/scratch.ts";
import { backedUp, content, run, succeeds, walk } from "./walk.ts";

Deno.test("a lost file comes back with every row", async () => {
  await walk(async (installation) => {
    const before = content(installation);
    const path = await backedUp(installation);
    Deno.removeSync(installation.database);
    assertEquals((await run(installation, "export")).code, 1);
    const words = await succeeds(installation, "import", basename(path));
    assertMatch(words, /^Imported 31 contacts, .* from backup\.\n/);
    assertStringIncludes(words, "Created a new database from the backup.");
    assertEquals(content(installation), before);
  });
});

Deno.test("the whole way: verified, lost, previewed, imported, undone and done again", async () => {
  await walk(async (installation) => {
    const before = content(installation);
    const made = await succeeds(installation, "export", "--verify");
    assertMatch(made, /\nVerified: a test restore matched every value\.$/);
    const proof = await succeeds(installation, "verify");
    assertMatch(
      proof,
      /^Verified: backup-.*\.json restores\. 36 tables, [\d,]+ rows, every value matches\.$/,
    );
    const name = proof.split(" ")[1]!;
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "DELETE FROM contacts WHERE id > 5; UPDATE projects SET name = 'x' || id",
        ),
    );
    const lost = content(installation);
    const said = await succeeds(installation, "import", name, "--dry-run");
    assertMatch(said, /^An import would bring 31 contacts, /);
    assertMatch(said, /\ncontacts +26 +0 +5/);
    assertMatch(said, /\nprojects +0 +8 +0/);
    assertStringIncludes(said, "\nFor example:\ncontacts, new: ");
    assertEquals(content(installation), lost);
    const done = await succeeds(installation, "import", name);
    assertMatch(
      done,
      /\nTo go back: undo \(from output\/before-import-.*\.db\)\./,
    );
    assertEquals(content(installation), before);
    const back = await succeeds(installation, "undo");
    assertMatch(
      back,
      /^The database is as it was on \d{4}-\d\d-\d\d at \d\d:\d\d\.\n/,
    );
    assertStringIncludes(back, "\n  contacts: 31 rows before, 5 rows now\n");
    assertStringIncludes(back, "\n  projects: 8 rows, other values\n");
    assertMatch(
      back,
      /\nTo go forward again: undo \(from output\/before-undo-.*\.db\)\.$/,
    );
    assertEquals(content(installation), lost);
    const forth = await succeeds(installation, "undo");
    assertStringIncludes(forth, "\n  contacts: 5 rows before, 31 rows now\n");
    assertEquals(content(installation), before);
  });
});

Deno.test("a backup that the database already matches changes nothing, and says so", async () => {
  await walk(async (installation) => {
    const name = basename(await backedUp(installation));
    const said = await succeeds(installation, "import", name, "--dry-run");
    const matches = "the database already matches this backup.";
    assert(said.endsWith(`\nNothing would change: ${matches}`), said);
    assertStringIncludes(said, "\nNot changed by an import: generated_views, ");
    const done = await succeeds(installation, "import", name);
    assertStringIncludes(done, `\nNothing changed: ${matches}`);
  });
});
