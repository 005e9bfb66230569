/**
 * The tool as a process at an installation of its own.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { putSample, putSmallSample } from "./sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "./in_process.ts";
import { type Run, type RunOptions, runTool } from "./process.ts";
import { inScratch, makeInstallation } from "./scratch.ts";

/** The same 31 contacts and 8 projects as every sample, and little else. */
const smallScale = 0.05;

type Test = (installation: Installation) => void | Promise<void>;

/** Runs a test at an installation with a sample database. */
export function atSample(test: Test, scale = smallScale): Promise<void> {
  return inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSample(installation.database, { scale });
    await test(installation);
  });
}

/** The same with a few tables of the sample, for tests that are not about its content. */
export function atSmallSample(test: Test, scale = smallScale): Promise<void> {
  return inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSmallSample(installation.database, { scale });
    await test(installation);
  });
}

/** How to run the tool inside the installation's folder. */
export function inside(
  installation: Installation,
  more: Partial<RunOptions> = {},
): RunOptions {
  const env = { CLAUDE_PLUGIN_ROOT: ".", ...more.env };
  return { cwd: installation.root, ...more, env };
}

/** Runs the tool inside the installation's folder. */
export function tool(
  installation: Installation,
  args: string[],
  more: Partial<RunOptions> = {},
): Promise<Run> {
  return runTool(args, inside(installation, more));
}

/** Makes a backup, without a process for it, and gives its path. */
export async function makeBackup(installation: Installation): Promise<string> {
  const args = ["export", "--json"];
  const { code, out, err } = await runInProcess(installation, args);
  assertEquals([code, err], [0, ""]);
  return join(installation.root, JSON.parse(out).file);
}

/** The names in a folder, hidden ones too. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .map((entry) => entry.name)
    .sort();
}

/** Changes the text of a backup, whose checksum then no longer holds. */
export function edit(path: string, change: (text: string) => string): void {
  Deno.writeTextFileSync(path, change(Deno.readTextFileSync(path)));
}

/** Holds the database for itself until the step is done or lets go of it. */
export async function withLock(
  installation: Installation,
  step: (letGo: () => void) => Promise<void>,
): Promise<void> {
  const db = new Database(installation.database);
  db.exec("BEGIN EXCLUSIVE");
  try {
    await step(() => db.close());
  } finally {
    db.close();
  }
}
