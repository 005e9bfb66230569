/**
 * The application's own tables from end to end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { makeSample, SAMPLE_TABLES } from "../../lib/demo/sample.ts";
import { importBackup } from "../../lib/import/import.ts";
import { dumpAll } from "../support/dump.ts";
import {
  inScratch,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";

const state = ["soy_meta", "activity_log"];
const skipped = ["generated_views"];

/** A sample and its backup. */
async function sampled(folder: string, name: string, seed: number) {
  const installation = makeInstallation(folder, name);
  makeSample(installation.database, { scale: 0.1, seed });
  const { path } = await exportBackup(installation, session());
  return { installation, path };
}

Deno.test("import() makes the sample again, all but what was done to it here", async () => {
  await inScratch(async (folder) => {
    const { installation, path } = await sampled(folder, "from", 1);
    const to = makeInstallation(folder, "to");
    const report = await importBackup(to, path, {}, session());
    assertEquals(report.leftOut, []);
    assertEquals(report.warnings, []);
    assertEquals(report.skipped.toSorted(), skipped);
    const leaveOut = [...state, ...skipped];
    const restored = dumpAll(to.database, leaveOut);
    assertEquals(restored, dumpAll(installation.database, leaveOut));
    const count = SAMPLE_TABLES.length - leaveOut.length;
    assertEquals(Object.keys(restored).length, count);
  });
});

Deno.test("import() into the sample itself changes only the log, and repairs it", async () => {
  await inScratch(async (folder) => {
    const { installation, path } = await sampled(folder, "from", 1);
    const before = dumpAll(installation.database, ["activity_log"]);
    const report = await importBackup(installation, path, {}, session());
    const changed = report.tables.filter((t) => t.unchanged !== t.rows);
    assertEquals(changed, []);
    assertEquals(dumpAll(installation.database, ["activity_log"]), before);
    withDb(
      installation.database,
      (db) =>
        db.exec(
          "PRAGMA foreign_keys = OFF; DELETE FROM contacts WHERE id > 2;" +
            "DELETE FROM notes; UPDATE emails SET subject = 'gone', " +
            "gmail_id = 'x' || (id + 1); DROP TABLE journal_entries",
        ),
    );
    await importBackup(installation, path, {}, session());
    assertEquals(dumpAll(installation.database, ["activity_log"]), before);
    const logged = "SELECT count(*) FROM activity_log " +
      "WHERE action = 'backup_imported'";
    assertEquals(rowsIn(installation.database, logged), [[2]]);
  });
});

Deno.test("import() into another sample has every row of the backup and keeps the rest", async () => {
  await inScratch(async (folder) => {
    const { path } = await sampled(folder, "from", 1);
    const one = makeInstallation(folder, "one");
    // The two samples have other records under the same numbers.
    const other = { conflicts: "replace" } as const;
    await importBackup(one, path, {}, session());
    const { installation } = await sampled(folder, "to", 2);
    const before = dumpAll(installation.database, [...state, ...skipped]);
    const report = await importBackup(installation, path, other, session());
    const after = dumpAll(installation.database, [...state, ...skipped]);
    const wanted = dumpAll(one.database, [...state, ...skipped]);
    for (const { name, changed, replaced, added } of report.tables) {
      if (state.includes(name)) continue;
      const have = new Set(after[name]);
      const missing = wanted[name]!.filter((row) => !have.has(row));
      assertEquals(missing, [], name);
      const lost = before[name]!.filter((row) => !have.has(row));
      assertEquals(lost.length, changed + replaced, name);
      const size = before[name]!.length + added - replaced;
      assertEquals(after[name]!.length, size, name);
    }
    const again = await importBackup(installation, path, other, session());
    const changes = again.tables.filter((t) => t.unchanged !== t.rows);
    assertEquals(changes, []);
  });
});
