/**
 * The second place: every backup has a copy there, nothing there is overwritten, and
 * what is wrong is said.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { bringUpToDate } from "../../lib/second/sync.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { tidy } from "../../lib/pack/tidy.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, session } from "../support/scratch.ts";
import {
  assertInStep,
  at,
  backupsIn,
  change,
  exportDays,
  putRecipients,
  read,
  sql,
  withSecondPlace,
} from "./places.ts";

Deno.test("export puts a copy of each backup in the second place, for its owner alone", async () => {
  await withSecondPlace(async (installation, folder) => {
    const run = await runInProcess(installation, ["export"]);
    assertEquals([run.code, run.err], [0, ""]);
    assertStringIncludes(run.out, "Copied to the second place: backup-");
    assertInStep(installation, folder);
    const [name = ""] = backupsIn(folder);
    if (Deno.build.os !== "windows") {
      assertEquals(Deno.statSync(join(folder, name)).mode! & 0o777, 0o600);
    }
    assertEquals(namesIn(folder), ["about-these-backups.txt", name]);
  });
});

Deno.test("export that is interrupted at the second place says that the backup is done", async () => {
  await withSecondPlace(async (installation, folder) => {
    const signal = {
      get aborted() {
        return backupsIn(installation.backups).length > 0;
      },
    } as AbortSignal;
    const run = await runInProcess(installation, ["export"], { signal });
    assertEquals([run.code, run.out], [130, ""]);
    assertEquals(
      run.err,
      "Error: Interrupted: the backups in output/ are done; the next run " +
        "copies the rest to the second place",
    );
    assertEquals(backupsIn(installation.backups).length, 1);
    assertEquals(backupsIn(folder), []);
  });
});

Deno.test("a backup that is a link to a file has a copy in the second place, too", async () => {
  await withSecondPlace(async (installation, folder) => {
    const { path } = await exportBackup(installation, at(18, 9));
    const elsewhere = join(installation.root, "elsewhere.json");
    Deno.renameSync(path, elsewhere);
    Deno.symlinkSync(elsewhere, path);
    const gone = join(installation.backups, "backup-2026-02-01.json");
    Deno.symlinkSync("nowhere", gone);
    const run = await runInProcess(installation, ["export"]);
    assertEquals([run.code, run.err], [0, ""]);
    assertEquals(
      read(folder, "backup-2026-02-18.json"),
      Deno.readTextFileSync(elsewhere),
    );
    assertEquals(backupsIn(folder).length, 2);
    const { second_place } = JSON.parse(
      (await runInProcess(installation, ["status", "--json"])).out,
    );
    assertEquals([second_place.expected, second_place.missing], [2, []]);
  });
});

Deno.test("an earlier backup of the day gets its other name in the second place, too", async () => {
  await withSecondPlace(async (installation, folder) => {
    for (const hour of [9, 12, 15]) {
      await change(installation);
      await exportBackup(installation, at(19, hour));
      await bringUpToDate(installation, session());
    }
    assertEquals(backupsIn(folder).length, 3);
    assertInStep(installation, folder);
  });
});

Deno.test("what was missed while the second place was away is caught up", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    Deno.renameSync(folder, folder + " away");
    for (const day of [19, 20, 21]) {
      await change(installation);
      await exportBackup(installation, at(day, 12));
      const report = await bringUpToDate(installation, session());
      assertEquals(report?.fault, "it is not there now");
    }
    Deno.renameSync(folder + " away", folder);
    const report = await bringUpToDate(installation, session());
    assertEquals([report?.fault, report?.copied.length], [undefined, 3]);
    assertInStep(installation, folder);
    const again = await bringUpToDate(installation, session());
    assertEquals(again?.copied, []);
  });
});

Deno.test("a second place that is away is a warning and exit code 3; the backup stands", async () => {
  await withSecondPlace(async (installation, folder) => {
    Deno.removeSync(folder, { recursive: true });
    const run = await runInProcess(installation, ["export"]);
    assertEquals(run.code, 3);
    assertEquals(
      run.err,
      "Warning: the second place is not up to date: it is not there now",
    );
    assertEquals(backupsIn(installation.backups).length, 1);
    const status = await runInProcess(installation, ["status"]);
    assertEquals(status.code, 0);
    assertStringIncludes(status.err, "the second place can't be used");
  });
});

Deno.test("a second place that is a file is refused, and stays", async () => {
  await atInstallation(sql, async (installation) => {
    const path = join(installation.backups, "second-place");
    Deno.writeTextFileSync(path, "a file");
    const run = await runInProcess(installation, ["export"]);
    assertEquals(run.code, 3);
    assertStringIncludes(run.err, "it is not a folder");
    assertEquals(Deno.readTextFileSync(path), "a file");
  });
});

Deno.test("a copy that was damaged there is copied anew, and kept aside", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    const name = "backup-2026-02-19.json";
    Deno.truncateSync(join(folder, name), 100);
    const report = await bringUpToDate(installation, session());
    assertEquals(report?.copied, [name]);
    assertEquals(read(folder, name), read(installation.backups, name));
    assertEquals(backupsIn(folder).length, 2);
  });
});

Deno.test("two backups that are the same to the last byte have a copy each", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    const name = "backup-2026-02-19.json";
    const twin = "backup-2026-02-19-090000.json";
    Deno.copyFileSync(
      join(installation.backups, name),
      join(installation.backups, twin),
    );
    for (const copied of [[name, twin], []]) {
      const report = await bringUpToDate(installation, session());
      assertEquals(report?.copied.toSorted(), copied.toSorted());
      assertInStep(installation, folder);
    }
  });
});

Deno.test("a ledger that is lost costs no copy", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    Deno.removeSync(join(installation.backups, ".backup-second-place.json"));
    const report = await bringUpToDate(installation, session());
    assertEquals(report?.copied, []);
    assertInStep(installation, folder);
  });
});

Deno.test("tidy keeps the second place in step: a packed day needs no file of its own", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportDays(installation);
    await bringUpToDate(installation, session());
    assertEquals(backupsIn(folder).length, 10);
    const run = await runInProcess(installation, ["tidy"]);
    assertEquals([run.code, run.err], [0, ""]);
    assert(backupsIn(folder).includes("backups-2026-02.tar.zst"));
    assertEquals(backupsIn(folder).length, 8);
    assertInStep(installation, folder);
  });
});

Deno.test("what is thinned out here stays in the second place", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportDays(installation);
    await tidy(installation, session(), { dryRun: false, keep: {} });
    await bringUpToDate(installation, session());
    const before = Deno.readFileSync(join(folder, "backups-2026-02.tar.zst"));
    await tidy(installation, session(), { dryRun: false, keep: { daily: 8 } });
    await bringUpToDate(installation, session());
    assertEquals(
      Deno.readFileSync(join(folder, "backups-2026-02.tar.zst")),
      before,
    );
  });
});

Deno.test("status shows the second place, what it lacks and what is no backup there", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    const [name = ""] = backupsIn(folder);
    const conflicted = name.replace(".json", " (conflicted copy).json");
    Deno.writeTextFileSync(join(folder, conflicted), "x");
    Deno.writeTextFileSync(join(folder, name + ".part"), "x");
    Deno.writeTextFileSync(join(folder, "holiday.jpg"), "x");
    const status = await runInProcess(installation, ["status"]);
    assertStringIncludes(status.out, "usb disk): 1 of 1 file, complete just");
    assertStringIncludes(status.err, conflicted);
    assertStringIncludes(status.err, ".part");
    assert(!status.err.includes("holiday"));
    Deno.removeSync(join(folder, name));
    const lacking = await runInProcess(installation, ["status"]);
    assertStringIncludes(
      lacking.out,
      "): 0 of 1 file, last complete just now.",
    );
    const { second_place } = JSON.parse(
      (await runInProcess(installation, ["status", "--json"])).out,
    );
    assertEquals(second_place.missing, [name]);
    assertEquals(second_place.odd.length, 2);
  });
});

Deno.test("verify --all proves both places, and names a copy that was altered", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    const whole = await runInProcess(installation, ["verify", "--all"]);
    assertEquals([whole.code, whole.err], [0, ""]);
    assertStringIncludes(whole.out, "The second place: 1 copy, each as it was");
    const [name = ""] = backupsIn(folder);
    const path = join(folder, name);
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    Deno.writeFileSync(path, bytes);
    const broken = await runInProcess(installation, ["verify", "--all"]);
    assertEquals(broken.code, 1);
    assertStringIncludes(
      broken.err,
      `FAILED: second-place/${name}: it is not what was written there`,
    );
  });
});

Deno.test("with recipients.txt the copies are encrypted, and a new machine needs only them and the key", async () => {
  await withSecondPlace(async (installation, folder) => {
    const key = join(installation.root, "key.txt");
    const { out } = await runInProcess(installation, ["keygen", key, "--json"]);
    const recipients = join(installation.backups, "recipients.txt");
    Deno.writeTextFileSync(recipients, JSON.parse(out).recipient);
    await exportDays(installation);
    await runInProcess(installation, ["tidy"]);
    assertEquals(
      backupsIn(folder).filter((name) => !name.endsWith(".age")),
      [],
    );
    assert(backupsIn(folder).includes("backups-2026-02.tar.zst.age"));
    const again = await bringUpToDate(installation, session());
    assertEquals(again?.copied, []);
    const status = await runInProcess(installation, ["status"]);
    assertStringIncludes(status.out, "encrypted, never opened");
    await atInstallation("", async (other) => {
      for (const name of backupsIn(folder)) {
        Deno.copyFileSync(join(folder, name), join(other.backups, name));
      }
      const imported = await runInProcess(other, [
        "import",
        "latest",
        "--identity",
        key,
      ]);
      assertEquals([imported.code, imported.err], [0, ""]);
      assertStringIncludes(imported.out, "11 contacts");
      const early = await runInProcess(other, [
        "verify",
        "2026-02-02",
        "--identity",
        key,
      ]);
      assertEquals([early.code, early.err], [0, ""]);
      const all = ["verify", "--all", "--json", "--identity", key];
      const opened = JSON.parse((await runInProcess(other, all)).out);
      assertEquals(opened.proved, true);
      const packed = opened.backups
        .filter(({ packed }: { packed: string | null }) => packed !== null);
      assertEquals(packed.length, opened.backups.length - 7);
      assert(packed.length > 0);
      const locked = await runInProcess(other, ["verify", "--all"]);
      assertEquals(locked.code, 1);
      assertStringIncludes(
        locked.err,
        "FAILED: backups-2026-02.tar.zst.age: it is encrypted",
      );
      const month = [
        "verify",
        "backups-2026-02.tar.zst.age",
        "--identity",
        key,
      ];
      const { code, err } = await runInProcess(other, month);
      assertEquals([code, err], [0, ""]);
    });
    const path = join(folder, "backups-2026-02.tar.zst.age");
    const inPack = join(path, "backup-2026-02-02.json");
    const verified = await runInProcess(installation, [
      "verify",
      inPack,
      "--identity",
      key,
    ]);
    assertEquals([verified.code, verified.err], [0, ""]);
    const [name = ""] = backupsIn(folder).filter((name) => /json/.test(name));
    const shown = await runInProcess(installation, [
      "verify",
      join(installation.backups, "second-place", name),
      "--identity",
      key,
    ]);
    assertEquals([shown.code, shown.err], [0, ""]);
    const after = await runInProcess(installation, ["status"]);
    assert(!after.out.includes("never opened"));
  });
});

Deno.test("a broken recipients.txt leads to no copy without a key", async () => {
  await withSecondPlace(async (installation, folder) => {
    const recipients = join(installation.backups, "recipients.txt");
    Deno.writeTextFileSync(recipients, "not a key\n");
    const run = await runInProcess(installation, ["export"]);
    assertEquals(run.code, 3);
    assertStringIncludes(run.err, "line 1 is no public key");
    assertEquals(namesIn(folder), []);
  });
});

Deno.test("what a killed run has left in the second place is cleared by the next one", async () => {
  await withSecondPlace(async (installation, folder) => {
    const left = join(folder, ".backup-0123abcd-1.tmp");
    Deno.writeTextFileSync(left, "half a copy");
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    assertInStep(installation, folder);
    const marker = "about-these-backups.txt";
    assertEquals(namesIn(folder), [marker, "backup-2026-02-19.json"]);
  });
});

Deno.test("a link to the folder of the backups itself is no second place", async () => {
  await atInstallation(sql, async (installation) => {
    const link = join(installation.backups, "second-place");
    Deno.symlinkSync(installation.backups, link);
    const run = await runInProcess(installation, ["export"]);
    assertEquals(run.code, 3);
    assertStringIncludes(run.err, "the folder of the backups itself");
    const status = await runInProcess(installation, ["status"]);
    assertStringIncludes(status.err, "the folder of the backups itself");
  });
});

Deno.test("what is in the way of one copy is named, and keeps no other from being made", async () => {
  await withSecondPlace(async (installation, folder) => {
    for (const day of [18, 19, 20]) {
      await change(installation);
      await exportBackup(installation, at(day, 9));
    }
    Deno.mkdirSync(join(folder, "backup-2026-02-19.json"));
    const report = await bringUpToDate(installation, session());
    assertEquals(report?.fault, '"backup-2026-02-19.json" is not a file');
    assertEquals(
      report?.copied,
      ["backup-2026-02-20.json", "backup-2026-02-18.json"],
    );
  });
});

const ledgers = [
  '{"copies": {"backup-2026-02-19.json": {}, "x": null}}',
  '{"copies": {"backup-2026-02-19.json": {"source": {}, "copy": 1}}}',
  '{"copies": {"__proto__": {"copy": {"size": 1}}, "../a": {}}}',
  '{"copies": ["a"], "complete": {}}',
  '{"places": {"": {"copies": {"backup-2026-02-19.json": {}}}}}',
  '{"places": {"x": {"location": {}, "copies": null}}}',
  '{"places": {"x": null}}',
  '{"places": "x"}',
  "null",
  "{",
];

for (const text of ledgers) {
  Deno.test(`a ledger such as ${text} does no harm`, async () => {
    await withSecondPlace(async (installation, folder) => {
      await exportBackup(installation, at(19, 9));
      const ledger = join(installation.backups, ".backup-second-place.json");
      Deno.writeTextFileSync(ledger, text);
      const status = await runInProcess(installation, ["status"]);
      assertEquals(status.code, 0);
      assertStringIncludes(status.out, ": 0 of 1 file");
      const report = await bringUpToDate(installation, session());
      assertEquals(report?.fault, undefined);
      assertInStep(installation, folder);
    });
  });
}

Deno.test("after its ledger was lost the second place is verified against the backups", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportDays(installation);
    await runInProcess(installation, ["tidy"]);
    Deno.removeSync(join(installation.backups, ".backup-second-place.json"));
    await bringUpToDate(installation, session());
    const whole = await runInProcess(installation, ["verify", "--all"]);
    assertEquals([whole.code, whole.err], [0, ""]);
    const path = join(folder, "backups-2026-02.tar.zst");
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    Deno.writeFileSync(path, bytes);
    const broken = await runInProcess(installation, ["verify", "--all"]);
    assertStringIncludes(broken.err, "it is not what was written there");
  });
});

Deno.test("plain copies go when a key was shown to open the encrypted ones, and not before", async () => {
  await withSecondPlace(async (installation, folder) => {
    const name = "backup-2026-02-19.json";
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    const key = await putRecipients(installation);
    await bringUpToDate(installation, session());
    assertEquals(backupsIn(folder), [name, `${name}.age`]);
    const verified = await runInProcess(installation, [
      "verify",
      join(installation.backups, "second-place", `${name}.age`),
      "--identity",
      key,
    ]);
    assertEquals(verified.code, 0);
    const report = await bringUpToDate(installation, session());
    assertEquals(report?.removed, [name]);
    assertEquals(backupsIn(folder), [`${name}.age`]);
    assertEquals(backupsIn(installation.backups), [name]);
  });
});

Deno.test("a list of keys that was lost leads to no plain copies beside encrypted ones", async () => {
  await withSecondPlace(async (installation, folder) => {
    await putRecipients(installation);
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    Deno.removeSync(join(installation.backups, "recipients.txt"));
    await exportBackup(installation, at(20, 9));
    const report = await bringUpToDate(installation, session());
    const gone =
      "the copies there are encrypted, and output/recipients.txt is gone";
    assertStringIncludes(report?.fault ?? "", gone);
    const status = await runInProcess(installation, ["status"]);
    assertStringIncludes(status.out, `${gone}, last complete`);
    assertStringIncludes(status.err, `can't be used: ${gone}; put it back`);
    assertEquals(status.err.includes("the next backup brings"), false);
    assertEquals(backupsIn(folder), ["backup-2026-02-19.json.age"]);
    Deno.removeSync(join(folder, "backup-2026-02-19.json.age"));
    const lacks = await runInProcess(installation, ["status"]);
    assertStringIncludes(lacks.err, "the next backup brings it up to date");
    await bringUpToDate(installation, session());
    assertInStep(installation, folder);
  });
});

Deno.test("what is known of copies that are gone is forgotten", async () => {
  await withSecondPlace(async (installation, folder) => {
    await putRecipients(installation);
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    Deno.removeSync(join(installation.backups, "backup-2026-02-19.json"));
    Deno.removeSync(join(folder, "backup-2026-02-19.json.age"));
    await exportBackup(installation, at(20, 9));
    await bringUpToDate(installation, session());
    for (
      const file of [".backup-second-place.json", ".backup-encrypted.json"]
    ) {
      const text = read(installation.backups, file);
      assert(text.includes("2026-02-20"));
      assert(!text.includes("2026-02-19.json"));
    }
  });
});

Deno.test("a key is shown to open the copies, with --all and without, where only they are encrypted", async () => {
  for (const args of [["verify"], ["verify", "--all"]]) {
    await withSecondPlace(async (installation, folder) => {
      const key = await putRecipients(installation);
      assertEquals((await runInProcess(installation, ["export"])).code, 0);
      const unopened = "encrypted, never opened";
      const before = await runInProcess(installation, ["status"]);
      assertStringIncludes(before.out, unopened);
      await runInProcess(installation, args);
      const without = await runInProcess(installation, ["status"]);
      assertStringIncludes(without.out, unopened);

      const copies = backupsIn(folder);
      const run = await runInProcess(installation, [
        ...args,
        "--identity",
        key,
      ]);
      assertEquals([args, run.code], [args, 0]);
      const after = await runInProcess(installation, ["status"]);
      assertEquals(after.out.includes(unopened), false);
      assertEquals(backupsIn(folder), copies);
    });
  }
});

Deno.test("status knows a copy by its content when its backup has got another name", async () => {
  await withSecondPlace(async (installation, folder) => {
    await exportBackup(installation, at(19, 9));
    await bringUpToDate(installation, session());
    Deno.renameSync(folder, folder + " away");
    await change(installation);
    await exportBackup(installation, at(19, 12));
    Deno.renameSync(folder + " away", folder);
    const { second_place } = JSON.parse(
      (await runInProcess(installation, ["status", "--json"])).out,
    );
    assertEquals(second_place.missing, ["backup-2026-02-19.json"]);
    assertEquals(second_place.expected, 2);
  });
});
