/**
 * Files and folders that the user may not write, or not read.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeSample } from "../../lib/demo/sample.ts";
import type { Place } from "../../lib/store/installation.ts";
import { inScratch, makePlace } from "../support/scratch.ts";
import { BoundUser, withMode } from "../support/bound_user.ts";
import { namesIn } from "../support/installation.ts";

const notAllowed = "the system does not allow it; see who owns it\n";

/** Runs a test as a user whom modes bind, with one backup made. */
function asUser(
  test: (user: BoundUser, place: Place, backup: string) => Promise<void>,
): Promise<void> {
  return inScratch(async (folder) => {
    const user = await BoundUser.in(folder);
    const place = makePlace(folder, "here");
    makeSample(place.database, { scale: 0.05 });
    user.takeAll();
    const { code, err } = await user.run(place, []);
    assertEquals([code, err], [0, ""]);
    await test(user, place, namesIn(place.output)[0]!);
  });
}

Deno.test("a folder that can only be read gets no backup, and keeps its own", async () => {
  await asUser(async (user, place, backup) => {
    const path = join(place.output, backup);
    const before = Deno.readFileSync(path);
    await withMode(place.output, 0o500, async () => {
      const { code, out, err } = await user.run(place, []);
      assertEquals([code, out], [1, ""]);
      assertEquals(
        err,
        `Error: Cannot save a backup in "output": ${notAllowed}`,
      );
    });
    assertEquals(namesIn(place.output), [backup]);
    assertEquals(Deno.readFileSync(path), before);
  });
});

Deno.test("a database that can only be read is backed up, with a warning", async () => {
  await asUser(async (user, place) => {
    const before = Deno.readFileSync(place.database);
    await withMode(
      place.database,
      0o400,
      () =>
        withMode(place.data, 0o500, async () => {
          const { code, out, err } = await user.run(place, []);
          assertEquals(code, 0);
          assertStringIncludes(out, "Backup saved. 31 contacts, ");
          assertMatch(err, /^Warning: [^\n]*: the database can only be read; /);
        }),
    );
    assertEquals(namesIn(place.output).length, 2);
    assertEquals(Deno.readFileSync(place.database), before);
  });
});

Deno.test("import into a database that can only be read fails in one line", async () => {
  await asUser(async (user, place, backup) => {
    const before = Deno.readFileSync(place.database);
    await withMode(place.database, 0o400, async () => {
      const { code, out, err } = await user.run(place, ["import", backup]);
      assertEquals([code, out], [1, ""]);
      const reason = "the database can only be read; see who owns it";
      assertEquals(err, `Error: Cannot import "${backup}": ${reason}\n`);
    });
    assertEquals(Deno.readFileSync(place.database), before);
  });
});

Deno.test("import into a folder that can only be read makes nothing", async () => {
  await asUser(async (user, place, backup) => {
    Deno.removeSync(place.database);
    await withMode(place.data, 0o500, async () => {
      const { code, out, err } = await user.run(place, ["import", backup]);
      assertEquals([code, out], [1, ""]);
      assertEquals(err, `Error: Cannot import "${backup}": ${notAllowed}`);
    });
    assertEquals(namesIn(place.data), []);
  });
});

Deno.test("a backup that may not be read is named by import and by status", async () => {
  await asUser(async (user, place, backup) => {
    await withMode(join(place.output, backup), 0, async () => {
      const run = await user.run(place, ["import", backup]);
      assertEquals([run.code, run.out], [1, ""]);
      assertStringIncludes(run.err, "Error: Cannot read backup ");
      assertMatch(run.err, new RegExp(`^[^\n]*${notAllowed}$`));
      const { code, out } = await user.run(place, ["status"]);
      assertEquals(code, 0);
      assertStringIncludes(out, `Not counted: ${backup}: ${notAllowed}`);
    });
  });
});
