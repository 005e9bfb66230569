/**
 * What tells a person that something is missing.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeSample } from "../../lib/demo/sample.ts";
import { runTool } from "../support/process.ts";
import { inScratch, makePlace, withDb } from "../support/scratch.ts";

/** Runs a step at a sample that has one backup. */
async function atBackup(
  step: (run: (...args: string[]) => ReturnType<typeof runTool>, place: {
    database: string;
    output: string;
  }) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const place = makePlace(folder, "here");
    makeSample(place.database, { scale: 0.1 });
    const run = (...args: string[]) =>
      runTool([...args, "--root", "."], { cwd: place.root });
    assertEquals((await run("export")).code, 0);
    await step(run, place);
  });
}

Deno.test("status warns of a table that is empty now and was not", async () => {
  await atBackup(async (run, { database }) => {
    assertEquals((await run("status")).err, "");
    withDb(database, (db) => db.exec("DELETE FROM decisions"));
    const { err, code } = await run("status");
    assertMatch(
      err,
      /^WARNING: 16 decisions in (backup-\S+\.json), and none now.* import \1\n/,
    );
    assertEquals(code, 0);
  });
});

Deno.test("status warns of a table that is gone", async () => {
  await atBackup(async (run, { database }) => {
    withDb(database, (db) => db.exec("DROP TABLE decisions"));
    const { err } = await run("status");
    assertMatch(err, /^WARNING: 16 decisions in (backup-\S+\.json), and none/);
  });
});

Deno.test("status warns where the backups themselves are gone", async () => {
  await atBackup(async (run, { output }) => {
    for (const { name } of [...Deno.readDirSync(output)]) {
      Deno.removeSync(`${output}/${name}`);
    }
    const { err } = await run("status");
    assertMatch(err, /^WARNING: there was a backup, and its file is no longer/);
  });
});

Deno.test("status does not count a file that is cut short", async () => {
  await atBackup(async (run, { output }) => {
    const [{ name }] = [...Deno.readDirSync(output)] as [Deno.DirEntry];
    const whole = Deno.readFileSync(`${output}/${name}`);
    Deno.writeFileSync(`${output}/${name}`, whole.subarray(0, 20_000));
    const { out } = await run("status");
    assertStringIncludes(out, "0 backup files found.");
    assertStringIncludes(out, `Not counted: ${name}: it has no checksum`);
  });
});

Deno.test("import names the backup that a mistyped name comes near", async () => {
  await atBackup(async (run, { output }) => {
    const [{ name }] = [...Deno.readDirSync(output)] as [Deno.DirEntry];
    const { err, code } = await run("import", name.replace("backup", "bakup"));
    assertEquals(code, 1);
    assertMatch(err, /^Error: Cannot find backup "bakup-/);
    assertStringIncludes(err, `did you mean ${name}?`);
  });
});
