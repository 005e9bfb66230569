/**
 * The program from its command line to its exit code, at installations with the
 * application's own tables.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { main } from "../../../lib/cli/main.ts";
import { makeSample } from "../../../lib/demo/sample.ts";
import type { Installation } from "../../../lib/store/installation.ts";
import { dumpAll } from "../../support/dump.ts";
import { inScratch, makeInstallation } from "../../support/scratch.ts";

/** Tables that an import treats apart, or writes a line into. */
export const APART = [
  "activity_log",
  "generated_views",
  "schema_migrations",
  "soy_meta",
];

/** What a command came to. */
export interface Walked {
  code: number;
  out: string;
  err: string;
}

/** Does a command at a place. */
export async function run(
  installation: Installation,
  ...args: string[]
): Promise<Walked> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main({
    args,
    terminal: {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      bold: (text) => text,
    },
    root: () => installation.root,
    signal: new AbortController().signal,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** Does a command that must succeed without a warning; gives its words. */
export async function succeeds(
  installation: Installation,
  ...args: string[]
): Promise<string> {
  const { code, out, err } = await run(installation, ...args);
  assertEquals([code, err], [0, ""]);
  return out;
}

/** Runs a walk with a place that has a sample, and its folder for others. */
export async function walk(
  test: (
    installation: Installation,
    other: (name: string) => Installation,
  ) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "first");
    makeSample(installation.database, { scale: 0.05 });
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
