/**
 * Two machines that use one folder as their second place: each leaves alone what the
 * other has written, and is told that all is there.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { tidy } from "../../lib/pack/tidy.ts";
import { lookAtSecond } from "../../lib/second/look.ts";
import { bringUpToDate } from "../../lib/second/sync.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  inScratch,
  makeInstallation,
  session,
  withDb,
} from "../support/scratch.ts";
import { at, backupsIn, change, putRecipients, read, sql } from "./places.ts";

/** Two installations with other rows, and one folder for both. */
async function withMachines(
  test: (
    one: Installation,
    two: Installation,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  await inScratch(async (scratch) => {
    const folder = join(scratch, "shared folder");
    Deno.mkdirSync(folder);
    const [one, two] = ["one", "two"].map((name) => {
      const installation = makeInstallation(scratch, name);
      withDb(installation.database, (db) => {
        db.exec(`${sql}; INSERT INTO contacts VALUES (1000, '${name}')`);
      });
      Deno.symlinkSync(folder, join(installation.backups, "second-place"));
      return installation;
    });
    await test(one!, two!, folder);
  });
}

async function bring(installation: Installation): Promise<string[]> {
  const report = await bringUpToDate(installation, session());
  assertEquals([report?.fault, report?.removed], [undefined, []]);
  return report!.copied;
}

/** What each file in a folder holds, by its name. */
function contentsOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    backupsIn(folder).map((name) => [name, read(folder, name)]),
  );
}

/** Asserts that both find all, and that nothing more happens, however often they run. */
async function assertAtRest(
  one: Installation,
  two: Installation,
  folder: string,
): Promise<void> {
  const before = contentsOf(folder);
  for (const machine of [one, two, one, two]) {
    assertEquals(await bring(machine), []);
    const status = await lookAtSecond(machine);
    assertEquals([status?.fault, status?.missing], [undefined, []]);
    assertEquals(status?.odd, []);
  }
  assertEquals(contentsOf(folder), before);
}

const name = "backup-2026-02-19.json";

Deno.test("a backup of another machine keeps its name; the copy gets one of its own, once", async () => {
  await withMachines(async (one, two, folder) => {
    await exportBackup(one, at(19, 9));
    await exportBackup(two, at(19, 10));
    assertEquals(await bring(one), [name]);
    assertEquals(await bring(two), ["backup-2026-02-19-100000.json"]);
    assertEquals(read(folder, name), read(one.backups, name));
    assertEquals(
      read(folder, "backup-2026-02-19-100000.json"),
      read(two.backups, name),
    );
    await assertAtRest(one, two, folder);
    for (const machine of [one, two]) {
      const run = await runInProcess(machine, ["verify", "--all"]);
      assertEquals([run.code, run.err], [0, ""]);
    }
  });
});

Deno.test("backups of the same second get numbers", async () => {
  await withMachines(async (one, two, folder) => {
    for (const machine of [one, two]) {
      await exportBackup(machine, at(19, 9));
      await change(machine);
      await exportBackup(machine, at(19, 10));
      await bring(machine);
    }
    assertEquals(backupsIn(folder), [
      "backup-2026-02-19-090000-2.json",
      "backup-2026-02-19-090000.json",
      "backup-2026-02-19-100000.json",
      name,
    ]);
    await assertAtRest(one, two, folder);
  });
});

