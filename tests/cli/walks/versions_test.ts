/**
 * Backups of an application that was older or newer than the one here.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { rowsIn, withDb } from "../../support/scratch.ts";
import { backedUp, content, run, succeeds, walk } from "./walk.ts";

const modules = ["decisions", "journal_entries", "signals", "slack_messages"];
const drop = modules.map((name) => `DROP TABLE ${name};`).join("");

Deno.test("a backup made before four modules existed leaves their rows alone", async () => {
  await walk(async (installation, other) => {
    const older = other("older");
    Deno.copyFileSync(installation.database, older.database);
    withDb(older.database, (db) => db.exec(drop));
    const path = await backedUp(older);
    const before = content(installation);
    withDb(installation.database, (db) => db.exec("DELETE FROM notes"));
    await succeeds(installation, "import", path, "--exact");
    assertEquals(content(installation), before);
  });
});

Deno.test("a backup made after four modules came makes their tables here", async () => {
  await walk(async (installation, other) => {
    const older = other("older");
    Deno.copyFileSync(installation.database, older.database);
    withDb(older.database, (db) => db.exec(drop));
    const said = await succeeds(older, "import", await backedUp(installation));
    const line = said.split("\n").find((line) => line.startsWith("Created "));
    assertMatch(line ?? "", /^Created \d+ tables from the backup: .*\.$/);
    for (const name of modules) assertStringIncludes(line!, name);
    assertEquals(content(older), content(installation));
    const indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' " +
      "ORDER BY name";
    assertEquals(
      rowsIn(older.database, indexes),
      rowsIn(installation.database, indexes),
    );
  });
});

Deno.test("a backup with columns that are not here says what is left out", async () => {
  await walk(async (installation, other) => {
    const newer = other("newer");
    Deno.copyFileSync(installation.database, newer.database);
    withDb(
      newer.database,
      (db) =>
        db.exec(
          "ALTER TABLE contacts ADD COLUMN birthday TEXT; " +
            "UPDATE contacts SET birthday = '2000-01-01' WHERE id < 3",
        ),
    );
    const before = content(installation);
    const { code, err } = await run(
      installation,
      "import",
      await backedUp(newer),
    );
    assertEquals(code, 3);
    assertEquals(
      err,
      'Left out: column "birthday" of table "contacts", 2 values: ' +
        "the local table has no such column",
    );
    assertEquals(content(installation), before);
  });
});

Deno.test("a backup with missing modules leaves them out where it may make none", async () => {
  await walk(async (installation, other) => {
    const older = other("older");
    Deno.copyFileSync(installation.database, older.database);
    withDb(older.database, (db) => db.exec(drop));
    const path = await backedUp(installation);
    const { code, err } = await run(older, "import", path, "--no-create");
    assertEquals(code, 3);
    assertMatch(
      err,
      /^(Left out: table "\w+", \d+ rows: the database has no such table\n?){4}$/,
    );
    for (const name of modules) assertStringIncludes(err, `"${name}"`);
  });
});
