/**
 * Installations with a past, and what a command says of it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

/** Runs a test at an installation that was backed up and then changed by SQL. */
export function afterChange(
  made: string,
  changed: string,
  test: (installation: Installation) => void | Promise<void>,
): Promise<void> {
  return atInstallation(made, async (installation) => {
    await exportBackup(installation, session());
    if (changed) withDb(installation.database, (db) => db.exec(changed));
    await test(installation);
  });
}

/** What a command that must succeed says. */
export async function says(
  installation: Installation,
  ...args: string[]
): Promise<string> {
  const { code, out, err } = await runInProcess(installation, args);
  assertEquals([code, err], [0, ""]);
  return out;
}

/** What it says as JSON. */
export async function answers(
  installation: Installation,
  ...args: string[]
) {
  return JSON.parse(await says(installation, ...args, "--json"));
}

/** What `diff` counts for each table that has changed: new, changed, gone, unchanged. */
export async function counts(
  installation: Installation,
  ...args: string[]
): Promise<Record<string, number[]>> {
  const { tables } = await answers(installation, "diff", ...args);
  return Object.fromEntries(
    tables.map((
      table: Record<string, number>,
    ) => [
      table.name,
      [table.new, table.changed, table.gone, table.unchanged],
    ]),
  );
}

/** The lines that `diff --details` adds, without the table's name. */
export async function details(
  installation: Installation,
  ...args: string[]
): Promise<string[]> {
  const out = await says(installation, "diff", "--details", ...args);
  return out.split("\n\n").slice(1).join("\n").split("\n")
    .filter((line) => line.startsWith(" "));
}
