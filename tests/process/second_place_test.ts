/**
 * The second place under the permissions that the program has in daily use.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { installationAt } from "../../lib/store/installation.ts";
import { namesIn, tool } from "../support/installation.ts";
import { putSmallSample } from "../support/sample.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";
import { BoundUser, withMode } from "../support/bound_user.ts";

Deno.test("a second place behind two links is copied to, packed and verified under scoped permissions", async () => {
  await inScratch(async (folder) => {
    const user = makeInstallation(folder, "the user's data");
    const installation = installationAt(join(folder, "plugin"));
    Deno.mkdirSync(installation.data, { recursive: true });
    Deno.symlinkSync(user.database, installation.database);
    Deno.symlinkSync(user.backups, installation.backups);
    const disk = join(folder, "usb disk");
    Deno.mkdirSync(disk);
    Deno.symlinkSync(disk, join(user.backups, "second-place"));
    putSmallSample(user.database, { scale: 0.05 });
    for (const args of [["export"], ["tidy"], ["verify", "--all"], ["hook"]]) {
      const run = await tool(installation, args);
      assertEquals([args, run.code, run.err], [args, 0, ""]);
    }
    const [marker, ...copies] = namesIn(disk);
    assertEquals(marker, "about-these-backups.txt");
    assertEquals(copies.length, 1);
    assertEquals(
      Deno.readTextFileSync(join(disk, copies[0]!)),
      Deno.readTextFileSync(join(user.backups, copies[0]!)),
    );
    const status = await tool(installation, ["status"]);
    assertStringIncludes(status.out, `Second place (${disk}): 1 of 1 file`);
  });
});

Deno.test({
  name:
    "a second place that may not be written is a warning; the backup stands",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inScratch(async (folder) => {
      const user = await BoundUser.in(folder);
      const installation = makeInstallation(folder, "here");
      putSmallSample(installation.database, { scale: 0.05 });
      const place = join(installation.backups, "second-place");
      Deno.mkdirSync(place);
      user.takeAll();
      await withMode(place, 0o555, async () => {
        const run = await user.run(installation, ["export"]);
        assertEquals(run.code, 3);
        assertStringIncludes(
          run.err,
          "Warning: the second place is not up to date: the system doesn't",
        );
        assertEquals(namesIn(place), []);
        assertStringIncludes(run.out, "Backup saved.");
        const tidied = await user.run(installation, ["tidy"]);
        assertEquals([tidied.code, tidied.err], [3, run.err]);
        const verified = await user.run(installation, ["verify", "--all"]);
        assertEquals([verified.code, verified.err], [0, ""]);
        const status = await user.run(installation, ["status"]);
        assertStringIncludes(status.out, ": 0 of 1 file.");
        assertStringIncludes(status.err, "the second place lacks backup-");
      });
    });
  },
});
