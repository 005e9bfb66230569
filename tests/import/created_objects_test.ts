/**
 * What else a schema brings: triggers, views, foreign keys, and what its rules compute.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { engineOf } from "../../lib/database/engine.ts";
import { BackupError } from "../../lib/errors.ts";
import { effort } from "../support/effort.ts";
import {
  backupText,
  importing,
  object,
  refused,
  written,
} from "../support/hand_made.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
} from "../support/scratch.ts";

const contacts = object(
  "table",
  "contacts",
  "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT)",
);

const wipe = object(
  "trigger",
  "wipe",
  "CREATE TRIGGER wipe AFTER INSERT ON contacts BEGIN DELETE FROM contacts; END",
  "contacts",
);

const people = object(
  "view",
  "people",
  "CREATE VIEW people AS SELECT name FROM contacts",
);

for (const dryRun of [true, false]) {
  Deno.test(`import() names the triggers and views of a new database, dry run: ${dryRun}`, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const path = written(
        installation,
        backupText({
          schema: [contacts, people, wipe],
          tables: { contacts: [{ id: 1, name: "A" }] },
        }),
      );
      const args = ["import", path, ...(dryRun ? ["--dry-run"] : [])];
      const { code, out } = await runInProcess(installation, [
        ...args,
        "--json",
      ]);
      assertEquals(code, 0);
      const { created_triggers, created_views } = JSON.parse(out);
      assertEquals(created_triggers, [{ name: "wipe", table: "contacts" }]);
      assertEquals(created_views, ["people"]);
      if (!dryRun) Deno.removeSync(installation.database);
      const words = await runInProcess(installation, args);
      assert(words.out.includes("wipe (on contacts)"), words.out);
      assert(words.out.includes("1 view of the backup: people"), words.out);
    });
  });
}

Deno.test("import() names triggers of a table that it creates in a database that is here", async () => {
  await atInstallation("CREATE TABLE other (x)", async (installation) => {
    const tables = { contacts: [{ id: 1, name: "A" }] };
    const schema = [contacts, people, wipe];
    const report = await importing(installation, { schema, tables });
    assertEquals(report.createdObjects, []);
    assertEquals(report.leftOut.map(({ reason }) => reason), [
      'its trigger "wipe" was not created: an import creates triggers in a ' +
      "new database only",
    ]);
  });
});

const child = object(
  "table",
  "child",
  "CREATE TABLE child (n TEXT REFERENCES contacts (name))",
);

Deno.test("import() refuses a new table that refers to no key of a local one", async () => {
  const tables = { child: [{ n: "A" }] };
  await atInstallation(contacts.sql, async (installation) => {
    const words = 'refers to columns of "contacts" that are no key';
    await refused(installation, { schema: [child], tables }, words);
  });
  const keyed = `${contacts.sql}; CREATE UNIQUE INDEX i ON contacts (name)`;
  await atInstallation(keyed, async (installation) => {
    const report = await importing(installation, { schema: [child], tables });
    assertEquals(report.createdTables, ["child"]);
  });
});

Deno.test("import() creates a database with references to no key as it was, and says so", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const { warnings } = await importing(installation, {
      schema: [contacts, child],
      tables: { contacts: [{ id: 1, name: "A" }], child: [{ n: "A" }] },
    });
    assertEquals(warnings.length, 1);
    assert(warnings[0]!.includes('refers to columns of "contacts"'));
    const rows = rowsIn(installation.database, "SELECT n FROM child");
    assertEquals(rows, [["A"]]);
  });
});

/** Rules that make values of hundreds of megabytes for each row. */
const costly = [
  "x, CHECK (length(hex(zeroblob(400000000))) > 0)",
  "x, y AS (hex(randomblob(400000000))) STORED",
  "x, CHECK (length(printf('%400000000d', x)) > 0)",
];

// An engine that can't be told how long values may be has a limit for all of them only.
const memory = new Database(":memory:");
const isLimited = engineOf(memory).lengthLimit;
memory.close();

for (const columns of costly) {
  const name = `import() makes no value of 400 MB for ${columns}`;
  Deno.test({ name, ignore: !isLimited }, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "here");
      const schema = [object("table", "t", `CREATE TABLE t (${columns})`)];
      const rows = Array.from({ length: 20 }, (_, x) => ({ x }));
      const made = () =>
        importing(installation, { schema, tables: { t: rows } });
      const start = effort();
      await assertRejects(made, BackupError);
      assert(effort() - start < 5000, "it took its time");
    });
  });
}
