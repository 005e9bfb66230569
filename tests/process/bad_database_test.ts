/**
 * Databases that are not there or not whole.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { Place } from "../../lib/store/installation.ts";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

const noDatabase =
  'Error: Cannot find a database: there is no "data/soy.db"; ' +
  "name the plugin's folder with --root, or restore one with import\n";
const noSqlite =
  'Error: Cannot back up "data/soy.db": it is no SQLite database; move it ' +
  "aside, then import a backup\n";

/** Exports in vain: one line, no file, and a backup made before stays. */
async function assertNoExport(place: Place, line: string | RegExp) {
  const before = namesIn(place.output);
  const { code, out, err } = await tool(place, []);
  assertEquals([code, out], [1, ""]);
  assertMatch(err, /^Error: Cannot [^\n]+\n$/);
  if (typeof line === "string") assertEquals(err, line);
  else assertMatch(err, line);
  assertEquals(namesIn(place.output), before);
}

Deno.test("export without a database says how to get on", async () => {
  await atSample(async (place) => {
    await makeBackup(place);
    Deno.removeSync(place.database);
    await assertNoExport(place, noDatabase);
    assertEquals(namesIn(place.data), []);
  });
});

Deno.test("export without a data folder says the same and makes none", async () => {
  await atSample(async (place) => {
    Deno.removeSync(place.data, { recursive: true });
    await assertNoExport(place, noDatabase);
    assertEquals(namesIn(place.root), ["output"]);
  });
});

Deno.test("an empty file, or a link to nothing, is no database", async () => {
  await atSample(async (place) => {
    Deno.truncateSync(place.database);
    await assertNoExport(place, noDatabase);
    Deno.removeSync(place.database);
    Deno.symlinkSync("nowhere.db", place.database);
    await assertNoExport(place, noDatabase);
    assertEquals(namesIn(place.data), ["soy.db"]);
  });
});

Deno.test("a file that is no database is not backed up", async () => {
  await atSample(async (place) => {
    Deno.writeTextFileSync(place.database, "Dear diary. ".repeat(1000));
    await assertNoExport(place, noSqlite);
  });
});

Deno.test("a folder in the place of the database is told in one line", async () => {
  await atSample(async (place) => {
    Deno.removeSync(place.database);
    Deno.mkdirSync(join(place.database, "folder"), { recursive: true });
    await assertNoExport(place, /cannot be opened|it is a folder/);
  });
});

Deno.test("a damaged database is not backed up in part", async () => {
  await atSample(async (place) => {
    const bytes = Deno.readFileSync(place.database);
    // The first page, which holds the schema, stays whole.
    bytes.fill(0xff, 16 * 4096, bytes.length - 4096);
    Deno.writeFileSync(place.database, bytes);
    await assertNoExport(
      place,
      /: the database is damaged; move it aside, then/,
    );
  });
});

Deno.test("a database cut in half is not backed up in part", async () => {
  await atSample(async (place) => {
    const { size } = Deno.statSync(place.database);
    Deno.truncateSync(place.database, size / 2);
    await assertNoExport(
      place,
      /: the database is damaged; move it aside, then/,
    );
  });
});

Deno.test("import leaves a file that is no database as it is", async () => {
  await atSample(async (place) => {
    const backup = await makeBackup(place);
    const words = "Dear diary. ".repeat(1000);
    Deno.writeTextFileSync(place.database, words);
    const { code, out, err } = await tool(place, ["import", backup]);
    assertEquals([code, out], [1, ""]);
    assertMatch(
      err,
      /^Error: Cannot open "data\/soy.db": it is no SQLite database; .*\n$/,
    );
    assertEquals(Deno.readTextFileSync(place.database), words);
  });
});
