/**
 * What must hold whatever file is imported: it comes in as it says, or it is
 * refused in words and leaves no trace.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { foldName } from "../../lib/database/sql.ts";
import { BackupError } from "../../lib/errors.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup, type ImportOutcome } from "../../lib/import/import.ts";
import type { ImportOptions } from "../../lib/import/options.ts";
import { namesIn } from "../support/hand_made.ts";
import { rowsIn, session } from "../support/scratch.ts";
import { type FileRow, type Reading, readingOf } from "./reading.ts";
import { assertThere, columnsOf, groupsOf } from "./rows.ts";

/**
 * Imports a file and asserts what must hold.
 *
 * @param before The database's bytes, none where there is no database.
 * @returns Whether it was accepted.
 */
export async function assertSound(
  installation: Installation,
  file: Uint8Array,
  before: Uint8Array | undefined,
  options: ImportOptions = {},
): Promise<boolean> {
  setUp(installation, file, before);
  const path = join(installation.backups, "mutated.json");
  try {
    const all = { snapshot: false, ...options };
    const outcome = await importBackup(installation, path, all, session());
    assertRestored(installation, readingOf(file), outcome);
    return true;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    assert(error.message.startsWith("Cannot"), error.message);
    assertUntouched(installation, before);
    return false;
  } finally {
    assertEquals(
      namesIn(installation.data),
      ["soy.db"].filter(() => existing(installation)),
    );
  }
}

function setUp(
  installation: Installation,
  file: Uint8Array,
  before?: Uint8Array,
): void {
  for (const folder of [installation.data, installation.backups]) {
    for (const name of namesIn(folder)) Deno.removeSync(join(folder, name));
  }
  if (before) Deno.writeFileSync(installation.database, before);
  Deno.writeFileSync(join(installation.backups, "mutated.json"), file);
}

function existing(installation: Installation): boolean {
  return [...Deno.readDirSync(installation.data)].some(({ name }) =>
    name === "soy.db"
  );
}

function assertUntouched(
  installation: Installation,
  before?: Uint8Array,
): void {
  assertEquals(existing(installation), before !== undefined);
  if (!before) return;
  const same = Deno.readFileSync(installation.database).toBase64() ===
    before.toBase64();
  assert(same, "the refused file changed the database");
  assertEquals(namesIn(installation.backups), ["mutated.json"]);
}

function assertRestored(
  installation: Installation,
  reading: Reading,
  outcome: ImportOutcome,
): void {
  const sound = rowsIn(installation.database, "PRAGMA integrity_check");
  assertEquals(sound, [["ok"]]);
  for (const [name, all] of reading.tables) {
    const refused = new Set(
      outcome.refused.filter(({ table }) => foldName(table) === foldName(name))
        .map(({ row }) => row),
    );
    const rows = all.filter((_, i) => !refused.has(i + 1));
    assertTable(installation, name, rows, outcome);
  }
}

function assertTable(
  installation: Installation,
  name: string,
  rows: FileRow[],
  { tables, leftOut, skipped }: ImportOutcome,
): void {
  const same = (other: string) => foldName(other) === foldName(name);
  if (skipped.some(same)) return;
  const report = tables.find((report) => same(report.name));
  const missing = leftOut.filter(({ table }) => same(table));
  if (!report) {
    const told = missing.some(({ column }) => column === undefined);
    assert(rows.length === 0 || told, `nothing is said of table ${name}`);
    return;
  }
  const lost = new Set(missing.map(({ column }) => column));
  const columns = columnsOf(installation, report.name);
  for (const group of groupsOf(rows, columns, lost)) {
    assertThere(installation, report.name, group);
  }
  const { localOnly, replaced, removed } = report;
  const quoted = `"${report.name.replaceAll('"', '""')}"`;
  const count = rowsIn(installation.database, `SELECT count(*) FROM ${quoted}`);
  assertEquals(count, [[rows.length + localOnly - replaced - removed]], name);
}
