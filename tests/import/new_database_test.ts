/**
 * A database out of nothing but a backup.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import { dumpAll } from "../support/dump.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
  session,
} from "../support/scratch.ts";
import { importing, namesIn, object } from "../support/hand_made.ts";

const rich = `
PRAGMA encoding = 'UTF-16le'; PRAGMA user_version = 41;
PRAGMA application_id = -7;
CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
  mail TEXT COLLATE NOCASE, len INTEGER AS (length(name)) VIRTUAL) STRICT;
CREATE TABLE pairs (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE UNIQUE INDEX one_mail ON contacts (lower(mail)) WHERE mail IS NOT NULL;
CREATE INDEX by_name ON contacts (name DESC);
CREATE VIEW names AS SELECT name FROM contacts;
CREATE VIEW broken AS SELECT gone FROM nowhere;
CREATE TRIGGER upper AFTER INSERT ON contacts
  BEGIN UPDATE contacts SET name = upper(name) WHERE id = NEW.id; END;
CREATE TRIGGER into_names INSTEAD OF INSERT ON names
  BEGIN INSERT INTO contacts (name) VALUES (NEW.name); END;
INSERT INTO contacts (id, name, mail) VALUES (3, 'Änne', 'a@x'), (9, 'b', NULL);
DELETE FROM contacts WHERE id = 9; UPDATE contacts SET name = 'Änne';
INSERT INTO pairs VALUES (1, 2), (2.0, x'00');
`;
const queries = [
  "SELECT type, name, tbl_name, sql FROM sqlite_schema " +
  "WHERE sql IS NOT NULL ORDER BY type, name",
  "SELECT * FROM sqlite_sequence",
  "PRAGMA user_version",
  "PRAGMA application_id",
  "PRAGMA encoding",
  "PRAGMA integrity_check",
];

Deno.test("import() makes the whole database again from its backup", async () => {
  await atInstallation(rich, async (from) => {
    const { path } = await exportBackup(from, session());
    const to = makeInstallation(from.root, "new");
    const report = await importBackup(to, path, {}, session());
    assertEquals(report.createdDatabase, true);
    assertEquals(report.createdTables.toSorted(), ["contacts", "pairs"]);
    assertEquals(dumpAll(to.database), dumpAll(from.database));
    for (const query of queries) {
      assertEquals(rowsIn(to.database, query), rowsIn(from.database, query));
    }
  });
});

Deno.test("import() leaves nothing but the database in the data folder", async () => {
  await atInstallation(rich, async (from) => {
    const { path } = await exportBackup(from, session());
    const to = makeInstallation(from.root, "new");
    await importBackup(to, path, {}, session());
    const files = namesIn(to.data).filter((name) => name !== ".backup.lock");
    assertEquals(files, ["soy.db"]);
    if (Deno.build.os === "windows") return;
    assertEquals(Deno.statSync(to.database).mode! & 0o777, 0o600);
  });
});

Deno.test("import() says what to do where an old backup has no schema", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const parts = { tables: { contacts: [{ id: 1 }] } };
    await assertRejects(
      () => importing(installation, parts),
      BackupError,
      "no schema",
    );
    assertEquals(namesIn(installation.data), []);
  });
});

const table = object("table", "t", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
const faults = {
  "a row breaks a rule": {
    schema: [table],
    tables: { t: [{ id: 1 }, { id: "one" }] },
  },
  "a table is malformed": {
    schema: [table, object("table", "u", "CREATE TABLE u (")],
    tables: { t: [{ id: 1 }] },
  },
  "an index does not hold": {
    schema: [
      object("table", "u", "CREATE TABLE u (a)"),
      object("index", "i", "CREATE UNIQUE INDEX i ON u (a)", "u"),
    ],
    tables: { u: [{ a: 1 }, { a: 1 }] },
  },
  "a view is malformed": {
    schema: [table, object("view", "v", "CREATE VIEW v AS SELEC 1")],
    tables: { t: [] },
  },
};

for (const [what, parts] of Object.entries(faults)) {
  Deno.test(`import() into nothing leaves nothing behind where ${what}`, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      await assertRejects(
        () => importing(installation, parts),
        BackupError,
        "Cannot",
      );
      const files = namesIn(installation.data).filter((name) =>
        name !== ".backup.lock"
      );
      assertEquals(files, []);
    });
  });
}

Deno.test({
  name:
    "import() leaves nothing open if the link of the database leads nowhere",
  // Only there the system says what a process has open.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await atInstallation(rich, async (from) => {
      const { path } = await exportBackup(from, session());
      const to = makeInstallation(from.root, "new");
      Deno.symlinkSync(join(to.root, "nowhere", "soy.db"), to.database);
      await assertRejects(
        () => importBackup(to, path, {}, session()),
        BackupError,
        "the database file cannot be opened",
      );
      assertEquals(openBelow(to.root), []);
      assertEquals(namesIn(to.data), ["soy.db"]);
    });
  },
});

/** What this process has open below a folder. */
function openBelow(folder: string): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      // The one for reading this list is closed by now.
      return [];
    }
  }).filter((path) => path.startsWith(folder));
}
