/**
 * Other records under the same numbers: nobody is overwritten unasked.
 *
 * @module
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { ImportOptions } from "../../lib/import/options.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { dumpAll } from "../support/dump.ts";
import {
  inScratch,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";

const tables = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
  created_at TEXT, manager_id INTEGER REFERENCES contacts (id));
CREATE TABLE emails (id INTEGER PRIMARY KEY, contact_id INTEGER REFERENCES contacts (id),
  gmail_id TEXT UNIQUE, subject TEXT, created_at TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER,
  content TEXT, created_at TEXT);
CREATE TABLE entity_narratives (contact_id INTEGER PRIMARY KEY REFERENCES contacts (id), text TEXT);
CREATE TABLE entity_tags (entity_type TEXT, entity_id INTEGER, tag_id INTEGER,
  PRIMARY KEY (entity_type, entity_id, tag_id));
CREATE TABLE calendar_events (id INTEGER PRIMARY KEY, title TEXT, contact_ids TEXT);
CREATE TABLE journal_entries (id INTEGER PRIMARY KEY, content TEXT,
  linked_contacts TEXT, created_at TEXT);
CREATE TABLE activity_log (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER,
  action TEXT, details TEXT, created_at TEXT DEFAULT (datetime('now')));`;

const backedUp = `${tables}
INSERT INTO contacts VALUES (1, 'Anna Berg', '2026-01-01 08:00:00', NULL), (2, 'Ben Cole', '2026-01-02 08:00:00', 1);
INSERT INTO emails VALUES (1, 1, 'g1', 'Hello', '2026-01-03 08:00:00');
INSERT INTO notes VALUES (1, 'contact', 1, 'About Anna', '2026-01-04 08:00:00');
INSERT INTO activity_log (id, action, created_at) VALUES (1, 'created', '2026-01-01 08:00:00');`;

const started = `${tables}
INSERT INTO contacts VALUES (1, 'Dora Lind', '2026-03-01 08:00:00', NULL), (2, 'Emil Moe', '2026-03-02 08:00:00', 1);
INSERT INTO emails VALUES (7, 1, 'g7', 'From Dora', '2026-03-03 08:00:00');
INSERT INTO notes VALUES (1, 'contact', 1, 'About Dora', '2026-03-04 08:00:00'),
  (2, 'project', 1, 'About a project', '2026-03-04 08:00:00');
INSERT INTO entity_narratives VALUES (1, 'Dora''s story');
INSERT INTO entity_tags VALUES ('contact', 2, 5), ('project', 2, 5);
INSERT INTO calendar_events VALUES (1, 'Lunch', '1, 2,9'), (2, 'Dinner', '12');
INSERT INTO journal_entries VALUES (1, 'A day', '[2,"1"]', '2026-03-05 08:00:00');
INSERT INTO activity_log (id, action, created_at) VALUES (1, 'started', '2026-03-01 08:00:00');`;

/** Runs a test at a database that began anew, with the backup of another. */
async function atConflict(
  test: (installation: Installation, backup: string) => Promise<void>,
  local = started,
  saved = backedUp,
): Promise<void> {
  await inScratch(async (folder) => {
    const other = makeInstallation(folder, "other");
    withDb(other.database, (db) => db.exec(saved));
    const { path } = await exportBackup(other, session());
    const installation = makeInstallation(folder, "here");
    withDb(installation.database, (db) => db.exec(local));
    await test(installation, path);
  });
}

function run(installation: Installation, path: string, options: ImportOptions) {
  return importBackup(installation, path, options, session());
}

function all({ database }: Installation, sql: string): unknown[][] {
  return rowsIn(database, sql);
}

Deno.test("import() stops where local people have the numbers of others, and names them", async () => {
  await atConflict(async (installation, path) => {
    const before = dumpAll(installation.database);
    const { message } = await assertRejects(
      () => run(installation, path, {}),
      BackupError,
    );
    assertStringIncludes(message, "Dora Lind (contact 1) is not Anna Berg");
    assertStringIncludes(message, "Emil Moe (contact 2) is not Ben Cole");
    assertStringIncludes(message, "Use --keep-both");
    assertEquals(message.includes("\n"), false);
    assertEquals(dumpAll(installation.database), before);
  });
});

Deno.test("import() that keeps both gives local rows new numbers, and all that refers follows", async () => {
  await atConflict(async (installation, path) => {
    const report = await run(installation, path, { conflicts: "keep" });
    assertEquals(report.unfollowed, []);
    assertEquals(
      report.conflicts.map(({ table, count, kept }) => [table, count, kept]),
      [["contacts", 2, true], ["notes", 1, true]],
    );
    assertEquals(
      all(installation, "SELECT id, name, manager_id FROM contacts"),
      [
        [1, "Anna Berg", null],
        [2, "Ben Cole", 1],
        [3, "Dora Lind", null],
        [4, "Emil Moe", 3],
      ],
    );
    const notes =
      "SELECT entity_type, entity_id, content FROM notes ORDER BY id";
    assertEquals(all(installation, notes), [
      ["contact", 1, "About Anna"],
      ["project", 1, "About a project"],
      ["contact", 3, "About Dora"],
    ]);
    assertEquals(
      all(installation, "SELECT id, contact_id FROM emails ORDER BY id"),
      [[1, 1], [7, 3]],
    );
    assertEquals(
      all(installation, "SELECT contact_id FROM entity_narratives"),
      [
        [3],
      ],
    );
    assertEquals(
      all(installation, "SELECT entity_type, entity_id FROM entity_tags"),
      [["contact", 4], ["project", 2]],
    );
    const lists = "SELECT contact_ids FROM calendar_events ORDER BY id";
    assertEquals(all(installation, lists), [["3, 4,9"], ["12"]]);
    assertEquals(
      all(installation, "SELECT linked_contacts FROM journal_entries"),
      [['[4,"3"]']],
    );
    const counter = "SELECT seq FROM sqlite_sequence WHERE name = 'contacts'";
    assertEquals(all(installation, counter), [[4]]);
  });
});

