/**
 * Databases that are not there or not whole.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import {
  atSmallSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

const noDatabase =
  'Error: Cannot find a database: there is no "data/soy.db"; ' +
  "name the plugin's folder with --root, or restore one with import\n";
const noSqlite =
  'Error: Cannot back up "data/soy.db": it is not a readable SQLite ' +
  "database; import --replace-damaged moves it aside and restores a backup\n";

/** Exports in vain: one line, no file, and a backup made before stays. */
async function assertNoExport(
  installation: Installation,
  line: string | RegExp,
) {
  const before = namesIn(installation.backups);
  const { code, out, err } = await tool(installation, []);
  assertEquals([code, out], [1, ""]);
  assertMatch(err, /^Error: Cannot [^\n]+\n$/);
  if (typeof line === "string") assertEquals(err, line);
  else assertMatch(err, line);
  assertEquals(namesIn(installation.backups), before);
}

Deno.test("export without a database says how to get on", async () => {
  await atSmallSample(async (installation) => {
    await makeBackup(installation);
    Deno.removeSync(installation.database);
    await assertNoExport(installation, noDatabase);
    assertEquals(namesIn(installation.data), []);
  });
});

Deno.test("export without a data folder says the same and makes none", async () => {
  await atSmallSample(async (installation) => {
    Deno.removeSync(installation.data, { recursive: true });
    await assertNoExport(installation, noDatabase);
    assertEquals(namesIn(installation.root), ["output"]);
  });
});

Deno.test("an empty file, or a link to nothing, is no database", async () => {
  await atSmallSample(async (installation) => {
    Deno.truncateSync(installation.database);
    await assertNoExport(installation, noDatabase);
    Deno.removeSync(installation.database);
    Deno.symlinkSync("nowhere.db", installation.database);
    await assertNoExport(installation, noDatabase);
    assertEquals(namesIn(installation.data), ["soy.db"]);
  });
});

Deno.test("a file that is no database is not backed up", async () => {
  await atSmallSample(async (installation) => {
    Deno.writeTextFileSync(installation.database, "Dear diary. ".repeat(1000));
    await assertNoExport(installation, noSqlite);
  });
});

Deno.test("a folder in the place of the database is told in one line", async () => {
  await atSmallSample(async (installation) => {
    Deno.removeSync(installation.database);
    Deno.mkdirSync(join(installation.database, "folder"), { recursive: true });
    await assertNoExport(installation, /cannot be opened|it is a folder/);
  });
});

Deno.test("a damaged database is not backed up in part", async () => {
  await atSmallSample(async (installation) => {
    const bytes = Deno.readFileSync(installation.database);
    // The first page, which holds the schema, stays whole.
    bytes.fill(0xff, 16 * 4096, bytes.length - 4096);
    Deno.writeFileSync(installation.database, bytes);
    await assertNoExport(
      installation,
      /"data\/soy.db": the database is damaged; import --replace-damaged moves/,
    );
  });
});

Deno.test("a database cut in half is not backed up in part", async () => {
  await atSmallSample(async (installation) => {
    const { size } = Deno.statSync(installation.database);
    Deno.truncateSync(installation.database, size / 2);
    await assertNoExport(
      installation,
      /"data\/soy.db": the database is damaged; import --replace-damaged moves/,
    );
  });
});

Deno.test("import leaves a file that is no database as it is", async () => {
  await atSmallSample(async (installation) => {
    const backup = await makeBackup(installation);
    const words = "Dear diary. ".repeat(1000);
    Deno.writeTextFileSync(installation.database, words);
    const { code, out, err } = await tool(installation, ["import", backup]);
    assertEquals([code, out], [1, ""]);
    assertMatch(
      err,
      /^Error: Cannot open "data\/soy.db": it is not a readable SQLite database; import --replace-damaged .*\n$/,
    );
    assertEquals(Deno.readTextFileSync(installation.database), words);
  });
});
