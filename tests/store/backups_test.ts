/**
 * The folder of the backups: nothing in it is lost, nothing is left lying about.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE a (x); INSERT INTO a VALUES (1)`;

/** A session in which it is this time, local, on 19 February 2026. */
function at(hours: number, minutes: number, seconds: number) {
  const date = new Date(2026, 1, 19, hours, minutes, seconds);
  return { ...session(), now: () => date };
}

function backupsIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name !== ".backup.lock").sort();
}

function rowsOf(folder: string, name: string): unknown {
  const { tables } = JSON.parse(Deno.readTextFileSync(join(folder, name)));
  return tables.a;
}

Deno.test("export() keeps earlier backups of the day under their own time", async () => {
  await atInstallation(sql, async (installation) => {
    await exportBackup(installation, at(9, 5, 1));
    withDb(installation.database, (db) => db.exec("UPDATE a SET x = 2"));
    await exportBackup(installation, at(15, 30, 0));
    withDb(installation.database, (db) => db.exec("UPDATE a SET x = 3"));
    const { path } = await exportBackup(installation, at(23, 59, 59));
    assertEquals(path, join(installation.backups, "backup-2026-02-19.json"));
    const kept = [
      "backup-2026-02-19-090501.json",
      "backup-2026-02-19-153000.json",
      "backup-2026-02-19.json",
    ];
    assertEquals(backupsIn(installation.backups), kept);
    const rows = kept.map((name) => rowsOf(installation.backups, name));
    assertEquals(rows, [[{ x: 1 }], [{ x: 2 }], [{ x: 3 }]]);
  });
});

Deno.test("export() keeps every backup of the same second", async () => {
  await atInstallation(sql, async (installation) => {
    for (let time = 1; time <= 4; time++) {
      await exportBackup(installation, at(12, 0, 0));
    }
    assertEquals(backupsIn(installation.backups), [
      "backup-2026-02-19-120000-2.json",
      "backup-2026-02-19-120000-3.json",
      "backup-2026-02-19-120000.json",
      "backup-2026-02-19.json",
    ]);
  });
});

Deno.test("export() keeps both of two backups that are made at once", async () => {
  await atInstallation(sql, async (installation) => {
    const paths = await Promise.all([
      exportBackup(installation, at(12, 0, 0)),
      exportBackup(installation, at(12, 0, 0)),
      exportBackup(installation, at(12, 0, 1)),
    ]);
    assertEquals(paths.length, 3);
    assertEquals(backupsIn(installation.backups).length, 3);
    for (const name of backupsIn(installation.backups)) {
      assertEquals(rowsOf(installation.backups, name), [{ x: 1 }]);
    }
  });
});

Deno.test("export() keeps a strange file or link that has the name of its day", async () => {
  await atInstallation(sql, async (installation) => {
    const path = join(installation.backups, "backup-2026-02-19.json");
    Deno.writeTextFileSync(path, "a diary");
    Deno.utimeSync(path, new Date(), new Date(2026, 1, 19, 7, 8, 9));
    await exportBackup(installation, at(12, 0, 0));
    assertEquals(backupsIn(installation.backups), [
      "backup-2026-02-19-070809.json",
      "backup-2026-02-19.json",
    ]);
    const kept = join(installation.backups, "backup-2026-02-19-070809.json");
    assertEquals(Deno.readTextFileSync(kept), "a diary");
  });
});

Deno.test("export() does not write through a link that has the name of its day", async () => {
  await atInstallation(sql, async (installation) => {
    const target = join(installation.root, "elsewhere.json");
    Deno.writeTextFileSync(target, "{}");
    const path = join(installation.backups, "backup-2026-02-19.json");
    Deno.symlinkSync(target, path);
    await exportBackup(installation, at(12, 0, 0));
    assertEquals(Deno.readTextFileSync(target), "{}");
    assertEquals(Deno.lstatSync(path).isFile, true);
    assertEquals(backupsIn(installation.backups).length, 2);
  });
});

