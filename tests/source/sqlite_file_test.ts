/**
 * SQLite files as backups: the copies that the application makes, and any other.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, rowsIn, withDb } from "../support/scratch.ts";

const sql = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE files (id INTEGER PRIMARY KEY, body BLOB, n INTEGER, r REAL);
  INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Ben');
  INSERT INTO files VALUES (1, x'00ff', 9223372036854775807, 3.0)`;

const name = "soy-20260219-153000.db";

/** An installation and a copy of its database, as the application makes them. */
async function withCopy(
  test: (installation: Installation, copy: string) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    const folder = join(installation.data, "backups");
    Deno.mkdirSync(folder);
    const copy = join(folder, name);
    Deno.copyFileSync(installation.database, copy);
    await test(installation, copy);
  });
}

function dump(path: string): unknown[][] {
  return rowsIn(
    path,
    "SELECT id, hex(body), typeof(n), n, typeof(r), r FROM files",
  );
}

Deno.test("import brings lost rows back from a copy that the application made", async () => {
  await withCopy(async (installation) => {
    const before = dump(installation.database);
    withDb(installation.database, (db) => {
      db.exec("DELETE FROM contacts; UPDATE files SET n = 1, body = NULL");
    });
    const run = await runInProcess(installation, ["import", name]);
    assertEquals([run.code, run.err], [0, ""]);
    assertStringIncludes(run.out, "Imported 2 contacts");
    assertEquals(dump(installation.database), before);
    assertEquals(
      rowsIn(installation.database, "SELECT name FROM contacts"),
      [["Ada"], ["Ben"]],
    );
    const left = namesIn(installation.scratch)
      .filter((name) => !name.startsWith("before-import-"));
    assertEquals(left, []);
  });
});

Deno.test("import creates a new database from a SQLite file by its path", async () => {
  await withCopy(async (installation, copy) => {
    const before = dump(installation.database);
    Deno.removeSync(installation.database);
    const run = await runInProcess(installation, ["import", copy]);
    assertEquals([run.code, run.err], [0, ""]);
    assertEquals(dump(installation.database), before);
  });
});

Deno.test("verify verifies a copy, with the moment that its name tells", async () => {
  await withCopy(async (installation) => {
    const run = await runInProcess(installation, ["verify", name, "--json"]);
    assertEquals([run.code, run.err], [0, ""]);
    const { proved, source, date } = JSON.parse(run.out);
    assertEquals([proved, source], [true, name]);
    assertEquals(new Date(date), new Date(2026, 1, 19, 15, 30));
  });
});

Deno.test("copies that the application's server has made are found, too", async () => {
  await withCopy(async (installation, copy) => {
    const [older, newer] = ["soy_20260218_090000.db", "soy_20260220_090000.db"];
    const folder = join(installation.data, "backups");
    for (const made of [older, newer]) {
      Deno.copyFileSync(copy, join(folder, made));
    }
    const told = JSON.parse(
      (await runInProcess(installation, ["status", "--json"])).out,
    );
    const names = told.copies.map((copy: { name: string }) => copy.name);
    assertEquals(names, [newer, name, older]);
    const { out } = await runInProcess(installation, ["find", "contacts:1"]);
    assertStringIncludes(out, `first seen: 2026-02-18 09:00, ${older}`);
  });
});

