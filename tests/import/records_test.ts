/**
 * Single records out of a backup, with what belongs to them.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Installation } from "../../lib/store/installation.ts";
import { afterChange } from "../history/history.ts";
import { dumpAll } from "../support/dump.ts";
import { backupText, object, written } from "../support/hand_made.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, rowsIn, withDb } from "../support/scratch.ts";

const made = `
  CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO companies VALUES (1, 'Acme'), (2, 'Globex');
  CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT,
    company_id INTEGER REFERENCES companies (id), created_at TEXT, updated_at TEXT);
  INSERT INTO contacts VALUES (1, 'Tom', 1, '2026-01-01', '2026-01-01'),
    (7, 'Sarah Chen', 2, '2026-01-02', '2026-01-02'),
    (8, 'Tom', 1, '2026-01-03', '2026-01-03'),
    (9, 'Chen, Li', 1, '2026-01-04', '2026-01-04');
  CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER,
    content TEXT);
  INSERT INTO notes VALUES (1, 'contact', 7, 'Met in Lyon'),
    (2, 'contact', 1, 'Tall'), (3, 'project', 7, 'No contact');
  CREATE TABLE tags (name TEXT PRIMARY KEY, color TEXT);
  INSERT INTO tags VALUES ('VIP', 'red'), ('old', 'gray');
  CREATE TABLE contact_tags (contact_id INTEGER NOT NULL REFERENCES contacts (id)
    ON DELETE CASCADE, tag TEXT NOT NULL REFERENCES tags (name),
    PRIMARY KEY (contact_id, tag)) WITHOUT ROWID;
  INSERT INTO contact_tags VALUES (1, 'old'), (7, 'VIP'), (8, 'old');
  CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT,
    client_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL);
  INSERT INTO projects VALUES (3, 'Website', 7), (4, 'Garden', 1);
  CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE);
  INSERT INTO tasks VALUES (1, 'Design', 3), (2, 'Dig', 4);
  CREATE VIRTUAL TABLE contacts_fts USING fts5(name, content=contacts,
    content_rowid=id);
  INSERT INTO contacts_fts (contacts_fts) VALUES ('rebuild');
  CREATE TABLE activity_log (id INTEGER PRIMARY KEY, entity_type TEXT,
    entity_id INTEGER, action TEXT, details TEXT);
`;

const withoutSarah = `
  PRAGMA foreign_keys = ON;
  DELETE FROM contact_tags WHERE contact_id = 7;
  DELETE FROM contacts WHERE id = 7;
  DELETE FROM notes WHERE entity_type = 'contact' AND entity_id = 7;
  INSERT INTO contacts_fts (contacts_fts) VALUES ('rebuild');
`;

async function importing(installation: Installation, ...args: string[]) {
  const all = ["import", "latest", ...args, "--json"];
  const { code, out, err } = await runInProcess(installation, all);
  return { code, err, json: out ? JSON.parse(out) : undefined };
}

const names = (records: { table: string; key: string | null }[]) =>
  records.map(({ table, key }) => `${table}:${key}`).sort();

/** All but the log, to which an import adds a line. */
function dumpBesideLog({ database }: Installation) {
  const { activity_log: _, ...rest } = dumpAll(database);
  return rest;
}

Deno.test("import --only brings back a record and what belongs to it", async () => {
  await afterChange(made, "", async (installation) => {
    const before = dumpBesideLog(installation);
    withDb(installation.database, (db) => db.exec(withoutSarah));
    const { code, json } = await importing(
      installation,
      "--only",
      "contact:sarah chen",
    );
    assertEquals(code, 0);
    assertEquals(names(json.records), [
      "contact_tags:7,VIP",
      "contacts:7",
      "notes:1",
      "projects:3",
    ]);
    assertEquals(dumpBesideLog(installation), before);
    assertEquals(
      rowsIn(
        installation.database,
        "SELECT rowid FROM contacts_fts('sarah')",
      ),
      [[7]],
    );
  });
});

