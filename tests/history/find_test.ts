/**
 * What `find` says of records through all backups.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { MEMBERS, whole } from "../support/backup_text.ts";
import { backupText } from "../support/hand_made.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";
import { answers, says } from "./history.ts";

const made = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, company TEXT,
    notes TEXT, email TEXT UNIQUE);
  INSERT INTO contacts VALUES
    (1, 'Tom', 'Acme', 'Says "hi"', 'tom@x'),
    (7, 'Sarah Chen', 'Acme', 'Tall', 's@x'),
    (17, 'Zoë Weiß', 'Umbrella', 'path C:\\new', NULL);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, content TEXT);
  INSERT INTO notes VALUES (1, 'Lunch with SARAH CHEN'), (7, 'Nothing');
  CREATE TABLE "odd ""names""" (a TEXT, b INTEGER, "Sarah Chen" TEXT,
    PRIMARY KEY (a, b)) WITHOUT ROWID;
  INSERT INTO "odd ""names""" VALUES ('it''s', 3, 'Umbrella');
  CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  INSERT INTO soy_meta VALUES ('api_token', 'sarah chen 1'), ('color', 'red');
  CREATE TABLE keyless (x TEXT);
  INSERT INTO keyless VALUES ('only Umbrella');
`;

/** Days and what happens before the backup of each, the first without a change. */
const story: [day: number, sql: string][] = [
  [1, ""],
  [2, "UPDATE contacts SET company = 'Globex' WHERE id = 7"],
  [3, "UPDATE contacts SET name = 'Tim' WHERE id = 1"],
  [
    4,
    "UPDATE soy_meta SET value = 'sarah chen 2' WHERE key = 'api_token';" +
    "DELETE FROM notes WHERE id = 1",
  ],
  [20, "DELETE FROM contacts WHERE id = 7"],
  [21, "INSERT INTO contacts VALUES (7, 'Sarah Chen', 'Globex', NULL, NULL)"],
];

const dayOf = (day: number) => new Date(2026, 0, day, 12);
/** Days on which rows are gone; their backups have the time in their names. */
const poorer = [4, 20, 21];
const nameOf = (day: number) =>
  `backup-2026-01-${String(day).padStart(2, "0")}${
    poorer.includes(day) ? "-120000" : ""
  }.json`;

/** Runs a test after the days of the story, all of them in plain files. */
function afterStory(
  test: (installation: Installation) => Promise<void>,
  days = story,
): Promise<void> {
  return atInstallation(made, async (installation) => {
    for (const [day, sql] of days) {
      withDb(installation.database, (db) => db.exec(sql));
      await exportBackup(installation, {
        ...session(),
        now: () => dayOf(day),
      });
    }
    await test(installation);
  });
}

/** Enough that older days are packed. */
const quietDays = [22, 23, 24, 25, 26, 27, 28, 29]
  .map((day): [number, string] => [day, ""]);
const withoutSarah = story.slice(0, 5);

async function found(installation: Installation, text: string) {
  const { records } = await answers(installation, "find", text);
  return records.map((
    { table, key, last, here }: Record<string, string & { source: string }>,
  ) => [`${table}:${key}`, last?.source ?? null, here]);
}

Deno.test("find lists the records with a text, the latest first", async () => {
  await afterStory(async (installation) => {
    assertEquals(await found(installation, "sarah chen"), [
      ["contacts:7", nameOf(4), false],
      ["notes:1", nameOf(3), false],
    ]);
    const out = await says(installation, "find", "Sarah Chen");
    assertStringIncludes(
      out,
      `2 records have "Sarah Chen" in them:\n\n` +
        "Sarah Chen (contacts:7): from 2026-01-01 12:00 to 2026-01-04 12:00, " +
        "not in the database now\n" +
        `  import ${nameOf(4)} --only contacts:7\n\n` +
        "Lunch with SARAH CHEN (notes:1): from",
    );
  }, withoutSarah);
});

Deno.test("find finds letters in either case, quotes and backslashes", async () => {
  await afterStory(async (installation) => {
    for (const text of ["ZOË WEISS".replace("SS", "ß"), "zoe\u0308 w"]) {
      const [[name]] = await found(installation, text);
      assertEquals(name, "contacts:17", text);
    }
    assertEquals((await found(installation, 'says "HI"'))[0][0], "contacts:1");
    assertEquals((await found(installation, "c:\\New"))[0][0], "contacts:17");
  }, story.slice(0, 1));
});

