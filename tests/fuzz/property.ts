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
import type { Place } from "../../lib/store/installation.ts";
import {
  importBackup,
  type ImportOptions,
  type ImportOutcome,
} from "../../lib/import/import.ts";
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
  place: Place,
  file: Uint8Array,
  before: Uint8Array | undefined,
  options: ImportOptions = {},
): Promise<boolean> {
  setUp(place, file, before);
  const path = join(place.output, "mutated.json");
  try {
    const all = { snapshot: false, ...options };
    const outcome = await importBackup(place, path, all, session());
    assertRestored(place, readingOf(file), outcome);
    return true;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    assert(error.message.startsWith("Cannot"), error.message);
    assertUntouched(place, before);
    return false;
  } finally {
    assertEquals(namesIn(place.data), ["soy.db"].filter(() => existing(place)));
  }
}

function setUp(place: Place, file: Uint8Array, before?: Uint8Array): void {
  for (const folder of [place.data, place.output]) {
    for (const name of namesIn(folder)) Deno.removeSync(join(folder, name));
  }
  if (before) Deno.writeFileSync(place.database, before);
  Deno.writeFileSync(join(place.output, "mutated.json"), file);
}

function existing(place: Place): boolean {
  return [...Deno.readDirSync(place.data)].some(({ name }) =>
    name === "soy.db"
  );
}

function assertUntouched(place: Place, before?: Uint8Array): void {
  assertEquals(existing(place), before !== undefined);
  if (!before) return;
  const same = Deno.readFileSync(place.database).toBase64() ===
    before.toBase64();
  assert(same, "the refused file changed the database");
  assertEquals(namesIn(place.output), ["mutated.json"]);
}

function assertRestored(
  place: Place,
  reading: Reading,
  outcome: ImportOutcome,
): void {
  const sound = rowsIn(place.database, "PRAGMA integrity_check");
  assertEquals(sound, [["ok"]]);
  for (const [name, all] of reading.tables) {
    const refused = new Set(
      outcome.refused.filter(({ table }) => foldName(table) === foldName(name))
        .map(({ row }) => row),
    );
    const rows = all.filter((_, i) => !refused.has(i + 1));
    assertTable(place, name, rows, outcome);
  }
}

function assertTable(
  place: Place,
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
  const columns = columnsOf(place, report.name);
  for (const group of groupsOf(rows, columns, lost)) {
    assertThere(place, report.name, group);
  }
  const { onlyHere, replaced, removed } = report;
  const quoted = `"${report.name.replaceAll('"', '""')}"`;
  const count = rowsIn(place.database, `SELECT count(*) FROM ${quoted}`);
  assertEquals(count, [[rows.length + onlyHere - replaced - removed]], name);
}