Deno.test("import --only leaves all other rows as they are", async () => {
  const other = "UPDATE contacts SET name = 'Thomas' WHERE id = 1;" +
    "UPDATE notes SET content = 'Small' WHERE id = 2; DELETE FROM tasks;" +
    "DELETE FROM contacts WHERE id = 8; UPDATE tags SET color = 'blue'";
  await afterChange(made, withoutSarah + other, async (installation) => {
    const { json } = await importing(installation, "--only", "contacts:7");
    const counts = json.tables.map((
      { name, added, changed }: Record<string, unknown>,
    ) => [name, added, changed]);
    assertEquals(counts.sort(), [
      ["contact_tags", 1, 0],
      ["contacts", 1, 0],
      ["notes", 1, 0],
      ["projects", 0, 1],
    ]);
    const { database } = installation;
    assertEquals(
      rowsIn(database, "SELECT id, name FROM contacts ORDER BY id"),
      [[1, "Thomas"], [7, "Sarah Chen"], [9, "Chen, Li"]],
    );
    assertEquals(rowsIn(database, "SELECT count(*) FROM tasks"), [[0]]);
    assertEquals(
      rowsIn(database, "SELECT DISTINCT color FROM tags"),
      [["blue"]],
    );
  });
});

Deno.test("import --only brings what is missing here of what a record refers to", async () => {
  const gone = withoutSarah +
    "PRAGMA foreign_keys = OFF; DELETE FROM companies; DELETE FROM tags;" +
    "DELETE FROM projects WHERE id = 3; DELETE FROM tasks";
  await afterChange(made, gone, async (installation) => {
    const { json } = await importing(installation, "--only", "contacts:7");
    assertEquals(names(json.records), [
      "companies:2",
      "contact_tags:7,VIP",
      "contacts:7",
      "notes:1",
      "projects:3",
      "tags:VIP",
      "tasks:1",
    ]);
    assertEquals(json.dangling, []);
  });
});

Deno.test("import --only --dry-run lists the records and changes nothing", async () => {
  await afterChange(made, withoutSarah, async (installation) => {
    const before = dumpAll(installation.database);
    const { code, out } = await runInProcess(installation, [
      "import",
      "latest",
      "--only",
      "contacts:7",
      "--dry-run",
    ]);
    assertEquals(code, 0);
    assertStringIncludes(out, "\n1 contact:\n  Sarah Chen (contacts:7)\n");
    assertStringIncludes(out, "\n1 note:\n  Met in Lyon (notes:1)\n");
    // What has no label is named by what it links.
    assertStringIncludes(out, "\n  Sarah Chen, VIP (contact_tags:7,VIP)\n");
    assert(!out.includes("not in backup"));
    assertEquals(dumpAll(installation.database), before);
  });
});

Deno.test("import --only takes several records, also with commas in their names", async () => {
  await afterChange(made, "DELETE FROM contacts", async (installation) => {
    const list = "contacts:1,8,contacts:Chen, Li,task:Design";
    const { json } = await importing(installation, "--only", list);
    const found = names(json.records);
    for (const name of ["contacts:1", "contacts:8", "contacts:9", "tasks:1"]) {
      assert(found.includes(name), name);
    }
    assert(!found.includes("tasks:2") || found.includes("projects:4"));
  });
});

Deno.test("import --only says which records it may mean", async () => {
  await afterChange(made, withoutSarah, async (installation) => {
    const fails = async (typed: string) => {
      const before = dumpAll(installation.database);
      const { code, err } = await importing(installation, "--only", typed);
      assertEquals(code, 1);
      assertEquals(dumpAll(installation.database), before);
      return err;
    };
    assertMatch(
      await fails("contacts:Tom"),
      /2 records are called "Tom": contacts:1, contacts:8; name one by its key/,
    );
    assertMatch(
      await fails("contacts:Sara Chen"),
      /did you mean "contacts:Sarah Chen"\?/,
    );
    assertMatch(await fails("contcts:7"), /did you mean contacts\?/);
    assertMatch(await fails("Sarah"), /name it with its table/);
    assertMatch(await fails("contacts:"), /name it with its table/);
  });
});

