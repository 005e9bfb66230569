/**
 * What an import notes in the activity log, and in which order tables go in.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { importBackup } from "../../lib/import/import.ts";
import { atInstallation, rowsIn, session } from "../support/scratch.ts";
import { backupText, importing, written } from "../support/hand_made.ts";

const logged = `CREATE TABLE activity_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entity_type TEXT NOT NULL,
  entity_id INTEGER NOT NULL, action TEXT NOT NULL, details TEXT);
CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE c (x);`;
const query = "SELECT entity_type, entity_id, action, details " +
  "FROM activity_log ORDER BY id";

Deno.test("import() notes itself in the activity log, with the tables that had rows", async () => {
  await atInstallation(logged, async (installation) => {
    const tables = { a: [{ x: 1 }], b: [{ x: 1 }], c: [], unknown: [{ x: 1 }] };
    const path = written(
      installation,
      backupText({ tables }),
      `o'clock "1".json`,
    );
    const outcome = await importBackup(installation, path, {}, session());
    const rows = rowsIn(installation.database, query);
    assertEquals(rows.map((row) => row.slice(0, 3)), [
      ["system", 0, "backup_imported"],
    ]);
    assertEquals(JSON.parse(rows[0]![3] as string), {
      source: `o'clock "1".json`,
      tables_imported: 2,
      snapshot: outcome.snapshot,
    });
  });
});

Deno.test("import() notes itself after the entries of the backup", async () => {
  await atInstallation(logged, async (installation) => {
    const entry = {
      entity_type: "x",
      entity_id: 1,
      action: "y",
      details: null,
    };
    const tables = { activity_log: [{ id: 4, ...entry }, { id: 7, ...entry }] };
    await importing(installation, { tables, sequences: { activity_log: 30 } });
    const ids = rowsIn(installation.database, "SELECT id FROM activity_log");
    assertEquals(ids, [[4], [7], [31]]);
  });
});

Deno.test("import() succeeds and warns where the activity log is another table", async () => {
  const sql = "CREATE TABLE activity_log (other); CREATE TABLE a (x)";
  await atInstallation(sql, async (installation) => {
    const report = await importing(installation, { tables: { a: [{ x: 1 }] } });
    assertEquals(report.warnings.length, 1);
    assertMatch(report.warnings[0]!, /^The import could not be noted/);
    assertEquals(rowsIn(installation.database, "SELECT * FROM a"), [[1]]);
  });
});

Deno.test("import() takes modules and contacts first, then parents before children", async () => {
  const sql = `CREATE TABLE tasks (id INTEGER PRIMARY KEY,
      project_id REFERENCES Projects (id), parent REFERENCES tasks (id));
    CREATE TABLE "projects" (id INTEGER PRIMARY KEY,
      client_id REFERENCES contacts (id), lead REFERENCES tasks (id));
    CREATE TABLE alone (x);
    CREATE TABLE contacts (id INTEGER PRIMARY KEY, gone REFERENCES nowhere (x));
    CREATE TABLE deep (task REFERENCES tasks (id), c REFERENCES contacts (id));
    CREATE TABLE modules (name TEXT PRIMARY KEY);`;
  await atInstallation(sql, async (installation) => {
    const names = ["alone", "deep", "contacts", "tasks", "projects", "modules"];
    const tables = Object.fromEntries(names.map((name) => [name, []]));
    const report = await importing(installation, { tables });
    const order = report.tables.map(({ name }) => name);
    assertEquals(order.slice(0, 3), ["modules", "contacts", "alone"]);
    // Tasks and projects refer to each other.
    assertEquals(order.slice(3, 5).toSorted(), ["projects", "tasks"]);
    assertEquals(order[5], "deep");
  });
});
