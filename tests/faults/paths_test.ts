/**
 * Folders and links where files are expected, and files that nobody foresaw.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { atSample, makeBackup, namesIn } from "../support/installation.ts";
import { bounded } from "./bounded.ts";
import { session } from "../support/scratch.ts";

Deno.test("a snapshot from beyond all dates does not stop an import", async () => {
  await atSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const far = join(
      installation.backups,
      "before-import-9999-12-31-235959.db",
    );
    Deno.copyFileSync(installation.database, far);
    assertEquals((await bounded(installation, ["import", backup])).code, 0);
  });
});

Deno.test("a folder with a temporary file's name does not stop an export", async () => {
  await atSample(async (installation) => {
    const folder = join(installation.backups, ".backup-0123abcd.tmp");
    Deno.mkdirSync(join(folder, "mine"), { recursive: true });
    assertEquals((await bounded(installation, ["export"])).code, 0);
    assertEquals(namesIn(folder), ["mine"]);
  });
});

Deno.test("a link with a temporary file's name takes no file outside with it", async () => {
  await atSample(async (installation) => {
    const outside = join(installation.root, "outside.txt");
    Deno.writeTextFileSync(outside, "mine");
    Deno.symlinkSync(
      outside,
      join(installation.backups, ".backup-0123abcd.tmp"),
    );
    const { path } = await exportBackup(installation, session());
    assertEquals(Deno.readTextFileSync(outside), "mine");
    assertEquals(namesIn(installation.backups), [basename(path)]);
  });
});

Deno.test("an import clears away what a killed one left beside the database", async () => {
  await atSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    // A run that is killed at the very end leaves a second name of the database.
    const left = join(installation.data, ".backup-0123abcd.tmp");
    Deno.linkSync(installation.database, left);
    assertEquals((await bounded(installation, ["import", backup])).code, 0);
    assertEquals(namesIn(installation.data), ["soy.db"]);
  });
});

Deno.test("a folder for backups on a disk that is away is not an empty one", async () => {
  await atSample(async (installation) => {
    const { backups, root } = installation;
    Deno.removeSync(backups, { recursive: true });
    Deno.symlinkSync(join(root, "away"), backups);
    const before = Deno.readFileSync(installation.database);
    const commands = "status export report tidy diff undo verify,--all " +
      "find,Ann import,latest show,latest";
    for (const command of commands.split(" ")) {
      const words = command.split(",");
      const { code, out, err } = await bounded(installation, words);
      assertEquals([code, out], [1, ""], command);
      assertMatch(err, /^Error: .* is a link to a folder that doesn't exist; /);
      assertEquals(err.indexOf("\n"), err.length - 1);
    }
    const { code, out } = await bounded(installation, ["hook"]);
    assertEquals(code, 0);
    assertMatch(out, /is a link to a folder that doesn't exist; /);
    assertEquals(Deno.readFileSync(installation.database), before);
    Deno.mkdirSync(join(root, "away"));
    assertEquals((await bounded(installation, ["export"])).code, 0);
  });
});

Deno.test("a pipe with a backup's name does not stop an export", async () => {
  await atSample(async (installation) => {
    const pipe = join(installation.backups, "backup-2020-01-01.json");
    const { success } = await new Deno.Command("mkfifo", { args: [pipe] })
      .output();
    assertEquals(success, true);
    assertEquals((await bounded(installation, ["export"])).code, 0);
    assertEquals((await bounded(installation, ["status"])).code, 0);
  });
});

Deno.test("a pipe with the name of an encrypted file does not stop a verification", async () => {
  await atSample(async (installation) => {
    await makeBackup(installation);
    for (const name of ["backup-2020-01-01.json", "backups-2020-01.tar.zst"]) {
      const pipe = join(installation.backups, `${name}.age`);
      const { success } = await new Deno.Command("mkfifo", { args: [pipe] })
        .output();
      assertEquals(success, true);
      const { code, err } = await bounded(installation, ["verify", "--all"]);
      assertEquals([code, err], [1, `FAILED: ${name}.age: it is no file\n`]);
      Deno.removeSync(pipe);
    }
  });
});
