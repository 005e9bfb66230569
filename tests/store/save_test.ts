/**
 * A disk that fails while a backup gets its name.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, session } from "../support/scratch.ts";

const sql = "CREATE TABLE a (x); INSERT INTO a VALUES (1)";

const fault = new Error("Input/output error (os error 5)");

/** Runs a step in which one rename fails, and in which files may not have two names. */
async function failing(
  rename: number,
  canLink: boolean,
  step: () => Promise<unknown>,
): Promise<void> {
  const { renameSync, linkSync } = Deno;
  let renames = 0;
  Deno.renameSync = (from, to) => {
    if (++renames === rename) throw fault;
    renameSync(from, to);
  };
  if (!canLink) {
    Deno.linkSync = () => {
      throw fault;
    };
  }
  try {
    await step();
  } finally {
    Object.assign(Deno, { renameSync, linkSync });
  }
}

for (
  const [what, rename, canLink] of [
    ["a rename", 1, true],
    ["a rename, where a file has one name only,", 2, false],
  ] as const
) {
  Deno.test(`export() leaves the earlier backup alone if ${what} fails`, async () => {
    await atInstallation(sql, async (installation) => {
      const { path } = await exportBackup(installation, session());
      const before = namesIn(installation.backups);
      const bytes = Deno.readFileSync(path);
      const again = () => exportBackup(installation, session());
      const message =
        `Cannot save a backup in "${installation.backups}": the disk`;
      await failing(rename, canLink, async () => {
        await assertRejects(again, BackupError, message);
      });
      assertEquals(namesIn(installation.backups), before);
      assertEquals(Deno.readFileSync(path), bytes);
    });
  });
}

Deno.test("export() is not held up by what a killed run left and nobody may remove", async () => {
  await atInstallation(sql, async (installation) => {
    const left = join(installation.backups, ".backup-0123abcd-1.tmp");
    Deno.writeTextFileSync(left, "half a backup");
    const { removeSync } = Deno;
    Deno.removeSync = (path, options) => {
      if (path === left) throw new Deno.errors.PermissionDenied();
      removeSync(path, options);
    };
    try {
      const { path } = await exportBackup(installation, session());
      assert(Deno.statSync(path).isFile);
    } finally {
      Deno.removeSync = removeSync;
    }
  });
});
