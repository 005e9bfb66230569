/**
 * Two installations, a backup of the one, and what an import of it does to the
 * other.
 *
 * @module
 */
import { assert } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { importBackup, type ImportOutcome } from "../../lib/import/import.ts";
import type { ImportOptions } from "../../lib/import/options.ts";
import { inScratch, makeInstallation, session, withDb } from "./scratch.ts";

/** Runs a test at a place of this SQL, with a backup of one of other SQL. */
export async function atPair(
  theirs: string,
  ours: string,
  test: (
    here: Installation,
    path: string,
    there: Installation,
  ) => void | Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const there = makeInstallation(folder, "there");
    const here = makeInstallation(folder, "here");
    withDb(there.database, (db) => db.exec(theirs));
    if (ours) withDb(here.database, (db) => db.exec(ours));
    const { path } = await exportBackup(there, session());
    await test(here, path, there);
  });
}

/** Imports a backup. */
export function imports(
  installation: Installation,
  path: string,
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  return importBackup(installation, path, options, session());
}

/** Says what an import would do. */
export function preview(
  installation: Installation,
  path: string,
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  return imports(installation, path, { ...options, dryRun: true });
}

/** What is reported of a table. */
export function reportOf({ tables }: ImportOutcome, table: string) {
  const found = tables.find(({ name }) => name === table);
  assert(found, `the report says nothing of ${table}`);
  return found;
}

/** Every file of a place with a checksum of its bytes, by path. */
export function filesOf(installation: Installation): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of [installation.data, installation.backups]) {
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (!isFile) continue;
      const bytes = Deno.readFileSync(join(folder, name));
      files[join(folder, name)] = createHash("sha256").update(bytes)
        .digest("hex");
    }
  }
  return files;
}

/** The names of files in the output folder that begin so, sorted. */
export function outputs(installation: Installation, beginning = ""): string[] {
  return [...Deno.readDirSync(installation.backups)].map(({ name }) => name)
    .filter((name) => name.startsWith(beginning)).sort();
}

/** A session in which it is so many seconds after noon on 19 February 2026. */
export function at(seconds: number) {
  const date = new Date(2026, 1, 19, 12, 0, seconds);
  return { ...session(), now: () => date };
}