Deno.test("import --only asks about a local record with the same number", async () => {
  const other = withoutSarah +
    "INSERT INTO contacts VALUES (7, 'Zoe', 1, '2026-02-01', '2026-02-01')";
  await afterChange(made, other, async (installation) => {
    const only = ["--only", "contacts:7"];
    const stopped = await importing(installation, ...only);
    assertEquals(stopped.code, 1);
    assertMatch(stopped.err, /--keep-both.*--replace/);
    const preview = await importing(installation, ...only, "--dry-run");
    assertEquals(preview.code, 3);
    assertEquals(preview.json.conflicts.length, 1);
    const kept = await importing(installation, ...only, "--keep-both");
    assertEquals(kept.code, 0);
    assertEquals(
      rowsIn(
        installation.database,
        "SELECT id, name FROM contacts WHERE id IN (7, 10) ORDER BY id",
      ),
      [[7, "Sarah Chen"], [10, "Zoe"]],
    );
  });
});

Deno.test("import --only makes a new database with the record if there is none", async () => {
  await afterChange(made, "", async (installation) => {
    Deno.removeSync(installation.database);
    const { code } = await importing(installation, "--only", "contacts:7");
    assertEquals(code, 0);
    const { database } = installation;
    assertEquals(rowsIn(database, "SELECT name FROM contacts"), [[
      "Sarah Chen",
    ]]);
    assertEquals(rowsIn(database, "SELECT name FROM companies"), [["Globex"]]);
  });
});

Deno.test("import --only excludes --exact, --tables and --except", async () => {
  await afterChange(made, "", async (installation) => {
    for (const other of [["--exact"], ["--tables", "a"], ["--except", "a"]]) {
      const { code, err } = await importing(
        installation,
        "--only",
        "contacts:7",
        ...other,
      );
      assertEquals(code, 2);
      assertMatch(err, /exclude each other/);
    }
  });
});

// SQLite takes a BLOB and a text of the same bytes for two keys.
const oddKeys = `
  CREATE TABLE files (key BLOB PRIMARY KEY, name TEXT) WITHOUT ROWID;
  INSERT INTO files VALUES (x'6161', 'Photo'), ('aa', 'Letter');
  CREATE TABLE days (day TEXT, name TEXT, PRIMARY KEY (day DESC)) WITHOUT ROWID;
  INSERT INTO days VALUES ('2026-01-01', 'Monday'), ('2026-01-02', 'Tuesday');
  CREATE TABLE words (word TEXT, name TEXT,
    PRIMARY KEY (word COLLATE NOCASE)) WITHOUT ROWID;
  INSERT INTO words VALUES ('b', 'second'), ('C', 'third'), ('a', 'first');
  CREATE VIRTUAL TABLE boxes USING rtree(id, low, high, +name);
  INSERT INTO boxes VALUES (7, 1, 2, 'box'), (5, 3, 4, 'crate');
`;

Deno.test("import --only brings the record that is named, whatever its key is", async () => {
  const emptied = "DELETE FROM files; DELETE FROM days; DELETE FROM words;" +
    "DELETE FROM boxes";
  await afterChange(oddKeys, emptied, async (installation) => {
    const only = "files:Photo,days:Monday,words:third,boxes:box";
    const { code, json } = await importing(installation, "--only", only);
    assertEquals([code, json.records.length], [0, 4]);
    const names = ["files", "days", "words", "boxes"].map((table) =>
      rowsIn(installation.database, `SELECT name FROM ${table}`)
    );
    assertEquals(names, [[["Photo"]], [["Monday"]], [["third"]], [["box"]]]);
  });
});

Deno.test("import --only finds a row of a file that has its rows in another order", async () => {
  const sql = "CREATE TABLE tags (tag TEXT, n INTEGER, color TEXT, " +
    "PRIMARY KEY (tag, n)) WITHOUT ROWID";
  await atInstallation(sql, async (installation) => {
    const tags = [
      { tag: "VIP", n: 2, color: "gold" },
      { tag: "old", n: 1, color: "gray" },
      { tag: "VIP", n: 1, color: "red" },
      { tag: "a", n: 1.0, color: "blue" },
    ];
    const schema = [object("table", "tags", sql)];
    const parts = { schema, tables: { tags } };
    const path = written(installation, backupText(parts));
    const args = ["import", path, "--only", "tags:old,1,tags:VIP,2"];
    const { code, err } = await runInProcess(installation, args);
    assertEquals([code, err], [0, ""]);
    assertEquals(
      rowsIn(installation.database, "SELECT color FROM tags"),
      [["gold"], ["gray"]],
    );
  });
});