Deno.test("find takes no names of columns for texts, and looks at no secrets", async () => {
  await afterStory(async (installation) => {
    for (const text of ["company", "sarah chen 1", "{", "id"]) {
      assertEquals(await found(installation, text), [], text);
    }
    const tables = (await found(installation, "umbrella"))
      .map(([name]: [string]) => name).sort();
    assertEquals(tables, [
      "contacts:17",
      "keyless:null",
      `odd "names":it's,3`,
    ]);
    const out = await says(installation, "find", "umbrella");
    assertStringIncludes(out, `--only 'odd "names":it'\\''s,3'`);
  }, story.slice(0, 1));
});

Deno.test("find names the table of a row after a table without rows", async () => {
  const tables = `CREATE TABLE aa (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE bb (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO bb VALUES (1, 'Sarah Chen');`;
  await atInstallation(tables, async (installation) => {
    await exportBackup(installation, {
      ...session(),
      now: () => dayOf(1),
    });
    assertEquals(await found(installation, "sarah"), [
      ["bb:1", nameOf(1), true],
    ]);
  });
});

Deno.test("find tells the life of a record", async () => {
  await afterStory(async (installation) => {
    const out = await says(installation, "find", "contact:SARAH chen");
    assertEquals(
      out,
      [
        "Sarah Chen (contacts:7):",
        `  first seen: 2026-01-01 12:00, ${nameOf(1)}`,
        `  changed: 2026-01-02 12:00, ${nameOf(2)}`,
        "    company: Acme → Globex",
        `  gone: 2026-01-20 12:00, ${nameOf(20)}`,
        `  back: 2026-01-21 12:00, ${nameOf(21)}`,
        "    notes: Tall → nothing",
        "    email: s@x → nothing",
        "It is in the database now; it was seen in 5 backups, last in " +
        `${nameOf(21)}.`,
        "To bring it back as it was then:",
        `  import ${nameOf(21)} --only contacts:7`,
      ].join("\n"),
    );
    const { record } = await answers(installation, "find", "contacts:s@x");
    assertEquals([record.key, record.here, record.backups], ["7", true, 5]);
    assertEquals(record.events[1].columns, [
      { name: "company", before: "Acme", after: "Globex" },
    ]);
    const short = await says(installation, "find", "contacts:7", "--limit=1");
    assertMatch(short, /:\n {2}3 earlier events; --limit shows more\n {2}back/);
  });
});

Deno.test("find shows no secret in the life of a record", async () => {
  await afterStory(async (installation) => {
    const out = await says(installation, "find", "soy_meta:api_token");
    assertStringIncludes(out, "    value: changed (not shown)");
    assertNotMatch(out, /sarah/i);
    const { record } = await answers(installation, "find", "soy_meta:color");
    assertEquals(record.events.length, 1);
  }, withoutSarah);
});

Deno.test("find finds by a key of several columns, and by a number alone", async () => {
  await afterStory(async (installation) => {
    const { record } = await answers(
      installation,
      "find",
      `odd "names":IT'S,3`,
    );
    assertEquals(record.key, "it's,3");
    const other = await answers(installation, "find", "notes:7");
    assertEquals([other.record.key, other.record.label], ["7", "Nothing"]);
  }, story.slice(0, 2));
});

Deno.test("find looks into packed months, copies and other layouts", async () => {
  await afterStory(async (installation) => {
    const { backups, data } = installation;
    Deno.mkdirSync(join(data, "backups"));
    Deno.copyFileSync(
      installation.database,
      join(data, "backups", "soy-20260131-120000.db"),
    );
    const contacts = [{ id: 7, name: "Sarah Chen", company: "Initech" }];
    const text = backupText({ tables: { contacts } })
      .replace("2026-02-19T15:30:00Z", "2025-12-31T00:00:00Z");
    Deno.writeTextFileSync(join(backups, "backup-2025-12-31.json"), text);
    await says(installation, "tidy");
    const names = [...Deno.readDirSync(backups)].map(({ name }) => name);
    assert(names.includes("backups-2026-01.tar.zst"), names.join());
    const { record } = await answers(installation, "find", "contacts:7");
    assertEquals(
      record.events.map(({ kind }: { kind: string }) => kind),
      ["first", "changed", "changed", "gone", "back"],
    );
    assertEquals(record.events[0].source, "backup-2025-12-31.json");
    assertEquals(record.last.source, "soy-20260131-120000.db");
  }, [...story, ...quietDays]);
});

