/**
 * What tells a person that something is missing.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { putSample } from "../support/sample.ts";
import { runTool } from "../support/process.ts";
import { inScratch, makeInstallation, withDb } from "../support/scratch.ts";

/** Runs a step at a sample that has one backup. */
async function atBackup(
  step: (run: (...args: string[]) => ReturnType<typeof runTool>, installation: {
    database: string;
    backups: string;
  }) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSample(installation.database, { scale: 0.1 });
    const run = (...args: string[]) =>
      runTool([...args, "--root", "."], { cwd: installation.root });
    assertEquals((await run("export")).code, 0);
    await step(run, installation);
  });
}

Deno.test("status warns of a table that is empty now and was not", async () => {
  await atBackup(async (run, { database }) => {
    assertEquals((await run("status")).err, "");
    withDb(database, (db) => db.exec("DELETE FROM decisions"));
    const { err, code } = await run("status");
    assertMatch(
      err,
      /^WARNING: your backup (backup-\S+\.json) has 16 decisions; .* import \1\n/,
    );
    assertEquals(code, 0);
  });
});

Deno.test("status warns of a table that is gone", async () => {
  await atBackup(async (run, { database }) => {
    withDb(database, (db) => db.exec("DROP TABLE decisions"));
    const { err } = await run("status");
    assertMatch(
      err,
      /^WARNING: your backup (backup-\S+\.json) has 16 decisions; /,
    );
  });
});

Deno.test("status warns where the backups themselves are gone", async () => {
  await atBackup(async (run, { backups }) => {
    for (const { name } of [...Deno.readDirSync(backups)]) {
      Deno.removeSync(`${backups}/${name}`);
    }
    const { err } = await run("status");
    assertMatch(err, /^WARNING: a backup was made, but its file is no longer/);
  });
});

Deno.test("status does not count a file that is cut short", async () => {
  await atBackup(async (run, { backups }) => {
    const [{ name }] = [...Deno.readDirSync(backups)] as [Deno.DirEntry];
    const whole = Deno.readFileSync(`${backups}/${name}`);
    Deno.writeFileSync(`${backups}/${name}`, whole.subarray(0, 20_000));
    const { out } = await run("status");
    assertStringIncludes(out, "0 backup files found.");
    assertStringIncludes(out, `Not counted: ${name}: it has no checksum`);
  });
});

Deno.test("import names the backup that a mistyped name comes near", async () => {
  await atBackup(async (run, { backups }) => {
    const [{ name }] = [...Deno.readDirSync(backups)] as [Deno.DirEntry];
    const { err, code } = await run("import", name.replace("backup", "bakup"));
    assertEquals(code, 1);
    assertMatch(err, /^Error: Cannot find backup "bakup-/);
    assertStringIncludes(err, `did you mean ${name}?`);
  });
});

Deno.test("status warns in one line where most of the tables are empty", async () => {
  await atBackup(async (run, { database }) => {
    withDb(database, (db) => {
      const tables = db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND " +
          "name NOT LIKE 'sqlite%' AND name NOT IN ('soy_meta', 'generated_views')",
      ).values<[string]>();
      for (const [name] of tables) db.exec(`DELETE FROM "${name}"`);
    });
    const { err } = await run("status");
    assertMatch(
      err,
      /^WARNING: \d+ tables that had data are empty: 31 contacts, .* and \d+ tables more\. Your backup (backup-\S+\.json) has them\. If you didn't delete them, run \/backup import \1\n$/,
    );
  });
});

Deno.test("status warns of a table that has lost a fifth of its rows", async () => {
  await atBackup(async (run, { database }) => {
    withDb(database, (db) => db.exec("DELETE FROM contacts WHERE id > 4"));
    const { err, out } = await run("status");
    assertMatch(
      err,
      /^WARNING: 1 table lost many rows: 27 of 31 contacts\. Your backup backup-/,
    );
    assertStringIncludes(
      out,
      "\nSince the newest backup: 27 fewer contacts.\n",
    );
  });
});

Deno.test("status names five tables that have other numbers of rows, and counts the others", async () => {
  await atBackup(async (run, { database }) => {
    const tables = "tags notes tasks emails decisions signals projects";
    withDb(database, (db) => {
      db.exec("PRAGMA foreign_keys = OFF");
      for (const table of tables.split(" ")) {
        db.exec(`DELETE FROM ${table} WHERE rowid = 1`);
      }
    });
    const { out } = await run("status");
    assertMatch(
      out,
      /\nSince the newest backup: 1 fewer .* and changes in 2 more tables\.\n/,
    );
  });
});

Deno.test("status shows how many contacts, projects and emails a backup has", async () => {
  await atBackup(async (run) => {
    const { out } = await run("status");
    assertMatch(out, /\.json .* 31 contacts, 8 projects, \d+ emails\n/);
  });
});
