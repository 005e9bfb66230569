/**
 * A damaged database: its file is named, kept under another name, and a new one made
 * from a backup.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { installationAt } from "../../lib/store/installation.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  atSmallSample,
  edit,
  makeBackup,
  namesIn,
  tool,
  withLock,
} from "../support/installation.ts";
import { filesOf } from "../support/pair.ts";
import { rowsIn, withDb } from "../support/scratch.ts";

const words = "Dear diary. ".repeat(1000);
const people = "SELECT count(*) FROM contacts";
const asideName = /^soy\.db\.damaged-\d{4}-\d\d-\d\d-\d{6}$/;

/** Ways in which a database is damaged. */
const damages: Record<string, (path: string) => void> = {
  "no database at all": (path) => Deno.writeTextFileSync(path, words),
  "damaged in its pages": (path) => {
    const bytes = Deno.readFileSync(path);
    bytes.fill(0xff, 16 * 4096, bytes.length - 4096);
    Deno.writeFileSync(path, bytes);
  },
  "cut in half": (path) =>
    Deno.truncateSync(path, Deno.statSync(path).size / 2),
};

/** Runs an import that may replace the damaged database. */
function replace(
  installation: Installation,
  backup: string,
  ...more: string[]
) {
  const args = ["import", backup, "--replace-damaged", ...more];
  return tool(installation, args, { allow: [`--allow-read=${backup}`] });
}

/** Puts the database into a folder of its own and a link in its place. */
function linkDatabase({ root, database }: Installation): Installation {
  const home = join(root, "..", "home");
  Deno.mkdirSync(home);
  const real = join(Deno.realPathSync(home), "soy.db");
  Deno.renameSync(database, real);
  Deno.symlinkSync(real, database);
  return { ...installationAt(root), database: real, data: home };
}

for (const [what, damage] of Object.entries(damages)) {
  Deno.test(`a file that is ${what} is moved aside, and a new database made`, async () => {
    await atSmallSample(async (installation) => {
      const { database, data } = installation;
      const backup = await makeBackup(installation);
      damage(database);
      const damaged = Deno.readFileSync(database);
      const before = filesOf(installation);
      const preview = await replace(installation, backup, "--dry-run");
      assertEquals([preview.code, preview.err], [0, ""]);
      assertStringIncludes(
        preview.out,
        "An import would keep the damaged database as data/soy.db.damaged-",
      );
      assertEquals(filesOf(installation), before);

      const { code, out, err } = await replace(installation, backup);
      assertEquals([code, err], [0, ""]);
      assertStringIncludes(out, "Kept the damaged database as data/soy.db.");
      const names = namesIn(data);
      assertEquals(names.length, 2);
      assertEquals(names[0], "soy.db");
      assert(asideName.test(names[1]!), names[1]);
      assertEquals(Deno.readFileSync(join(data, names[1]!)), damaged);
      assertEquals(rowsIn(database, people), [[31]]);
    });
  });
}

Deno.test("what SQLite keeps beside a damaged database goes with it", async () => {
  await atSmallSample(async (installation) => {
    const { database, data } = installation;
    const backup = await makeBackup(installation);
    Deno.writeTextFileSync(database, words);
    for (const suffix of ["-wal", "-shm"]) {
      Deno.writeTextFileSync(database + suffix, `of before ${suffix}`);
    }
    const { code, err } = await replace(installation, backup);
    assertEquals([code, err], [0, ""]);
    const [, aside, ...beside] = namesIn(data);
    assertEquals(beside, [`${aside}-shm`, `${aside}-wal`]);
    const wal = Deno.readTextFileSync(join(data, `${aside}-wal`));
    assertEquals(wal, "of before -wal");
    assertEquals(rowsIn(database, people), [[31]]);
  });
});

Deno.test("behind a link the real file is named, moved and made again, if it may be written", async () => {
  await atSmallSample(async (installation) => {
    const backup = await makeBackup(installation);
    const { database: real, data: home } = linkDatabase(installation);
    Deno.writeTextFileSync(real, words);
    const shown = `"data/soy.db" (a link to "${real}"): it is not a readable`;
    for (const args of [["export"], ["import", backup], ["status"]]) {
      const { err } = await tool(installation, args);
      assertStringIncludes(err, shown);
    }
    const run = await tool(installation, [
      "import",
      backup,
      "--replace-damaged",
    ], {
      allow: [
        `--allow-read=${dirname(real)}`,
        `--allow-write=${dirname(real)}`,
      ],
    });
    assertEquals([run.code, run.err], [0, ""]);
    const [name, aside] = namesIn(home);
    assertEquals(name, "soy.db");
    assertStringIncludes(run.out, join(Deno.realPathSync(home), aside!));
    assertEquals(Deno.readTextFileSync(join(home, aside!)), words);
    assertEquals(rowsIn(real, people), [[31]]);
    assertEquals(namesIn(installation.data), ["soy.db"]);
    assert(Deno.lstatSync(installation.database).isSymlink);
  });
});

