/**
 * The program from its command line to its exit code, at installations with the
 * application's own tables.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../../lib/store/installation.ts";
import { dumpAll } from "../../support/dump.ts";
import { runInProcess } from "../../support/in_process.ts";
import type { Run } from "../../support/process.ts";
import { putSample } from "../../support/sample.ts";
import { inScratch, makeInstallation } from "../../support/scratch.ts";

/** Tables that an import treats apart, or writes a line into. */
export const APART = [
  "activity_log",
  "generated_views",
  "schema_migrations",
  "soy_meta",
];

/** Runs a command at an installation. */
export function run(
  installation: Installation,
  ...args: string[]
): Promise<Run> {
  return runInProcess(installation, args);
}

/** Runs a command that must succeed without a warning; gives its words. */
export async function succeeds(
  installation: Installation,
  ...args: string[]
): Promise<string> {
  const { code, out, err } = await run(installation, ...args);
  assertEquals([code, err], [0, ""]);
  return out;
}

/** Runs a walk at an installation with a sample; `other` makes more beside it. */
export async function walk(
  test: (
    installation: Installation,
    other: (name: string) => Installation,
  ) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "first");
    putSample(installation.database, { scale: 0.05 });
    await test(installation, (name) => makeInstallation(folder, name));
  });
}

/** Makes a backup and gives its path. */
export async function backedUp(installation: Installation): Promise<string> {
  const { file } = JSON.parse(await succeeds(installation, "export", "--json"));
  return join(installation.root, file);
}

/** All that a person entered, by table. */
export function content(installation: Installation): Record<string, string[]> {
  return dumpAll(installation.database, APART);
}
