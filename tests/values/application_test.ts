/**
 * The application's own database, through a backup and back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { makeSample, SAMPLE_TABLES } from "../../lib/demo/sample.ts";
import { INSTALLATION_TABLES, REMADE_TABLES } from "../../lib/soy/tables.ts";
import { importBackup } from "../../lib/import/import.ts";
import { dumpAll } from "../support/dump.ts";
import {
  inScratch,
  makeInstallation,
  rowsIn,
  session,
} from "../support/scratch.ts";

const LOG = "activity_log";
// Views are made again by the application, and export() notes its moment.
const OWN = [...REMADE_TABLES, "soy_meta"];

Deno.test("a backup keeps all rows of the application", async () => {
  await inScratch(async (folder) => {
    const here = makeInstallation(folder, "here");
    const there = makeInstallation(folder, "there");
    makeSample(here.database, { scale: 0.2 });
    const before = dumpAll(here.database, OWN);
    const { path, omitted } = await exportBackup(here, session());
    assertEquals(omitted, []);
    const report = await importBackup(there, path, {}, session());
    assertEquals(report.leftOut, []);
    const after = dumpAll(there.database, OWN);
    // The import writes one line of its own.
    assertEquals(after[LOG]?.length, before[LOG]!.length + 1);
    assertEquals({ ...after, [LOG]: [] }, { ...before, [LOG]: [] });
    const own = new Set(before[LOG]);
    assertEquals(after[LOG]?.filter((row) => !own.has(row)).length, 1);
  });
});

Deno.test("a second import of the application's rows changes nothing", async () => {
  await inScratch(async (folder) => {
    const here = makeInstallation(folder, "here");
    const there = makeInstallation(folder, "there");
    makeSample(here.database, { scale: 0.1 });
    const { path } = await exportBackup(here, session());
    await importBackup(there, path, {}, session());
    const before = dumpAll(there.database, [LOG]);
    const { tables } = await importBackup(there, path, {}, session());
    for (const { name, rows, unchanged } of tables) {
      assertEquals({ name, unchanged }, { name, unchanged: rows });
    }
    assertEquals(dumpAll(there.database, [LOG]), before);
    const noted = "SELECT count(*) FROM activity_log " +
      "WHERE action = 'backup_imported'";
    assertEquals(rowsIn(there.database, noted), [[2]]);
    const names = tables.map(({ name }) => name);
    const leftAlone = [...REMADE_TABLES, ...INSTALLATION_TABLES];
    const wanted = SAMPLE_TABLES.filter((name) => !leftAlone.includes(name));
    assertEquals(names.toSorted(), wanted.toSorted());
  });
});
