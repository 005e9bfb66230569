/**
 * The marker of a second place: nothing is written into a folder that only looks like it,
 * and disks that take turns don't disturb each other.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { bringUpToDate } from "../../lib/second/sync.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { plainName } from "../../lib/store/names.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { session } from "../support/scratch.ts";
import {
  assertInStep,
  at,
  backupsIn,
  change,
  putRecipients,
  read,
  withSecondPlace,
} from "./places.ts";

const marker = "about-these-backups.txt";
const ledger = ".backup-second-place.json";

function bring(installation: Installation) {
  return bringUpToDate(installation, session());
}

/** Takes the disk away and leaves the folder on which it was mounted, or puts it back. */
function unmount(folder: string): void {
  Deno.renameSync(folder, `${folder}.away`);
  Deno.mkdirSync(folder);
}

function mount(folder: string): void {
  Deno.removeSync(folder, { recursive: true });
  Deno.renameSync(`${folder}.away`, folder);
}

/** Mounts the disk that is away, and takes the other one away. */
function swap(folder: string): void {
  Deno.renameSync(folder, `${folder}.other`);
  Deno.renameSync(`${folder}.away`, folder);
  Deno.renameSync(`${folder}.other`, `${folder}.away`);
}

Deno.test("the first copy brings a marker, which tells what the folder is and its id", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bring(installation);
    const text = read(folder, marker);
    assertStringIncludes(text, "copies of backups of Software of You");
    const id = text.trimEnd().split("\n").at(-1)!;
    assert(/^[0-9a-f-]{36}$/.test(id));
    assertStringIncludes(read(installation.backups, ledger), id);
    if (Deno.build.os !== "windows") {
      assertEquals(Deno.statSync(join(folder, marker)).mode! & 0o777, 0o600);
    }
    await change(installation);
    await exportBackup(installation, at(20, 9));
    await bring(installation);
    assertEquals(read(folder, marker), text);
  });
});

Deno.test("the empty folder of a disk that is not mounted gets nothing", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    unmount(folder);
    for (const args of [["export"], ["tidy"], ["verify", "--all"]]) {
      const run = await runInProcess(installation, args);
      assertEquals([args, run.code], [args, 3]);
      assertStringIncludes(run.err, "its disk does not seem to be there");
      assertStringIncludes(run.err, `put an empty file of that name into it`);
    }
    const status = await runInProcess(installation, ["status"]);
    assertEquals(status.code, 0);
    assertStringIncludes(status.err, "its disk does not seem to be there");
    assertStringIncludes(status.out, ", last complete just now");
    assertEquals(namesIn(folder), []);
    mount(folder);
    assertEquals((await runInProcess(installation, ["export"])).code, 0);
    assertInStep(installation, folder);
  });
});

Deno.test("an empty file of the marker's name says that the disk is new", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bring(installation);
    unmount(folder);
    Deno.writeTextFileSync(join(folder, marker), "");
    assertEquals((await bring(installation))?.fault, undefined);
    assertInStep(installation, folder);
    assert(read(folder, marker) !== read(`${folder}.away`, marker));
  });
});

Deno.test("a link that leads elsewhere says that the place is new", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bring(installation);
    const link = join(installation.backups, "second-place");
    const other = join(installation.root, "server");
    Deno.mkdirSync(other);
    Deno.removeSync(link);
    Deno.symlinkSync(other, link);
    assertEquals((await bring(installation))?.fault, undefined);
    assertInStep(installation, other);
    assertInStep(installation, folder);
  });
});

for (const text of ["my notes\n", "id: 123\n", "\0\xff"]) {
  Deno.test(`a marker such as ${JSON.stringify(text)} has no id, and stays`, async () => {
    await withSecondPlace(async (installation, folder) => {
      await exportBackup(installation, at(19, 9));
      await bring(installation);
      await change(installation);
      await exportBackup(installation, at(20, 9));
      Deno.writeTextFileSync(join(folder, marker), text);
      const before = namesIn(folder);
      const report = await bring(installation);
      assertStringIncludes(report?.fault ?? "", "or no id in it");
      assertEquals(namesIn(folder), before);
      assertEquals(read(folder, marker), text);
    });
  });
}

Deno.test("notes of the owner in the marker, and ends of lines of another system, do no harm", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bring(installation);
    const text = "My blue disk\n" + read(folder, marker) + "\n\n";
    Deno.writeTextFileSync(join(folder, marker), text.replace(/\n/g, "\r\n"));
    assertEquals((await bring(installation))?.fault, undefined);
  });
});

for (const encrypted of [false, true]) {
  const copies = encrypted ? "encrypted" : "plain";
  Deno.test(`two disks with ${copies} copies take turns, and each is copied once`, async () => {
    await withSecondPlace(async (installation, folder) => {
      if (encrypted) await putRecipients(installation);
      await exportBackup(installation, at(19, 9));
      await bring(installation);
      unmount(folder);
      Deno.writeTextFileSync(join(folder, marker), "");
      assertEquals((await bring(installation))?.copied.length, 1);
      for (let turn = 1; turn <= 5; turn++) {
        await change(installation);
        await exportBackup(installation, at(20, 9 + turn));
        swap(folder);
        const expected = Math.min(turn, 2);
        assertEquals((await bring(installation))?.copied.length, expected);
        assertEquals((await bring(installation))?.copied, []);
        assertEquals(
          backupsIn(folder).map(plainName),
          backupsIn(installation.backups),
        );
      }
    });
  });
}

Deno.test("a list of keys that was lost leads to no plain copies on another disk", async () => {
  await withSecondPlace(async (installation, folder) => {
    await putRecipients(installation);
    await exportBackup(installation, at(19, 9));
    await bring(installation);
    Deno.removeSync(join(installation.backups, "recipients.txt"));
    unmount(folder);
    Deno.writeTextFileSync(join(folder, marker), "");
    const report = await bring(installation);
    assertStringIncludes(report?.fault ?? "", "in another second place are");
    assertEquals(namesIn(folder), [marker]);
    Deno.removeSync(join(installation.backups, ledger));
    assertEquals((await bring(installation))?.fault, undefined);
    assertInStep(installation, folder);
  });
});

Deno.test("eight places are remembered, the ones used last", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) {
      Deno.writeTextFileSync(join(folder, marker), "");
      await bring(installation);
      ids.push(read(folder, marker).trimEnd().slice(-36));
    }
    const { places } = JSON.parse(read(installation.backups, ledger));
    assertEquals(Object.keys(places), ids.slice(-8));
  });
});

Deno.test("a ledger from before there were markers is taken over", async () => {
  await withSecondPlace(async (installation, folder) => {
    await putRecipients(installation);
    await exportBackup(installation, at(19, 9));
    await bring(installation);
    const { places } = JSON.parse(read(installation.backups, ledger));
    const old = JSON.stringify(Object.values(places)[0]);
    Deno.writeTextFileSync(join(installation.backups, ledger), old);
    Deno.removeSync(join(folder, marker));
    unmount(folder);
    const away = await bring(installation);
    assertStringIncludes(away?.fault ?? "", "its disk does not seem to be");
    mount(folder);
    assertEquals((await bring(installation))?.copied, []);
    assertEquals(namesIn(folder), [marker, "backup-2026-02-19.json.age"]);
  });
});

Deno.test("a marker that is in the way as a folder or cannot be read is named", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    Deno.mkdirSync(join(folder, marker));
    const report = await bring(installation);
    assertStringIncludes(report?.fault ?? "", `a folder called ${marker}`);
    assertEquals(backupsIn(folder), []);
  });
});
