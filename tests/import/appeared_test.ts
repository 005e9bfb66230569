/**
 * A database that appears while an import creates one is never replaced.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { atInstallation, rowsIn, session, withDb } from "../support/scratch.ts";

const sql = "CREATE TABLE a (x); INSERT INTO a VALUES ('saved')";
const other = "CREATE TABLE b (y); INSERT INTO b VALUES ('mine')";

/** Runs a test at a backup whose database is gone. */
async function atLost(
  test: (installation: Installation, path: string) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    const { path } = await exportBackup(installation, session());
    Deno.removeSync(installation.database);
    await test(installation, path);
  });
}

/** A session in which another program makes a database as soon as rows go in. */
function interrupted(installation: Installation, make: () => void) {
  const calm = session();
  let made = false;
  return {
    ...calm,
    checkpoint: async (progress?: Parameters<typeof calm.checkpoint>[0]) => {
      if (progress?.doing === "Importing" && !made) {
        made = true;
        make();
        withDb(installation.database, (db) => db.exec(other));
      }
      await calm.checkpoint(progress);
    },
  };
}

const ways: Record<string, (installation: Installation) => void> = {
  "where there was nothing": () => {},
  "in an empty file": ({ database }) => Deno.writeTextFileSync(database, ""),
};

for (const [where, prepare] of Object.entries(ways)) {
  Deno.test(`import() leaves a database alone that appears ${where}`, async () => {
    await atLost(async (installation, path) => {
      prepare(installation);
      const options = { snapshot: false };
      await assertRejects(
        () =>
          importBackup(
            installation,
            path,
            options,
            interrupted(installation, () => {}),
          ),
        BackupError,
        "appeared while the import was waiting or working",
      );
      assertEquals(rowsIn(installation.database, "SELECT y FROM b"), [[
        "mine",
      ]]);
    });
  });
}

Deno.test("two imports into nothing at once make one database", async () => {
  await atLost(async (installation, path) => {
    const options = { snapshot: false };
    const runs = await Promise.allSettled(
      [1, 2].map(() => importBackup(installation, path, options, session())),
    );
    assertEquals(runs.filter(({ status }) => status === "fulfilled").length, 1);
    assertEquals(rowsIn(installation.database, "SELECT x FROM a"), [["saved"]]);
  });
});

Deno.test("import() into nothing gets by without hard links", async () => {
  await atLost(async (installation, path) => {
    const { linkSync } = Deno;
    Deno.linkSync = () => {
      throw new Deno.errors.PermissionDenied("Operation not permitted");
    };
    try {
      await importBackup(installation, path, {}, session());
    } finally {
      Deno.linkSync = linkSync;
    }
    assertEquals(rowsIn(installation.database, "SELECT x FROM a"), [["saved"]]);
  });
});