for (const [what, damage] of Object.entries(damages)) {
  Deno.test(`behind a link to where it may not write, what is ${what} is kept in output/`, async () => {
    await atSmallSample(async (installation) => {
      const backup = await makeBackup(installation);
      const { database: real, data: home } = linkDatabase(installation);
      damage(real);
      const damaged = Deno.readFileSync(real);
      const run = await replace(installation, backup);
      assertEquals([run.code, run.err], [0, ""]);
      assertStringIncludes(
        run.out,
        "Kept the damaged database as output/soy.db.",
      );
      const aside = namesIn(installation.backups)
        .find((name) => asideName.test(name))!;
      const path = join(installation.backups, aside);
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
      // A copy of SQLite's own counts itself in the header.
      assertEquals(
        Deno.readFileSync(path).subarray(100),
        damaged.subarray(100),
      );
      assertEquals(namesIn(home), ["soy.db"]);
      assertEquals(rowsIn(real, people), [[31]]);
      assert(Deno.lstatSync(installation.database).isSymlink);
    });
  });
}

Deno.test("the log of a damaged database behind a link is in the copy in output/", async () => {
  await atSmallSample(async (installation) => {
    const backup = await makeBackup(installation);
    const { database: real } = linkDatabase(installation);
    const kept = real + ".kept";
    withDb(real, (db) => {
      db.exec("PRAGMA journal_mode = WAL");
      db.exec("CREATE TABLE late (x); INSERT INTO late VALUES ('in the log')");
      Deno.copyFileSync(real + "-wal", kept);
      Deno.copyFileSync(real, kept + ".db");
    });
    Deno.copyFileSync(kept + ".db", real);
    Deno.copyFileSync(kept, real + "-wal");
    const bytes = Deno.readFileSync(real);
    bytes.fill(0xff, 30 * 4096, 40 * 4096);
    Deno.writeFileSync(real, bytes);
    const run = await replace(installation, backup);
    assertEquals([run.code, run.err], [0, ""]);
    const aside = namesIn(installation.backups)
      .find((name) => asideName.test(name))!;
    assertEquals(
      rowsIn(join(installation.backups, aside), "SELECT x FROM late"),
      [["in the log"]],
    );
    assertEquals(rowsIn(real, people), [[31]]);
  });
});

Deno.test("a database that is not damaged is never replaced, nor one that is not there", async () => {
  await atSmallSample(async (installation) => {
    const backup = await makeBackup(installation);
    const before = filesOf(installation);
    for (const more of [[], ["--dry-run"]]) {
      const { code, err } = await replace(installation, backup, ...more);
      assertEquals(code, 1);
      assertStringIncludes(err, 'the database "data/soy.db" is not damaged; ');
      assertEquals(filesOf(installation), before);
    }
    Deno.removeSync(installation.database);
    const { code, err } = await replace(installation, backup);
    assertEquals(code, 1);
    assertStringIncludes(
      err,
      "there is no database to replace; import without",
    );
    assertEquals(namesIn(installation.data), []);
  });
});

Deno.test("a backup that cannot be restored leaves the damaged database where it is", async () => {
  await atSmallSample(async (installation) => {
    const backup = await makeBackup(installation);
    Deno.writeTextFileSync(installation.database, words);
    edit(backup, (text) => text.slice(0, -100));
    const before = filesOf(installation);
    const { code } = await replace(installation, backup);
    assertEquals(code, 1);
    assertEquals(filesOf(installation), before);
  });
});

Deno.test("a damaged database that another program has locked is not moved", async () => {
  await atSmallSample(async (installation) => {
    const backup = await makeBackup(installation);
    damages["damaged in its pages"]!(installation.database);
    await withLock(installation, async () => {
      const { code, err } = await runInProcess(
        installation,
        ["import", backup, "--replace-damaged"],
        { timeouts: { lockTimeout: 300 } },
      );
      assertEquals(code, 1);
      assertStringIncludes(err, "another program has the database locked");
    });
    assertEquals(namesIn(installation.data), ["soy.db"]);
  });
});