Deno.test("export() gets by with a dangling link that has the name of its day", async () => {
  await atInstallation(sql, async (installation) => {
    const path = join(installation.backups, "backup-2026-02-19.json");
    Deno.symlinkSync(join(installation.root, "gone.json"), path);
    await exportBackup(installation, at(12, 0, 0));
    assertEquals(rowsOf(installation.backups, "backup-2026-02-19.json"), [{
      x: 1,
    }]);
  });
});

Deno.test("export() clears away what a killed one left, and nothing else", async () => {
  await atInstallation(sql, async (installation) => {
    const others = [".backup-0123abcd.tmp.json", ".backup-mine.tmp", "a.tmp"];
    for (const name of [".backup-0123abcd.tmp", ...others]) {
      Deno.writeTextFileSync(join(installation.backups, name), "{");
    }
    await exportBackup(installation, at(12, 0, 0));
    const names = [...others, "backup-2026-02-19.json"];
    assertEquals(backupsIn(installation.backups), names.sort());
  });
});

Deno.test("export() names the tables that lost their rows until they are back", async () => {
  const more = `${sql}; CREATE TABLE b (x); INSERT INTO b VALUES (1), (2);
    CREATE TABLE c (x); CREATE TABLE d (x); INSERT INTO d VALUES (1)`;
  await atInstallation(more, async (installation) => {
    const first = await exportBackup(installation, at(9, 0, 0));
    assertEquals(first.losses, []);
    withDb(
      installation.database,
      (db) => db.exec("DELETE FROM b; DROP TABLE d"),
    );
    const losses = [
      { name: "b", before: 2, now: 0 },
      { name: "d", before: 1, now: 0 },
    ];
    for (const hour of [12, 13]) {
      const { losses: found, reference } = await exportBackup(
        installation,
        at(hour, 0, 0),
      );
      assertEquals(found, losses);
      assertEquals(reference, "backup-2026-02-19.json");
    }
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "INSERT INTO b VALUES (1), (2); CREATE TABLE d (x); INSERT INTO d VALUES (1)",
        ),
    );
    const last = await exportBackup(installation, at(14, 0, 0));
    assertEquals(last.losses, []);
    assertEquals(backupsIn(installation.backups), [
      "backup-2026-02-19-090000.json",
      "backup-2026-02-19-120000.json",
      "backup-2026-02-19-130000.json",
      "backup-2026-02-19.json",
    ]);
  });
});

Deno.test("export() takes a loss that was meant for the new state", async () => {
  await atInstallation(sql, async (installation) => {
    await exportBackup(installation, at(9, 0, 0));
    withDb(installation.database, (db) => db.exec("DELETE FROM a"));
    const accepted = await exportBackup(installation, at(10, 0, 0), {
      acceptLoss: true,
    });
    assertEquals(accepted.losses, []);
    const next = await exportBackup(installation, at(11, 0, 0));
    assertEquals(next.losses, []);
    assertEquals(backupsIn(installation.backups).length, 3);
  });
});

Deno.test("a table has lost rows if a fifth of them is gone", async (t) => {
  const rows = "WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n " +
    "WHERE i < 100) INSERT INTO a SELECT i FROM n";
  const cases: [number, boolean][] = [[19, false], [20, true], [99, true]];
  for (const [deleted, isLoss] of cases) {
    await t.step(`${deleted} of 100`, async () => {
      const made = `CREATE TABLE a (x); ${rows}`;
      await atInstallation(made, async (installation) => {
        await exportBackup(installation, at(9, 0, 0));
        withDb(installation.database, (db) => {
          db.exec(`DELETE FROM a WHERE x <= ${deleted}`);
        });
        const { losses } = await exportBackup(installation, at(10, 0, 0));
        assertEquals(losses.length, isLoss ? 1 : 0);
      });
    });
  }
});