Deno.test("import() that keeps both leaves what is no number of a row in lists", async () => {
  const lists = "INSERT INTO calendar_events VALUES (3, 'Tea', " +
    "'1,99999999999999999999'), (4, 'Cake', '9223372036854775807')";
  await atConflict(async (installation, path) => {
    await run(installation, path, { conflicts: "keep" });
    const after = "SELECT contact_ids FROM calendar_events WHERE id > 2";
    assertEquals(all(installation, after), [
      ["3,99999999999999999999"],
      ["9223372036854775807"],
    ]);
  }, `${started};${lists}`);
});

Deno.test("import() of the same file after keeping both changes nothing", async () => {
  await atConflict(async (installation, path) => {
    await run(installation, path, { conflicts: "keep" });
    const before = dumpAll(installation.database, ["activity_log"]);
    const { tables, conflicts } = await run(installation, path, {});
    assertEquals(conflicts, []);
    assertEquals(
      tables.filter(({ added, changed }) => added + changed > 0),
      [],
    );
    assertEquals(dumpAll(installation.database, ["activity_log"]), before);
  });
});

Deno.test("import() that replaces lets the backup's rows take the place", async () => {
  await atConflict(async (installation, path) => {
    const { conflicts } = await run(installation, path, {
      conflicts: "replace",
    });
    assertEquals(conflicts.map(({ table, kept }) => [table, kept]), [
      ["contacts", false],
      ["notes", false],
    ]);
    assertEquals(all(installation, "SELECT name FROM contacts"), [
      ["Anna Berg"],
      ["Ben Cole"],
    ]);
  });
});

Deno.test("a preview names the conflicts and says that an import would stop", async () => {
  await atConflict(async (installation, path) => {
    const before = Deno.readFileSync(installation.database);
    const { isBlocked, conflicts } = await run(installation, path, {
      dryRun: true,
    });
    assertEquals([isBlocked, conflicts[0]?.examples[0]], [true, {
      key: 1,
      local: "Dora Lind",
      backup: "Anna Berg",
    }]);
    assertEquals(Deno.readFileSync(installation.database), before);
    for (const decided of ["keep", "replace"] as const) {
      const options = { dryRun: true, conflicts: decided };
      assertEquals(
        (await run(installation, path, options)).isBlocked,
        undefined,
      );
    }
  });
});

Deno.test("entries of the log are kept on both sides without a question", async () => {
  const local = started.replace(
    /INSERT INTO (contacts|notes|emails)[^;]*;/g,
    "",
  );
  await atConflict(async (installation, path) => {
    await run(installation, path, {});
    const actions = "SELECT action FROM activity_log ORDER BY id";
    assertEquals(all(installation, actions), [
      ["created"],
      ["started"],
      ["backup_imported"],
    ]);
  }, local);
});

const one = (values: string) =>
  `${tables} INSERT INTO contacts VALUES (1, ${values}, NULL);`;
const mail = (id: number, gmail: string, subject: string, created: string) =>
  `INSERT INTO emails VALUES (${id}, NULL, '${gmail}', '${subject}', '${created}');`;

const same: Record<string, [local: string, saved: string]> = {
  "was edited": [
    one("'Anna Berg-Lind', '2026-01-01 08:00:00'"),
    one("'Anna Berg', '2026-01-01 08:00:00'"),
  ],
  "tells its moment in another way": [
    one("'Anna B.', '2026-01-01T08:00:00Z'"),
    one("'Anna Berg', '2026-01-01 08:00:00'"),
  ],
  "has the same name": [
    one("'Anna Berg', '2026-02-01 08:00:00'"),
    one("'Anna Berg', '2026-01-01 08:00:00'"),
  ],
  "has no moment in the backup": [
    one("'Dora Lind', '2026-02-01 08:00:00'"),
    one("'Anna Berg', NULL"),
  ],
  "is in the backup under another number": [
    tables + mail(1, "g2", "Second", "2026-02-01"),
    tables + mail(1, "g1", "First", "2026-01-01") +
    mail(2, "g2", "Second", "2026-01-01"),
  ],
};

for (const [what, [local, saved]] of Object.entries(same)) {
  Deno.test(`a record that ${what} is no other one`, async () => {
    await atConflict(
      async (installation, path) => {
        const { conflicts } = await run(installation, path, {});
        assertEquals(conflicts, []);
      },
      local,
      saved,
    );
  });
}

Deno.test("a reference that may mean an old number and cannot follow is named", async () => {
  const more =
    "; CREATE TABLE deals (id INTEGER PRIMARY KEY, contact_id INTEGER);" +
    "INSERT INTO deals VALUES (1, 2), (2, 40);" +
    "UPDATE journal_entries SET linked_contacts = '[\"Dora\"]'";
  await atConflict(async (installation, path) => {
    const { unfollowed } = await run(installation, path, { conflicts: "keep" });
    assertEquals(unfollowed, [
      { table: "deals", column: "contact_id", parent: "contacts", rows: 1 },
      {
        table: "journal_entries",
        column: "linked_contacts",
        parent: "contacts",
        rows: 1,
      },
    ]);
  }, started + more);
});