for (const encrypted of [false, true]) {
  const copies = encrypted ? "encrypted" : "plain";
  Deno.test(`two machines back up in turns for days, with ${copies} copies`, async () => {
    await withMachines(async (one, two, folder) => {
      if (encrypted) {
        for (const machine of [one, two]) await putRecipients(machine);
      }
      for (let turn = 0; turn < 8; turn++) {
        for (const [i, machine] of [one, two].entries()) {
          await change(machine);
          await exportBackup(machine, at(19 + (turn >> 2), 9 + turn, i));
          assertEquals((await bring(machine)).length, 1);
        }
      }
      assertEquals(backupsIn(folder).length, 16);
      await assertAtRest(one, two, folder);
    });
  });

  Deno.test(`the months of two machines stand side by side, with ${copies} copies`, async () => {
    await withMachines(async (one, two, folder) => {
      if (encrypted) {
        for (const machine of [one, two]) await putRecipients(machine);
      }
      for (const machine of [one, two]) {
        for (let day = 1; day <= 10; day++) {
          await change(machine);
          await exportBackup(machine, at(day, 12));
        }
        await tidy(machine, session(), { dryRun: false, keep: {} });
        await bring(machine);
      }
      const end = encrypted ? ".age" : "";
      const months = ["backups-2026-02-2.tar.zst", "backups-2026-02.tar.zst"]
        .map((name) => name + end);
      assertEquals(
        backupsIn(folder).filter((name) => name.startsWith("backups-")),
        months,
      );
      await assertAtRest(one, two, folder);
      // A month with more days takes the place of the one before.
      for (let day = 11; day <= 14; day++) {
        await change(two);
        await exportBackup(two, at(day, 12));
      }
      const before = read(folder, months[1]!);
      await tidy(two, session(), { dryRun: false, keep: {} });
      const report = await bringUpToDate(two, session());
      assert(report?.copied.includes(months[0]!));
      assertEquals(report?.fault, undefined);
      assertEquals(
        backupsIn(folder).filter((name) => name.startsWith("backups-")),
        months,
      );
      assertEquals(read(folder, months[1]!), before);
      await assertAtRest(one, two, folder);
    });
  });
}

Deno.test("packed days of the other machine stay, and own ones go whatever their names", async () => {
  await withMachines(async (one, two, folder) => {
    for (let day = 1; day <= 10; day++) {
      for (const [i, machine] of [one, two].entries()) {
        await change(machine);
        await exportBackup(machine, at(day, 12, i));
        await bring(machine);
      }
    }
    assertEquals(backupsIn(folder).length, 20);
    await tidy(two, session(), { dryRun: false, keep: {} });
    const report = await bringUpToDate(two, session());
    assertEquals(report?.removed, [
      "backup-2026-02-01-120100.json",
      "backup-2026-02-02-120100.json",
      "backup-2026-02-03-120100.json",
    ]);
    assertEquals(backupsIn(folder).length, 18);
    await assertAtRest(one, two, folder);
  });
});

Deno.test("a ledger that is lost costs no copy beside another machine's", async () => {
  await withMachines(async (one, two, folder) => {
    for (const [i, machine] of [one, two].entries()) {
      for (let day = 1; day <= 10; day++) {
        await change(machine);
        await exportBackup(machine, at(day, 12, i));
      }
      await tidy(machine, session(), { dryRun: false, keep: {} });
      await bring(machine);
    }
    Deno.removeSync(join(two.backups, ".backup-second-place.json"));
    assertEquals(await bring(two), []);
    await assertAtRest(one, two, folder);
  });
});

Deno.test("when the other machine's file is gone, the copy gets the name without a time", async () => {
  await withMachines(async (one, two, folder) => {
    await exportBackup(one, at(19, 9));
    await exportBackup(two, at(19, 10));
    await bring(one);
    await bring(two);
    Deno.removeSync(join(folder, name));
    assertEquals(await bring(two), []);
    assertEquals(backupsIn(folder), [name]);
    assertEquals(read(folder, name), read(two.backups, name));
  });
});

Deno.test("a month of another machine in output/ is listed and verified, and tidy leaves it alone", async () => {
  await withMachines(async (one, two) => {
    for (const machine of [one, two]) {
      for (let day = 1; day <= 10; day++) {
        await change(machine);
        await exportBackup(machine, at(day, 12));
      }
      await tidy(machine, session(), { dryRun: false, keep: {} });
    }
    const copy = join(one.backups, "backups-2026-02-2.tar.zst");
    Deno.copyFileSync(join(two.backups, "backups-2026-02.tar.zst"), copy);
    const before = Deno.readFileSync(copy);
    const run = await runInProcess(one, ["verify", "--all", "--json"]);
    const { backups, proved } = JSON.parse(run.out);
    assertEquals([run.code, proved], [0, true]);
    const packed = (pack: string) =>
      backups.filter((backup: { packed: string }) => backup.packed === pack);
    assertEquals(packed("backups-2026-02-2.tar.zst").length, 3);
    assertEquals(packed("backups-2026-02.tar.zst").length, 3);
    await change(one);
    await exportBackup(one, at(14, 12));
    const tidied = await runInProcess(one, ["tidy", "--json"]);
    assertEquals([tidied.code, tidied.err], [0, ""]);
    assertEquals(Deno.readFileSync(copy), before);
  });
});
