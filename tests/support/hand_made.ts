/**
 * Backups written by hand, as an adversary or another program would, and what a
 * test asks of their import.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import type { SchemaObject } from "../../lib/database/schema.ts";
import type { DatabaseFacts } from "../../lib/format/members.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { ImportReport } from "../../lib/import/report.ts";
import { session } from "./scratch.ts";

/** The members of a backup that a test cares for. */
export interface HandMade {
  tables: Record<string, Record<string, unknown>[]>;
  schema?: SchemaObject[];
  sequences?: Record<string, number | bigint>;
  database?: DatabaseFacts;
}

/** The text of a backup without checksum and counts, which are optional. */
export function backupText(parts: HandMade): string {
  const head = { backup_date: "2026-02-19T15:30:00Z", format_version: 1 };
  const text = JSON.stringify(
    { ...head, ...parts },
    (_key, value) => typeof value === "bigint" ? `${value}n` : value,
    1,
  );
  return text.replace(/"(-?\d+)n"/g, "$1");
}

/** An object of the schema; it belongs to `table`, itself unless told. */
export function object(
  type: string,
  name: string,
  sql: string,
  table = name,
): SchemaObject {
  return { type, name, table, sql };
}

/** Writes a backup into the place's output folder; gives its path. */
export function written(
  installation: Installation,
  text: string,
  name = "hand.json",
) {
  const path = join(installation.backups, name);
  Deno.writeTextFileSync(path, text);
  return path;
}

/** Imports a backup of these parts. */
export async function importing(
  installation: Installation,
  parts: HandMade,
): Promise<ImportReport> {
  const path = written(installation, backupText(parts));
  return await importBackup(installation, path, {}, session());
}

/**
 * Makes sure that an import fails with these words and leaves every byte of the
 * database as it was; gives the whole message.
 */
export async function refused(
  installation: Installation,
  parts: HandMade,
  words: string,
): Promise<string> {
  const before = Deno.readFileSync(installation.database);
  const names = namesIn(installation.data);
  const error = await assertRejects(
    () => importing(installation, parts),
    BackupError,
    words,
  );
  assert(
    equalBytes(Deno.readFileSync(installation.database), before),
    "the file of the database has changed",
  );
  assertEquals(namesIn(installation.data), names);
  return error.message;
}

/** What the report counts for a table. */
export function countsOf(report: ImportReport, table: string) {
  const found = report.tables.find(({ name }) => name === table);
  assert(found, `the report says nothing of ${table}`);
  const { added, changed, unchanged, replaced } = found;
  return { added, changed, unchanged, replaced };
}

/** The names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
