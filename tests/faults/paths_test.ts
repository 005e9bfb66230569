/**
 * Folders and links where files are expected, and files that nobody foresaw.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { atSample, makeBackup, namesIn } from "../support/installation.ts";
import { bounded } from "./bounded.ts";
import { session } from "../support/scratch.ts";

Deno.test("a snapshot from beyond all dates does not stop an import", async () => {
  await atSample(async (place) => {
    const backup = basename(await makeBackup(place));
    const far = join(place.output, "before-import-9999-12-31-235959.db");
    Deno.copyFileSync(place.database, far);
    assertEquals((await bounded(place, ["import", backup])).code, 0);
  });
});

Deno.test("a folder with a temporary file's name does not stop an export", async () => {
  await atSample(async (place) => {
    const folder = join(place.output, ".backup-0123abcd.tmp");
    Deno.mkdirSync(join(folder, "mine"), { recursive: true });
    assertEquals((await bounded(place, ["export"])).code, 0);
    assertEquals(namesIn(folder), ["mine"]);
  });
});

Deno.test("a link with a temporary file's name takes no file outside with it", async () => {
  await atSample(async (place) => {
    const outside = join(place.root, "outside.txt");
    Deno.writeTextFileSync(outside, "mine");
    Deno.symlinkSync(outside, join(place.output, ".backup-0123abcd.tmp"));
    const { path } = await exportBackup(place, session());
    assertEquals(Deno.readTextFileSync(outside), "mine");
    assertEquals(namesIn(place.output), [basename(path)]);
  });
});

Deno.test("an import clears away what a killed one left beside the database", async () => {
  await atSample(async (place) => {
    const backup = basename(await makeBackup(place));
    // A run that is killed at the very end leaves a second name of the database.
    const left = join(place.data, ".backup-0123abcd.tmp");
    Deno.linkSync(place.database, left);
    assertEquals((await bounded(place, ["import", backup])).code, 0);
    assertEquals(namesIn(place.data), ["soy.db"]);
  });
});

Deno.test("a pipe with a backup's name does not stop an export", async () => {
  await atSample(async (place) => {
    const pipe = join(place.output, "backup-2020-01-01.json");
    const { success } = await new Deno.Command("mkfifo", { args: [pipe] })
      .output();
    assertEquals(success, true);
    assertEquals((await bounded(place, ["export"])).code, 0);
    assertEquals((await bounded(place, ["status"])).code, 0);
  });
});