Deno.test("status lists the copies with their contacts, and the damaged ones", async () => {
  await withCopy(async (installation) => {
    const folder = join(installation.data, "backups");
    const damaged = "soy-20260218-090000.db";
    Deno.writeTextFileSync(
      join(folder, damaged),
      "SQLite format 3\0".repeat(99),
    );
    Deno.writeTextFileSync(join(folder, "soy-20260217-090000.db"), "");
    Deno.writeTextFileSync(join(folder, "notes.db"), "not a copy");
    const run = await runInProcess(installation, ["status"]);
    assertEquals([run.code, run.err], [0, ""]);
    const lines = run.out.split("\n");
    const copies = lines.filter((line) => line.includes("soy-"));
    assertEquals(copies.length, 3);
    assertStringIncludes(copies[0]!, name);
    assertStringIncludes(copies[0]!, "2026-02-19 15:30");
    assertStringIncludes(copies[0]!, "2 contacts");
    assertStringIncludes(copies[1]!, `${damaged}`);
    assertStringIncludes(copies[1]!, "it is damaged");
    assertStringIncludes(copies[2]!, "it is empty");
    const told = JSON.parse(
      (await runInProcess(installation, ["status", "--json"])).out,
    );
    assertEquals(told.copies[0].rows, { contacts: 2 });
    assertEquals(told.strange_copies.length, 2);
    assertEquals(
      told.strange_copies[0],
      { name: damaged, fault: "it is damaged" },
    );
  });
});

const faults: [string, (copy: string) => void, string][] = [
  [
    "damaged",
    (copy) => {
      const bytes = Deno.readFileSync(copy);
      bytes.fill(0xff, 4096);
      Deno.writeFileSync(copy, bytes);
    },
    "it is damaged",
  ],
  ["cut short", (copy) => Deno.truncateSync(copy, 4096 + 77), "it is damaged"],
  [
    "without a database in it",
    (copy) => Deno.writeTextFileSync(copy, "some text"),
    "it is damaged",
  ],
];

for (const [kind, spoil, reason] of faults) {
  Deno.test(`import refuses a SQLite file that is ${kind}, in one line`, async () => {
    await withCopy(async (installation, copy) => {
      spoil(copy);
      const before = rowsIn(installation.database, "SELECT * FROM contacts");
      const run = await runInProcess(installation, ["import", name]);
      assertEquals([run.code, run.out], [1, ""]);
      assertStringIncludes(run.err, `Cannot read "${copy}": ${reason}`);
      assertEquals(run.err.split("\n").length, 1);
      assertEquals(
        rowsIn(installation.database, "SELECT * FROM contacts"),
        before,
      );
      assertEquals(namesIn(installation.scratch), []);
    });
  });
}

Deno.test("import says that another program has a copy locked", async () => {
  await withCopy(async (installation, copy) => {
    const db = new Database(copy);
    db.exec("BEGIN EXCLUSIVE");
    try {
      const run = await runInProcess(installation, ["import", name], {
        timeouts: { lockTimeout: 300 },
      });
      assertEquals(run.code, 1);
      assertStringIncludes(run.err, "another program has it locked");
    } finally {
      db.close();
    }
  });
});

Deno.test("an empty file is no copy, whatever SQLite makes of it", async () => {
  await withCopy(async (installation, copy) => {
    Deno.truncateSync(copy);
    for (const command of ["verify", "show", "import"]) {
      const run = await runInProcess(installation, [command, name]);
      assertEquals(run.code, 1);
      assertStringIncludes(run.err, "it is empty");
    }
  });
});

Deno.test("a copy in WAL mode is read with what lies beside it, and stays as it is", async () => {
  await withCopy(async (installation, copy) => {
    const original = join(installation.root, "original.db");
    Deno.copyFileSync(copy, original);
    const db = new Database(original);
    db.exec("PRAGMA journal_mode = WAL; UPDATE contacts SET name = 'Zoe'");
    for (const ending of ["", "-wal"]) {
      Deno.copyFileSync(original + ending, copy + ending);
    }
    db.close();
    const files = () =>
      namesIn(join(installation.data, "backups")).map((file) =>
        Deno.readFileSync(join(installation.data, "backups", file))
      );
    const before = files();
    assertEquals(before.length, 2);
    for (const words of [["status"], ["verify", name], ["show", name]]) {
      const run = await runInProcess(installation, words);
      assertEquals(run.code, 0);
    }
    const shown = await runInProcess(installation, [
      "show",
      name,
      "contacts:1",
    ]);
    assertStringIncludes(shown.out, "Zoe");
    assertEquals(files(), before);
  });
});
