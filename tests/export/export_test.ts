/**
 * What goes into a backup, and in which order.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import { atInstallation, rowsIn, session, withDb } from "../support/scratch.ts";

interface Backup {
  tables: Record<string, Record<string, unknown>[]>;
  counts: Record<string, number>;
  sequences: Record<string, number>;
  schema: { name: string }[];
}

function read(path: string): Backup {
  return JSON.parse(Deno.readTextFileSync(path));
}

Deno.test("export() takes the listed tables first, in their order, then the others", async () => {
  const names = ["zebra", "soy_meta", "emails", "apple", "tags", "Contacts"];
  const sql = names.map((name) => `CREATE TABLE ${name} (key, value);`).join(
    "",
  );
  await atInstallation(sql, async (installation) => {
    const { path, tables } = await exportBackup(installation, session());
    const order = ["Contacts", "tags", "emails", "soy_meta", "zebra", "apple"];
    assertEquals(Object.keys(read(path).tables), order);
    assertEquals(Object.keys(read(path).counts), order);
    assertEquals(tables, order.map((name) => ({ name, rows: 0 })));
    assertEquals(read(path).schema.map(({ name }) => name), names);
  });
});

Deno.test("export() leaves out listed tables that are not there, and says nothing", async () => {
  const sql = "CREATE TABLE contacts (id); INSERT INTO contacts VALUES (1);" +
    "CREATE TABLE soy_meta (key PRIMARY KEY, value)";
  await atInstallation(sql, async (installation) => {
    const report = await exportBackup(installation, session());
    const { tables } = read(report.path);
    assertEquals(tables, { contacts: [{ id: 1 }], soy_meta: [] });
    assertEquals(report.omitted, []);
    assertEquals(report.warnings, []);
  });
});

Deno.test("export() carries the counters, views' and shadow tables' rows left out", async () => {
  const sql = `CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, v,
      twice AS (v * 2));
    INSERT INTO a (id, v) VALUES (3, 1), (9, 2); DELETE FROM a WHERE id = 9;
    CREATE VIEW av AS SELECT * FROM a; ANALYZE;
    CREATE VIRTUAL TABLE own USING fts5 (body);
    CREATE VIRTUAL TABLE over USING fts5 (v, content='a', content_rowid='id');
    INSERT INTO own VALUES ('text')`;
  await atInstallation(sql, async (installation) => {
    const { path, omitted } = await exportBackup(installation, session());
    const { tables, sequences, schema } = read(path);
    assertEquals(tables, {
      a: [{ id: 3, v: 1 }],
      own: [{ rowid: 1, body: "text" }],
    });
    assertEquals(sequences, { a: 9 });
    const names = schema.map(({ name }) => name);
    assertEquals(names, ["a", "av", "own", "over"]);
    assertEquals(omitted, []);
  });
});

Deno.test("export() names what it cannot carry, and why", async () => {
  const sql = `CREATE TABLE a (x); INSERT INTO a VALUES (1);
    CREATE VIRTUAL TABLE blind USING fts5 (body, content='');
    INSERT INTO blind (rowid, body) VALUES (1, 'text');
    CREATE VIRTUAL TABLE orphan USING fts5 (body, content='gone')`;
  await atInstallation(sql, async (installation) => {
    const { omitted, tables } = await exportBackup(installation, session());
    const names = omitted.map(({ table }) => table);
    assertEquals(names, ["blind", "orphan"]);
    assert(omitted.every(({ reason }) => reason.length > 10));
    assertEquals(tables, [{ name: "a", rows: 1 }]);
  });
});

Deno.test("export() stamps the moment of the backup into the settings", async () => {
  const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL,
      updated_at TEXT NOT NULL DEFAULT (datetime('now')));
    INSERT INTO soy_meta VALUES ('last_backup_at', 'before', 'before'),
      ('theme', 'dark', 'before')`;
  await atInstallation(sql, async (installation) => {
    const { path, warnings } = await exportBackup(installation, session());
    assertEquals(warnings, []);
    const recent = "SELECT key, updated_at = 'before', " +
      "abs(julianday('now') - julianday(value)) < 0.01 FROM soy_meta ORDER BY 1";
    const rows = rowsIn(installation.database, recent);
    assertEquals(rows, [["last_backup_at", 0, 1], ["theme", 1, null]]);
    const [stamp] = read(path).tables.soy_meta!;
    assertEquals(stamp!.value, "before");
  });
});

Deno.test("export() leaves the other columns of its stamp as they are", async () => {
  const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT, note);
    INSERT INTO soy_meta VALUES ('last_backup_at', 'before', 'mine')`;
  await atInstallation(sql, async (installation) => {
    const { warnings } = await exportBackup(installation, session());
    assertEquals(warnings, []);
    const notes = "SELECT note, value <> 'before' FROM soy_meta";
    assertEquals(rowsIn(installation.database, notes), [["mine", 1]]);
  });
});

Deno.test("export() warns, and no more, where the moment cannot be stamped", async () => {
  const meta = "CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);";
  const sql = "CREATE TABLE a (x); INSERT INTO a VALUES (1);";
  const locks = [sql, sql + meta, sql + "CREATE VIEW soy_meta AS SELECT 1 x"];
  for (const [i, each] of locks.entries()) {
    await atInstallation(each, async (installation) => {
      // With a write version of the future SQLite opens a file for reading only.
      if (i === 1) writeByte(installation.database, 18, 3);
      const before = Deno.readFileSync(installation.database);
      const { path, warnings } = await exportBackup(installation, session());
      assertEquals(warnings.length, 1);
      assertEquals(read(path).tables.a, [{ x: 1 }]);
      assertEquals(Deno.readFileSync(installation.database), before);
    });
  }
});

function writeByte(path: string, offset: number, byte: number): void {
  const file = Deno.openSync(path, { write: true });
  file.seekSync(offset, Deno.SeekMode.Start);
  file.writeSync(Uint8Array.of(byte));
  file.close();
}

Deno.test("export() refuses a place without a database, and makes no folder", async () => {
  await atInstallation("", async (installation) => {
    Deno.removeSync(installation.backups);
    const made = () => exportBackup(installation, session());
    await assertRejects(made, BackupError, "Cannot find a database");
    await assertRejects(
      () => Deno.stat(installation.backups),
      Deno.errors.NotFound,
    );
    Deno.writeTextFileSync(installation.database, "no database ".repeat(200));
    await assertRejects(
      made,
      BackupError,
      "it is not a readable SQLite database",
    );
  });
});

Deno.test("export() leaves the database's rows as they are", async () => {
  const sql = "CREATE TABLE a (x); INSERT INTO a VALUES (1)";
  await atInstallation(sql, async (installation) => {
    withDb(installation.database, (db) => db.exec("PRAGMA journal_mode = WAL"));
    await exportBackup(installation, session());
    assertEquals(rowsIn(installation.database, "PRAGMA journal_mode"), [[
      "wal",
    ]]);
    assertEquals(rowsIn(installation.database, "SELECT * FROM a"), [[1]]);
  });
});
