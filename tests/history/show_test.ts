/**
 * What `show` says of tables, rows and records.
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
import { main } from "../../lib/cli/main.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { backupText, object, written } from "../support/hand_made.ts";
import { runInProcess } from "../support/in_process.ts";
import { filesOf } from "../support/pair.ts";
import { rowsIn, withDb } from "../support/scratch.ts";
import { afterChange, answers, says } from "./history.ts";

const made = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, company TEXT,
    photo BLOB, score REAL);
  INSERT INTO contacts VALUES (1, 'Sarah Chen', 'Acme, Inc.', NULL, 3),
    (2, 'Tom', NULL, x'0001', NULL), (7, 'Say "hi"', '', NULL, 0.5);
  CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
  INSERT INTO tags VALUES (1, 'VIP');
  CREATE TABLE entity_tags (entity_type TEXT, entity_id INTEGER,
    tag_id INTEGER NOT NULL REFERENCES tags (id),
    PRIMARY KEY (entity_type, entity_id, tag_id));
  INSERT INTO entity_tags VALUES ('contact', 1, 1);
  CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT,
    client_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL);
  INSERT INTO projects VALUES (3, 'Website', 1);
  CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT,
    project_id INTEGER NOT NULL REFERENCES projects (id));
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 45)
  INSERT INTO tasks SELECT i, 'Task ' || i, 3 FROM n;
  CREATE TABLE empty (x);
`;

async function fails(
  installation: Installation,
  ...args: string[]
): Promise<string> {
  const { code, err } = await runInProcess(installation, args);
  assertEquals(code, 1);
  return err;
}

Deno.test("show lists the tables of the newest backup with their rows", async () => {
  await afterChange(made, "DELETE FROM tasks", async (installation) => {
    const out = await says(installation, "show");
    assertMatch(out, /^backup-.* \(.*\) has 6 tables with 51 rows\.\n/);
    assertMatch(out, /\n {2}tasks +45\n1 table without rows\.$/);
    assertMatch(
      await says(installation, "show", "now"),
      /6 tables with 6 rows/,
    );
    const { tables } = await answers(installation, "show");
    assertEquals(tables[0], { name: "contacts", rows: 3 });
  });
});

Deno.test("show reads only the ends of a backup to list its tables", async () => {
  await afterChange(made, "", async (installation) => {
    const [{ name }] = [...Deno.readDirSync(installation.backups)] as [
      Deno.DirEntry,
    ];
    const path = join(installation.backups, name);
    const text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(
      path,
      text.replace('"Task 9"', "\x01\x01\x01\x01\x01\x01\x01\x01"),
    );
    assertMatch(await says(installation, "show"), /6 tables with 51 rows/);
    assertStringIncludes(await fails(installation, "show", "tasks"), name);
  });
});

Deno.test("show pages through the rows of a table", async () => {
  await afterChange(made, "", async (installation) => {
    const out = await says(installation, "show", "tasks");
    assertMatch(out, /has 45 tasks; page 1 of 3:\nid +title +project_id\n 1 /);
    const { page, pages, total, rows } = await answers(
      installation,
      ...["show", "latest", "TASKS", "--page", "5", "--limit", "10"],
    );
    assertEquals([page, pages, total], [5, 5, 45]);
    assertEquals(rows.map(({ id }: { id: number }) => id), [
      41,
      42,
      43,
      44,
      45,
    ]);
    const none = await says(installation, "show", "tasks", "--page", "9");
    assertMatch(none, /^There is no page 9: .* has 45 tasks on 3 pages\.$/);
    assertMatch(
      await says(installation, "show", "empty"),
      /has 0 rows in empty\.$/,
    );
  });
});

Deno.test("show says what a record is and what belongs to it", async () => {
  await afterChange(made, "", async (installation) => {
    const out = await says(installation, "show", "contact:sarah chen");
    assertMatch(out, /^Sarah Chen \(contacts:1\), in backup-/);
    assertEquals(out.split("\n").slice(1), [
      "  id: 1",
      "  name: Sarah Chen",
      "  company: Acme, Inc.",
      "  score: 3.0",
      "1 tag assignment",
      "  VIP (entity_tags:contact,1,1)",
      "1 project",
      "  Website (projects:3)",
    ]);
    const project = await says(installation, "show", "projects:3");
    assertEquals(project.split("\n").slice(4), [
      "Refers to Sarah Chen (contacts:1)",
      "45 tasks",
      ...[1, 2, 3, 4, 5].map((i) => `  Task ${i} (tasks:${i})`),
      "  and 40 more",
    ]);
  });
});

Deno.test("--json has a record's values, what belongs to it and what it refers to", async () => {
  await afterChange(made, "", async (installation) => {
    const answer = await answers(installation, "show", "now", "projects:3");
    const { source, rows, belongings, parents } = answer;
    assertEquals(source, "the database");
    assertEquals(rows, [{ id: 3, name: "Website", client_id: 1 }]);
    assertEquals(parents, [
      { table: "contacts", key: "1", label: "Sarah Chen" },
    ]);
    assertEquals([belongings[0].table, belongings[0].count], ["tasks", 45]);
    assertEquals(belongings[0].records[0], {
      table: "tasks",
      key: "1",
      label: "Task 1",
      belongings: [],
    });
  });
});

Deno.test("--csv quotes as RFC 4180 says, and tells NULL from an empty text", async () => {
  await afterChange(made, "", async (installation) => {
    assertEquals(
      await says(installation, "show", "contacts", "--csv"),
      [
        "id,name,company,photo,score",
        '1,Sarah Chen,"Acme, Inc.",,3.0',
        "2,Tom,,AAE=,",
        '7,"Say ""hi""","",,0.5',
      ].join("\n"),
    );
    assertEquals(
      (await says(installation, "show", "--csv")).split("\n").slice(0, 2),
      ["table,rows", "contacts,3"],
    );
  });
});

Deno.test("--markdown cannot be broken out of", async () => {
  const hostile = `CREATE TABLE t (a); INSERT INTO t VALUES
    ('x | y' || char(10) || '<b>'), ('[a](b)'), (NULL)`;
  await afterChange(hostile, "", async (installation) => {
    assertEquals(
      await says(installation, "show", "t", "--markdown"),
      [
        "| a |",
        "| --- |",
        "| x \\| y\\\\u000a\\<b\\> |",
        "| \\[a\\](b) |",
        "|  |",
      ].join("\n"),
    );
  });
});

// deno-lint-ignore no-control-regex -- they are what is looked for
const control = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;

Deno.test("control characters reach a file as they are, and never a terminal", async () => {
  const hostile = `CREATE TABLE "t\x1b[2J" ("a\x07" TEXT, title);
    INSERT INTO "t\x1b[2J" VALUES ('x\x1b]0;owned\x07', 'y\x9b')`;
  await afterChange(hostile, "", async (installation) => {
    const name = "t\x1b[2J";
    for (
      const words of [["show"], ["show", name], ["show", name, "--markdown"]]
    ) {
      assertNotMatch(await says(installation, ...words), control);
    }
    const file = await says(installation, "show", name, "--csv");
    assertEquals(file, "a\x07,title\nx\x1b]0;owned\x07,y\x9b");
    const lines: string[] = [];
    await main({
      args: ["show", name, "--csv"],
      terminal: {
        out: (line) => lines.push(line),
        err: () => {},
        bold: (text) => text,
        isTerminal: true,
      },
      root: () => installation.root,
    });
    assertEquals(lines, ["a\\u0007,title", "x\\u001b]0;owned\\u0007,y\\u009b"]);
  });
});

Deno.test("what may be a secret is not shown", async () => {
  const secret = `CREATE TABLE accounts (id INTEGER PRIMARY KEY, label TEXT,
      api_key TEXT); INSERT INTO accounts VALUES (1, 'work', 'hush');
    CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
    INSERT INTO soy_meta VALUES ('slack_token', 'hush'), ('theme', 'dark')`;
  await afterChange(secret, "", async (installation) => {
    for (const table of ["accounts", "accounts:1", "soy_meta"]) {
      for (const form of [[], ["--csv"], ["--markdown"], ["--json"]]) {
        const out = await says(installation, "show", table, ...form);
        assertNotMatch(out, /hush/);
        assertStringIncludes(out, "(not shown)");
      }
    }
    assertStringIncludes(await says(installation, "show", "soy_meta"), "dark");
  });
});

Deno.test("integers of 64 bits and text of no Unicode come through", async () => {
  const odd = `CREATE TABLE t (i, x); INSERT INTO t VALUES
    (9223372036854775807, CAST(x'ff' AS TEXT)), (-1, x'ff')`;
  await afterChange(odd, "", async (installation) => {
    const out = await says(installation, "show", "t", "--json");
    assertStringIncludes(out, '{"i":9223372036854775807,"x":{"$base64":true');
    const csv = await says(installation, "show", "t", "--csv");
    assertEquals(csv, "i,x\n9223372036854775807,/w==\n-1,/w==");
    const page = await says(installation, "show", "t");
    assertStringIncludes(page, "text that is not Unicode, 1 b");
  });
});

Deno.test("what is not there is refused with what may be meant", async () => {
  await afterChange(made, "", async (installation) => {
    assertStringIncludes(
      await fails(installation, "show", "contcts"),
      'There is neither a backup nor a table "contcts"; did you mean contacts?',
    );
    assertStringIncludes(
      await fails(installation, "show", "latest", "contcts:1"),
      'has no table "contcts"; did you mean contacts?',
    );
    assertStringIncludes(
      await fails(installation, "show", "contacts:Sara Chen"),
      'has no "contacts:Sara Chen"; did you mean "contacts:Sarah Chen"?',
    );
    assertStringIncludes(
      await fails(installation, "show", "none.json"),
      "Cannot find backup",
    );
  });
});

Deno.test("options that do not fit are wrong usage", async () => {
  await afterChange(made, "", async (installation) => {
    for (
      const args of [
        ["--page", "2"],
        ["contacts:1", "--limit", "2"],
        ["contacts", "--page", "0"],
        ["contacts", "--limit", "many"],
        ["contacts", "--csv", "--markdown"],
      ]
    ) {
      const { code } = await runInProcess(installation, ["show", ...args]);
      assertEquals(code, 2, args.join(" "));
    }
  });
});

Deno.test("show changes no file, and works without a database", async () => {
  await afterChange(made, "", async (installation) => {
    const before = filesOf(installation);
    await says(installation, "show", "contacts:1");
    await says(installation, "show", "now", "contacts");
    assertEquals(filesOf(installation), before);
    Deno.removeSync(installation.database);
    assert(await says(installation, "show", "contacts"));
    assertStringIncludes(
      await fails(installation, "show", "now"),
      "Cannot find a database",
    );
  });
});

Deno.test("show reads a database in UTF-16", async () => {
  await afterChange("CREATE TABLE t (x)", "", async (installation) => {
    Deno.removeSync(installation.database);
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (name TEXT);" +
            "INSERT INTO t VALUES ('Zoë 👋')",
        ),
    );
    const csv = await says(installation, "show", "now", "t", "--csv");
    assertEquals(csv, "name\nZoë 👋");
  });
});

Deno.test("what a backup has and no table can show is named, with exit code 3", async () => {
  await afterChange("CREATE TABLE t (id)", "", async (installation) => {
    const schema = [object("table", "t", "CREATE TABLE t (id INTEGER)")];
    const tables = { t: [{ id: 1, nick: "x" }] };
    written(installation, backupText({ schema, tables }));
    for (const args of [["show", "hand.json", "t"], ["diff", "hand.json"]]) {
      const { code, err } = await runInProcess(installation, args);
      assertEquals(code, 3);
      assertStringIncludes(err, 'Left out: column "nick" of table "t"');
    }
  });
});

Deno.test("a row of a table whose columns have all names of the rowid can be named", async () => {
  const sql = "CREATE TABLE tasks (name, rowid, _rowid_, oid);" +
    "INSERT INTO tasks VALUES ('Call', 1, 2.5, x'00'), ('Pay', 1, NULL, 'a');";
  await afterChange(sql, "DELETE FROM tasks", async (installation) => {
    const out = await says(installation, "show", "tasks:Call");
    assertMatch(out, /name: Call\n {2}rowid: 1\n {2}_rowid_: 2\.5\n/);
    assertMatch(
      await fails(installation, "show", "tasks:1"),
      /has no "tasks:1"; show lists its rows$/,
    );
    const args = ["import", "latest", "--only", "tasks:Call"];
    const { code, err } = await runInProcess(installation, args);
    assertEquals([code, err], [0, ""]);
    const names = rowsIn(installation.database, "SELECT name FROM tasks");
    assertEquals(names, [["Call"]]);
  });
});
