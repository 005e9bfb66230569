/**
 * Files and folders that the user may not write, or not read.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { putSmallSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";
import { BoundUser, withMode } from "../support/bound_user.ts";
import { namesIn } from "../support/installation.ts";

const notAllowed = "the system doesn't allow it; check who owns it\n";
const noWriting = (folder: string) =>
  `the system doesn't allow writing to "${folder}"; check who owns it\n`;

/** Runs a test as a user whom modes bind, with one backup made. */
function asUser(
  test: (
    user: BoundUser,
    installation: Installation,
    backup: string,
  ) => Promise<void>,
): Promise<void> {
  return inScratch(async (folder) => {
    const user = await BoundUser.in(folder);
    const installation = makeInstallation(folder, "here");
    putSmallSample(installation.database, { scale: 0.05 });
    user.takeAll();
    const { code, err } = await user.run(installation, []);
    assertEquals([code, err], [0, ""]);
    await test(user, installation, namesIn(installation.backups)[0]!);
  });
}

Deno.test("a folder that can only be read gets no backup, and keeps its own", async () => {
  await asUser(async (user, installation, backup) => {
    const path = join(installation.backups, backup);
    const before = Deno.readFileSync(path);
    await withMode(installation.backups, 0o500, async () => {
      const { code, out, err } = await user.run(installation, []);
      assertEquals([code, out], [1, ""]);
      assertEquals(
        err,
        `Error: Cannot save a backup in "output": ${noWriting("output")}`,
      );
    });
    assertEquals(namesIn(installation.backups), [backup]);
    assertEquals(Deno.readFileSync(path), before);
  });
});

Deno.test("who looks at a backup is told which folder can't be written", async () => {
  await asUser(async (user, installation, backup) => {
    await withMode(installation.backups, 0o500, async () => {
      for (const command of ["verify", "diff"]) {
        const { code, out, err } = await user.run(installation, [command]);
        assertEquals([code, out], [1, ""]);
        const verb = command === "verify" ? "verify" : "read";
        const doing = `Error: Cannot ${verb} "${backup}": `;
        assertEquals(err, doing + noWriting("output"));
      }
    });
  });
});

Deno.test("a database that can only be read is backed up, with a warning", async () => {
  await asUser(async (user, installation) => {
    const before = Deno.readFileSync(installation.database);
    await withMode(
      installation.database,
      0o400,
      () =>
        withMode(installation.data, 0o500, async () => {
          const { code, out, err } = await user.run(installation, []);
          assertEquals(code, 0);
          assertStringIncludes(out, "Backup saved. 31 contacts, ");
          assertMatch(err, /^Warning: [^\n]*: the database is read-only; /);
        }),
    );
    assertEquals(namesIn(installation.backups).length, 2);
    assertEquals(Deno.readFileSync(installation.database), before);
  });
});

Deno.test("import into a database that can only be read fails in one line", async () => {
  await asUser(async (user, installation, backup) => {
    const before = Deno.readFileSync(installation.database);
    await withMode(installation.database, 0o400, async () => {
      const { code, out, err } = await user.run(installation, [
        "import",
        backup,
      ]);
      assertEquals([code, out], [1, ""]);
      const reason = "the database is read-only; check who owns it and its " +
        "folder, and whether its disk can be written";
      assertEquals(err, `Error: Cannot import "${backup}": ${reason}\n`);
    });
    assertEquals(Deno.readFileSync(installation.database), before);
  });
});

Deno.test("import into a folder that can only be read makes nothing", async () => {
  await asUser(async (user, installation, backup) => {
    Deno.removeSync(installation.database);
    await withMode(installation.data, 0o500, async () => {
      const { code, out, err } = await user.run(installation, [
        "import",
        backup,
      ]);
      assertEquals([code, out], [1, ""]);
      assertEquals(
        err,
        `Error: Cannot import "${backup}": ${noWriting("data")}`,
      );
    });
    assertEquals(namesIn(installation.data), []);
  });
});

Deno.test("a backup that may not be read is named by import and by status", async () => {
  await asUser(async (user, installation, backup) => {
    await withMode(join(installation.backups, backup), 0, async () => {
      const run = await user.run(installation, ["import", backup]);
      assertEquals([run.code, run.out], [1, ""]);
      assertStringIncludes(run.err, "Error: Cannot read backup ");
      assertMatch(run.err, new RegExp(`^[^\n]*${notAllowed}$`));
      const { code, out } = await user.run(installation, ["status"]);
      assertEquals(code, 0);
      assertStringIncludes(out, `Not counted: ${backup}: ${notAllowed}`);
    });
  });
});
