/**
 * The state of this installation stays: settings, migrations, counters.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  atInstallation,
  makeInstallation,
  rowsIn,
} from "../support/scratch.ts";
import { importing, object } from "../support/hand_made.ts";

const metaSql = "CREATE TABLE soy_meta (key TEXT PRIMARY KEY, " +
  "value TEXT NOT NULL, updated_at TEXT NOT NULL DEFAULT 'now')";
const setting = (key: string) => ({ key, value: "backup", updated_at: "then" });
const ours = ["last_backup_at", "schema_version", "gmail_last_synced:a@x"];
const absent = ["platform_version", "created_at", "slack_last_synced"];
const settings = [...ours, ...absent, "theme", "name"].map(setting);

Deno.test("import() leaves the settings of the installation and takes the rest", async () => {
  const here = [...ours, "theme", "only_here"].map((key) =>
    `('${key}', 'here')`
  );
  const sql = `${metaSql};
    INSERT INTO soy_meta (key, value) VALUES ${here.join(", ")}`;
  await atInstallation(sql, async (installation) => {
    await importing(installation, { tables: { soy_meta: settings } });
    const query = "SELECT key, value, updated_at FROM soy_meta ORDER BY key";
    assertEquals(rowsIn(installation.database, query), [
      ["gmail_last_synced:a@x", "here", "now"],
      ["last_backup_at", "here", "now"],
      ["name", "backup", "then"],
      ["only_here", "here", "now"],
      ["schema_version", "here", "now"],
      ["theme", "backup", "then"],
    ]);
  });
});

Deno.test("import() takes no setting of an installation into an empty soy_meta", async () => {
  await atInstallation(metaSql, async (installation) => {
    await importing(installation, { tables: { soy_meta: settings } });
    const query = "SELECT key FROM soy_meta ORDER BY key";
    assertEquals(rowsIn(installation.database, query), [["name"], ["theme"]]);
  });
});

Deno.test("import() takes all settings into a database that it makes", async () => {
  await atInstallation("", async ({ root }) => {
    const installation = makeInstallation(root, "new");
    const schema = [object("table", "soy_meta", metaSql)];
    await importing(installation, { schema, tables: { soy_meta: settings } });
    const query = "SELECT key, value, updated_at FROM soy_meta";
    const rows = settings.map(({ key }) => [key, "backup", "then"]);
    assertEquals(rowsIn(installation.database, query), rows);
  });
});

Deno.test("import() takes the list of migrations into a database that it makes", async () => {
  await atInstallation("", async ({ root }) => {
    const installation = makeInstallation(root, "new");
    const names = ["generated_views", "schema_migrations"];
    const schema = names.map((name) =>
      object("table", name, `CREATE TABLE ${name} (filename TEXT PRIMARY KEY)`)
    );
    const rows = [{ filename: "001.sql" }];
    const tables = { generated_views: rows, schema_migrations: rows };
    const report = await importing(installation, { schema, tables });
    assertEquals(report.skipped, ["generated_views"]);
    const query = "SELECT * FROM schema_migrations";
    assertEquals(rowsIn(installation.database, query), [["001.sql"]]);
    assertEquals(
      rowsIn(installation.database, "SELECT * FROM generated_views"),
      [],
    );
  });
});

Deno.test("import() leaves the tables of this installation alone and says so", async () => {
  const names = ["generated_views", "schema_migrations", "migrations_applied"];
  const sql = names.map((name) =>
    `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, v);
    INSERT INTO ${name} VALUES (1, 'here');`
  ).join("");
  await atInstallation(sql, async (installation) => {
    const rows = [{ id: 1, v: "backup" }, { id: 2, v: "backup" }];
    const tables = Object.fromEntries(names.map((name) => [name, rows]));
    const report = await importing(installation, { tables });
    assertEquals(report.skipped, names);
    assertEquals(report.tables, []);
    for (const name of names) {
      const here = rowsIn(installation.database, `SELECT * FROM ${name}`);
      assertEquals(here, [[1, "here"]]);
    }
  });
});

const counted = (seq: number) =>
  `CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
  INSERT INTO contacts VALUES (${seq}, 'x'); DELETE FROM contacts;`;

for (const [here, backup, after] of [[5, 90, 90], [90, 5, 90], [5, 5, 5]]) {
  Deno.test(`import() leaves the counter at ${after} of ${here} here and ${backup} there`, async () => {
    await atInstallation(counted(here!), async (installation) => {
      const contacts = [{ id: 2, v: "a" }];
      const sequences = { contacts: backup! };
      await importing(installation, { tables: { contacts }, sequences });
      const query = "SELECT name, seq FROM sqlite_sequence";
      assertEquals(rowsIn(installation.database, query), [["contacts", after]]);
    });
  });
}

Deno.test("import() counts on from an id that is higher than either counter", async () => {
  await atInstallation(counted(5), async (installation) => {
    const tables = { contacts: [{ id: 200, v: "a" }] };
    await importing(installation, { tables, sequences: { contacts: 90 } });
    const query = "SELECT name, seq FROM sqlite_sequence";
    assertEquals(rowsIn(installation.database, query), [["contacts", 200]]);
  });
});

Deno.test("import() takes a counter for none where the word is only text", async () => {
  const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, " +
    "kind TEXT DEFAULT 'autoincrement')";
  await atInstallation(sql, async (installation) => {
    const tables = { t: [{ id: 1, kind: "x" }] };
    await importing(installation, { tables, sequences: { t: 9 } });
    assertEquals(rowsIn(installation.database, "SELECT * FROM t"), [[1, "x"]]);
  });
});
