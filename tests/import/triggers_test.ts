/**
 * Triggers stay silent while rows go in, and are all there afterwards.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  atInstallation,
  makeInstallation,
  rowsIn,
  withDb,
} from "../support/scratch.ts";
import { importing, object } from "../support/hand_made.ts";

const noisy = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, u TEXT UNIQUE);
CREATE TABLE noise (what TEXT);
CREATE TABLE activity_log (id INTEGER PRIMARY KEY, entity_type, entity_id,
  action, details);
CREATE TRIGGER c_in AFTER INSERT ON contacts
  BEGIN INSERT INTO noise VALUES ('insert ' || NEW.id); END;
CREATE TRIGGER c_up BEFORE UPDATE OF name ON contacts WHEN NEW.id > 0
  BEGIN SELECT RAISE (ABORT, 'update'); END;
CREATE TRIGGER c_del BEFORE DELETE ON contacts
  BEGIN SELECT RAISE (IGNORE); END;
CREATE TRIGGER "odd ""name" AFTER DELETE ON contacts
  BEGIN DELETE FROM noise; INSERT INTO noise VALUES ("quoted text"); END;
CREATE TRIGGER log_in AFTER INSERT ON activity_log
  BEGIN DELETE FROM contacts; END;
CREATE VIEW people AS SELECT name FROM contacts;
CREATE TRIGGER people_in INSTEAD OF INSERT ON people
  BEGIN INSERT INTO noise VALUES ('view'); END;
`;
const triggers = "SELECT name, tbl_name, sql FROM sqlite_schema " +
  "WHERE type = 'trigger' ORDER BY rowid";

Deno.test("import() runs no trigger and leaves each as it was", async () => {
  await atInstallation(noisy, async (installation) => {
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "INSERT INTO contacts VALUES (1, 'A', 'a'), (2, 'B', 'b');" +
            "DELETE FROM noise",
        ),
    );
    const before = rowsIn(installation.database, triggers);
    assertEquals(before.length, 6);
    const contacts = [
      { id: 1, name: "changed", u: "a" },
      { id: 9, name: "replacing", u: "b" },
    ];
    await importing(installation, { tables: { contacts } });
    assertEquals(rowsIn(installation.database, "SELECT * FROM noise"), []);
    const rows = rowsIn(
      installation.database,
      "SELECT * FROM contacts ORDER BY id",
    );
    assertEquals(rows, [[1, "changed", "a"], [9, "replacing", "b"]]);
    assertEquals(rowsIn(installation.database, triggers), before);
  });
});

Deno.test("import() leaves triggers that work", async () => {
  await atInstallation(noisy, async (installation) => {
    await importing(installation, {
      tables: { contacts: [{ id: 1, name: "A" }] },
    });
    withDb(
      installation.database,
      (db) => db.exec("INSERT INTO contacts VALUES (5, 'E', 'e')"),
    );
    const noise = rowsIn(installation.database, "SELECT * FROM noise");
    assertEquals(noise, [["insert 5"]]);
  });
});

Deno.test("import() runs no trigger of the backup while it makes a database", async () => {
  await atInstallation("", async ({ root }) => {
    const installation = makeInstallation(root, "new");
    const log = `CREATE TABLE activity_log (id INTEGER PRIMARY KEY,
      entity_type, entity_id, action, details)`;
    const wipe = `CREATE TRIGGER wipe AFTER INSERT ON activity_log
      BEGIN DELETE FROM contacts; END`;
    const count = `CREATE TRIGGER count AFTER INSERT ON contacts
      BEGIN DELETE FROM contacts; END`;
    const schema = [
      object("table", "contacts", "CREATE TABLE contacts (id, name)"),
      object("trigger", "count", count, "contacts"),
      object("table", "activity_log", log),
      object("trigger", "wipe", wipe, "activity_log"),
    ];
    const contacts = [{ id: 1, name: "A" }, { id: 2, name: "B" }];
    await importing(installation, {
      schema,
      tables: { contacts, activity_log: [] },
    });
    const rows = rowsIn(installation.database, "SELECT * FROM contacts");
    assertEquals(rows, [[1, "A"], [2, "B"]]);
    const names = rowsIn(installation.database, triggers).map(([name]) => name);
    assertEquals(names, ["count", "wipe"]);
  });
});

Deno.test("import() makes no trigger in a database that is here", async () => {
  const sql = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name)";
  await atInstallation(sql, async (installation) => {
    const wipe = (table: string) =>
      `CREATE TRIGGER wipe_${table} AFTER INSERT ON ${table}
        BEGIN DELETE FROM contacts; END`;
    const schema = [
      object("table", "extra", "CREATE TABLE extra (x)"),
      object("trigger", "wipe_contacts", wipe("contacts"), "contacts"),
      object("trigger", "wipe_extra", wipe("extra"), "extra"),
    ];
    const tables = { contacts: [{ id: 1, name: "A" }], extra: [{ x: 1 }] };
    const report = await importing(installation, { schema, tables });
    assertEquals(report.createdTables, ["extra"]);
    assertEquals(rowsIn(installation.database, triggers), []);
    const rows = rowsIn(installation.database, "SELECT * FROM contacts");
    assertEquals(rows, [[1, "A"]]);
  });
});
