/**
 * tidy where the user may not write, or not read.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { assertAllThere, atDays, filesIn, packNames } from "../pack/days.ts";
import { BoundUser, withMode } from "../support/bound_user.ts";
import { namesIn } from "../support/installation.ts";

const notAllowed =
  `the system doesn't allow writing to "output"; check who owns it`;

Deno.test("tidy in a folder that can only be read packs nothing, in one line", async () => {
  await atDays(12, async (installation) => {
    const { backups } = installation;
    const user = await BoundUser.in(dirname(installation.root));
    user.takeAll();
    const before = filesIn(backups);
    await withMode(backups, 0o500, async () => {
      const { code, out, err } = await user.run(installation, ["tidy"]);
      assertEquals([code, out], [1, ""]);
      assertEquals(err, `Error: Cannot tidy "output": ${notAllowed}\n`);
    });
    assertEquals(filesIn(backups), before);
  });
});

Deno.test("a preview of tidy in a folder that can only be read works", async () => {
  await atDays(12, async (installation) => {
    const { backups } = installation;
    const user = await BoundUser.in(dirname(installation.root));
    user.takeAll();
    const before = filesIn(backups);
    await withMode(backups, 0o500, async () => {
      const run = await user.run(installation, ["tidy", "--dry-run"]);
      assertEquals([run.code, run.err], [0, ""]);
      assertStringIncludes(run.out, "Would pack 5 backups into 1 month.");
    });
    assertEquals(filesIn(backups), before);
  });
});

Deno.test("a backup that may not be read stays, and the others are packed", async () => {
  await atDays(12, async (installation, files) => {
    const { backups } = installation;
    const user = await BoundUser.in(dirname(installation.root));
    user.takeAll();
    const name = "backup-2026-02-17.json";
    await withMode(join(backups, name), 0, async () => {
      const { out } = await user.run(installation, ["tidy"]);
      assertStringIncludes(out, "Packed 4 backups into 1 month.");
    });
    assertEquals(packNames(installation), ["backups-2026-02.tar.zst"]);
    assertEquals(namesIn(backups).includes(name), true);
    await assertAllThere(installation, files);
  });
});
