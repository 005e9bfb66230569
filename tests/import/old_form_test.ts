/**
 * A backup as the slash command made it by hand, kept forever.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { SAMPLE_SCHEMA } from "../../lib/demo/schema.ts";
import { BackupError } from "../../lib/errors.ts";
import { BackupFile } from "../../lib/format/backup_file.ts";
import { importBackup } from "../../lib/import/import.ts";
import { atInstallation, rowsIn, session } from "../support/scratch.ts";

const OLD_FORM = fromFileUrl(new URL("old-form.json", import.meta.url));

Deno.test("BackupFile.open() takes the old form", async () => {
  const backup = await BackupFile.open(OLD_FORM);
  try {
    assertEquals(backup.handMade, true);
    assertEquals(backup.members, { backup_date: "2026-01-14T18:22:05" });
    assertEquals(backup.tables.map(({ name, rows }) => `${name} ${rows}`), [
      "contacts 2",
      "tags 2",
      "entity_tags 1",
      "notes 1",
      "projects 1",
      "tasks 1",
      "milestones 0",
      "emails 0",
    ]);
    const [, tags] = backup.tables;
    const rows = Array.from(backup.rows(tags!), ({ columns, kinds }) => ({
      columns,
      kinds,
    }));
    const columns = ["id", "name", "color"];
    assertEquals(rows, [
      { columns, kinds: ["i", "t", "t"] },
      { columns, kinds: ["i", "t", "n"] },
    ]);
    assertEquals([...backup.rows(backup.tables[6]!)], []);
  } finally {
    backup.close();
  }
});

Deno.test("importBackup() brings the old form into the application's tables", async () => {
  await atInstallation(SAMPLE_SCHEMA, async (installation) => {
    const report = await importBackup(installation, OLD_FORM, {}, session());
    assertEquals(report.leftOut, []);
    assertEquals(report.createdDatabase, false);
    const added = report.tables.reduce((sum, table) => sum + table.added, 0);
    assertEquals(added, 8);
    const names = "SELECT id, name, notes FROM contacts ORDER BY id";
    assertEquals(rowsIn(installation.database, names), [
      [
        1,
        "Ingrid Halvorsen",
        'Met at the harbour fair.\nPrefers calls "before nine".',
      ],
      [4, "Café Zürich GmbH", null],
    ]);
    const note = "SELECT content FROM notes";
    const text = "Wants the lighting plan as a PDF 📎";
    assertEquals(rowsIn(installation.database, note), [[text]]);
    // Columns that the file lacks take the defaults of the table.
    const task = "SELECT title, sort_order, created_at NOT NULL FROM tasks";
    const found = rowsIn(installation.database, task);
    assertEquals(found, [["Photograph the brass series", 0, 1]]);
  });
});

Deno.test("importBackup() finds the old form unchanged the second time", async () => {
  await atInstallation(SAMPLE_SCHEMA, async (installation) => {
    await importBackup(installation, OLD_FORM, {}, session());
    const { tables } = await importBackup(
      installation,
      OLD_FORM,
      {},
      session(),
    );
    for (const { name, rows, unchanged } of tables) {
      assertEquals({ name, unchanged }, { name, unchanged: rows });
    }
  });
});

Deno.test("importBackup() cannot make a database of the old form and says why", async () => {
  await atInstallation("", async (installation) => {
    const start = () => importBackup(installation, OLD_FORM, {}, session());
    const error = await assertRejects(start, BackupError, "has no schema");
    assert(error.message.includes("start Software of You once"));
    const left = [...Deno.readDirSync(installation.data)].map(({ name }) =>
      name
    );
    // A lock, which is hidden, may stay; a database must not.
    assertEquals(left.filter((name) => !name.startsWith(".")), []);
  });
});
