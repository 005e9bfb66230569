/**
 * Which backup is meant by a name, a day, a moment or a number of steps back.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { findSource } from "../../lib/source/find.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const sql = "CREATE TABLE a (x); INSERT INTO a VALUES (1)";

/** Backups of 9:05 and 15:30 on 19 February, and of 8:00 on the 21st. */
async function withBackups(
  test: (installation: Installation) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    for (const [day, hour, minute] of [[19, 9, 5], [19, 15, 30], [21, 8, 0]]) {
      const now = () => new Date(2026, 1, day!, hour!, minute!);
      await exportBackup(installation, { ...session(), now });
    }
    await test(installation);
  });
}

const meanings: [string, string][] = [
  ["latest", "backup-2026-02-21.json"],
  ["LATEST", "backup-2026-02-21.json"],
  ["latest~0", "backup-2026-02-21.json"],
  ["latest~1", "backup-2026-02-19.json"],
  ["latest~2", "backup-2026-02-19-090500.json"],
  ["2026-02-19", "backup-2026-02-19.json"],
  ["2026-02-19 15:30", "backup-2026-02-19.json"],
  ["2026-02-19 15:29", "backup-2026-02-19-090500.json"],
  ["2026-02-19T09:05:00", "backup-2026-02-19-090500.json"],
  ["2026-02-19 0905", "backup-2026-02-19-090500.json"],
  ["backup-2026-02-19-090500.json", "backup-2026-02-19-090500.json"],
];

for (const [words, name] of meanings) {
  Deno.test(`findSource() takes "${words}" as ${name}`, async () => {
    await withBackups(async (installation) => {
      const { note, ...found } = await findSource(installation, words);
      assertEquals(found.name, name);
      assertEquals(found.path, join(installation.backups, name));
      assertEquals([found.form, note], ["json", undefined]);
    });
  });
}

Deno.test("findSource() takes none of the future for the latest if there are others", async () => {
  await withBackups(async (installation) => {
    const at = (year: number) => ({
      ...session(),
      now: () => new Date(year, 1, 20, 8, 0),
    });
    const find = async (words: string, year: number) =>
      (await findSource(installation, words, at(year))).name;
    assertEquals(await find("latest", 2026), "backup-2026-02-19.json");
    assertEquals(await find("latest~1", 2026), "backup-2026-02-19-090500.json");
    assertEquals(await find("latest", 2027), "backup-2026-02-21.json");
    // Then the clock of now may be the one that is wrong.
    assertEquals(await find("latest", 1970), "backup-2026-02-21.json");
  });
});

Deno.test("findSource() takes the last backup before a day without one, and says so", async () => {
  await withBackups(async (installation) => {
    const found = await findSource(installation, "2026-02-20");
    assertEquals(found.name, "backup-2026-02-19.json");
    assertEquals(
      found.note,
      "No backup of 2026-02-20; the last one before it is " +
        "backup-2026-02-19.json, of 2026-02-19 15:30.",
    );
    const late = await findSource(installation, "2031-01-01 12:00");
    assertEquals(late.name, "backup-2026-02-21.json");
  });
});

const refused: [string, string][] = [
  ["latest~3", "Cannot go back 3 backups"],
  [
    "2026-02-18",
    "Cannot find a backup of 2026-02-18 or before it; " +
    "the oldest is backup-2026-02-19-090500.json, of 2026-02-19 09:05",
  ],
  ["2026-02-19 09:04", "Cannot find a backup of 2026-02-19 09:04 or before"],
  ["2026-02-31", 'Cannot find backup "2026-02-31"'],
  ["2026-02-19 25:00", 'Cannot find backup "2026-02-19 25:00"'],
  ["latst", "did you mean latest?"],
  ["backup-2026-02-12.json", "did you mean backup-2026-02-19.json?"],
];

for (const [words, message] of refused) {
  Deno.test(`findSource() refuses "${words}"`, async () => {
    await withBackups(async (installation) => {
      await assertRejects(
        () => findSource(installation, words),
        BackupError,
        message,
      );
    });
  });
}

Deno.test("findSource() says that there is no backup at all", async () => {
  await atInstallation(sql, async (installation) => {
    for (const words of ["latest", "2026-02-19"]) {
      await assertRejects(
        () => findSource(installation, words),
        BackupError,
        "make one with export",
      );
    }
  });
});

Deno.test("findSource() finds a copy of the application by its name", async () => {
  await atInstallation(sql, async (installation) => {
    const folder = join(installation.data, "backups");
    Deno.mkdirSync(folder);
    const path = join(folder, "soy-20260219-153000.db");
    withDb(path, (db) => db.exec(sql));
    const found = await findSource(installation, "soy-20260219-153000.db");
    assertEquals(found, { name: found.name, path, form: "sqlite" });
  });
});

Deno.test("findSource() says that a link leads nowhere", async () => {
  await withBackups(async (installation) => {
    const name = "backup-2026-02-20.json";
    Deno.symlinkSync("nowhere", join(installation.backups, name));
    await assertRejects(
      () => findSource(installation, name),
      BackupError,
      "it is a link to a file that is not there",
    );
  });
});

Deno.test("findSource() looks for the packed month of a day in output/", async () => {
  await withBackups(async (installation) => {
    const month = "backups-2026-02.tar.zst";
    const words = `${month}/backup-2026-02-11.json`;
    const missing = await findSource(installation, words);
    assertEquals(missing.path, month);
    const path = join(installation.backups, month);
    Deno.writeTextFileSync(path, "");
    const { name, path: found, form } = await findSource(installation, words);
    assertEquals([name, found, form], [
      "backup-2026-02-11.json",
      path,
      "packed",
    ]);
    await assertRejects(
      () => findSource(installation, `${month}/2026-02-11`),
      BackupError,
      `its days have names as in ${month}/backup-2026-02-01.json`,
    );
  });
});

Deno.test("findSource() knows a database by its content, whatever its name", async () => {
  await atInstallation(sql, async (installation) => {
    const path = join(installation.backups, "copy.json");
    withDb(path, (db) => db.exec(sql));
    assertEquals((await findSource(installation, "copy.json")).form, "sqlite");
  });
});

Deno.test("a folder that is called like a day doesn't hide the backup of that day", async () => {
  await withBackups(async (installation) => {
    Deno.mkdirSync(join(installation.backups, "2026-02-19"));
    const { name } = await findSource(installation, "2026-02-19");
    assertEquals(name, "backup-2026-02-19.json");
  });
});
