/**
 * One person, lost two weeks ago with all that belongs to her, is found and brought
 * back alone, under the permissions of daily use.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Installation } from "../../lib/store/installation.ts";
import { dumpAll } from "../support/dump.ts";
import { atSample, tool } from "../support/installation.ts";
import { exportAged, rowsIn, withDb } from "../support/scratch.ts";

/** Tables with rows that belong to a contact, and how they name it. */
const belongings: [string, string][] = [
  ["contact_interactions", "contact_id"],
  ["emails", "contact_id"],
];

/**
 * The definitions, and the type and value of every cell, full-text tables too. Only
 * the settings and the import's own line in the log may differ.
 */
function everything({ database }: Installation): Record<string, unknown> {
  const log = rowsIn(
    database,
    "SELECT * FROM activity_log WHERE action <> 'backup_imported' ORDER BY id",
  );
  const schema = rowsIn(database, "SELECT * FROM sqlite_schema ORDER BY name")
    .map(([type, name, table, , sql]) => [type, name, table, sql]);
  return { ...dumpAll(database, ["activity_log", "soy_meta"]), log, schema };
}

function lose(installation: Installation, id: number): void {
  withDb(installation.database, (db) => {
    db.exec("PRAGMA foreign_keys = OFF");
    for (const [table, column] of belongings) {
      db.exec(`DELETE FROM ${table} WHERE ${column} = ${id}`);
    }
    db.exec(
      `DELETE FROM notes WHERE entity_type = 'contact' AND entity_id = ${id}`,
    );
    db.exec(`DELETE FROM contacts WHERE id = ${id}`);
  });
}

Deno.test("one person who was deleted two weeks ago is found, previewed and brought back alone", async () => {
  await atSample(async (installation) => {
    const { database } = installation;
    const [[id, name] = []] = rowsIn(
      database,
      "SELECT id, name FROM contacts WHERE id IN (SELECT contact_id FROM " +
        "contact_interactions) AND id IN (SELECT contact_id FROM emails) LIMIT 1",
    ) as [number, string][];
    assert(id !== undefined && name !== undefined);
    const whole = everything(installation);
    await exportAged(installation, 20 * 24);
    lose(installation, id);
    await exportAged(installation, 14 * 24);
    const lost = everything(installation);
    assertThrows(() => assertEquals(lost, whole), Error);

    const found = await tool(installation, ["find", name]);
    assertEquals([found.code, found.err], [0, ""]);
    const record = `contacts:${id}`;
    const line = found.out.split("\n")
      .find((line) => line.endsWith(`--only ${record}`))!;
    assert(line, found.out);
    const back = line.trim().split(" ");
    assertEquals(back[0], "import");

    const preview = await tool(installation, [...back, "--dry-run"]);
    assertEquals([preview.code, preview.err], [0, ""]);
    assertStringIncludes(preview.out, `${name} (${record})`);
    assertEquals(everything(installation), lost);

    const run = await tool(installation, back);
    assertEquals([run.code, run.err], [0, ""]);
    assertEquals(everything(installation), whole);
  });
});