Deno.test("find names what it can't read, and goes on", async () => {
  await afterStory(async (installation) => {
    const damages: [number, (text: string) => string][] = [
      [1, (text) => text.replace('"schema": [', '"schema": [[')],
      [2, (text) => text.replace('"tables": {', '"tables": [')],
      [20, (text) => text.slice(0, text.length / 2)],
    ];
    for (const [day, damage] of damages) {
      const path = join(installation.backups, nameOf(day));
      Deno.writeTextFileSync(path, damage(Deno.readTextFileSync(path)));
    }
    const { code, out, err } = await runInProcess(installation, [
      "find",
      "contacts:7",
    ]);
    assertEquals(code, 3);
    assertEquals(
      err.split("\n").map((line) => line.replace(/json: .*/, "json")).sort(),
      [1, 2, 20].map((day) => `Left out: ${nameOf(day)}`),
    );
    assertMatch(out, /first seen: 2026-01-03/);
  }, withoutSarah);
});

Deno.test("find says which tables and records it may mean", async () => {
  await afterStory(async (installation) => {
    const fails = async (text: string) => {
      const { code, err } = await runInProcess(installation, ["find", text]);
      assertEquals(code, 1, text);
      return err;
    };
    assertMatch(await fails("contcts:7"), /did you mean contacts\?/);
    assertMatch(await fails("contacts:99"), /find "99" looks for it/);
    withDb(
      installation.database,
      (db) => db.exec("UPDATE contacts SET name = 'Tim' WHERE id = 17"),
    );
    assertMatch(
      await fails("contacts:tim"),
      /2 records are called "tim": contacts:1, contacts:17; name one by its key/,
    );
    const none = await says(installation, "find", "Re: budget");
    assertEquals(none, 'No record has "Re: budget" in it.');
    const { code } = await runInProcess(installation, ["find", " "]);
    assertEquals(code, 2);
  }, withoutSarah);
});

Deno.test("find runs no statement of a backup's schema that creates no table", async () => {
  await atInstallation(made, async (installation) => {
    const outside = join(installation.root, "outside.db");
    const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, x); " +
      `ROLLBACK; VACUUM INTO '${outside}'; SAVEPOINT soy_table`;
    const entry = JSON.stringify({ type: "table", name: "t", table: "t", sql });
    const text = await whole({ ...MEMBERS, schema: `[\n${entry}\n]` });
    const path = join(installation.backups, "backup-2026-02-19.json");
    Deno.writeTextFileSync(path, text);
    const { records } = await answers(installation, "find", "é 👋");
    assertEquals(records.map(({ table }: { table: string }) => table), ["t"]);
    assertEquals([...Deno.readDirSync(installation.root)].length, 2);
  });
});

Deno.test("find sees the rows of a full-text index in the database", async () => {
  const sql = "CREATE VIRTUAL TABLE words USING fts5 (title, body);" +
    "INSERT INTO words VALUES ('Hello', 'a quince'), ('Bye', 'a plum')";
  await atInstallation(sql, async (installation) => {
    await exportBackup(installation, session());
    const life = await says(installation, "find", "words:1");
    assertStringIncludes(life, "It is in the database now");
    const found = await says(installation, "find", "quince");
    assertStringIncludes(found, "and in the database now");
  });
});

Deno.test("find without a folder of backups looks into the database", async () => {
  const sql = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);" +
    "INSERT INTO contacts VALUES (1, 'Ada')";
  await atInstallation(sql, async (installation) => {
    Deno.removeSync(installation.backups);
    const found = await says(installation, "find", "Ada");
    assertStringIncludes(found, "Ada (contacts:1): in the database");
  });
});

Deno.test("find takes a text of any length", async () => {
  const long = 'Ünïcode, "and" so on; '.repeat(2_000);
  await atInstallation("CREATE TABLE notes (content)", async (installation) => {
    withDb(installation.database, (db) => {
      const insert = db.prepare("INSERT INTO notes VALUES (?)");
      insert.run(`This: ${long}end`);
      insert.run(`That: ${long}other`);
      insert.finalize();
    });
    await exportBackup(installation, session());
    const { total } = await answers(installation, "find", `${long}end`);
    assertEquals(total, 1);
    const { code, err } = await runInProcess(installation, [
      "find",
      `notes:${long}`,
    ]);
    assertEquals(code, 1);
    assertMatch(
      err,
      /^Error: neither the database nor a backup has "notes:Ünï/,
    );
  });
});
