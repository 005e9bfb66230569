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
import type { Place } from "../../../lib/store/installation.ts";
import { dumpAll } from "../../support/dump.ts";
import { inScratch, makePlace } from "../../support/scratch.ts";

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
export async function run(place: Place, ...args: string[]): Promise<Walked> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main({
    args,
    terminal: {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      bold: (text) => text,
    },
    root: () => place.root,
    signal: new AbortController().signal,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** Does a command that must succeed without a warning; gives its words. */
export async function succeeds(
  place: Place,
  ...args: string[]
): Promise<string> {
  const { code, out, err } = await run(place, ...args);
  assertEquals([code, err], [0, ""]);
  return out;
}

/** Runs a walk with a place that has a sample, and its folder for others. */
export async function walk(
  test: (place: Place, other: (name: string) => Place) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const place = makePlace(folder, "first");
    makeSample(place.database, { scale: 0.05 });
    await test(place, (name) => makePlace(folder, name));
  });
}

/** Makes a backup and gives its path. */
export async function backedUp(place: Place): Promise<string> {
  const { file } = JSON.parse(await succeeds(place, "export", "--json"));
  return join(place.root, file);
}

/** All that a person entered, by table. */
export function content(place: Place): Record<string, string[]> {
  return dumpAll(place.database, APART);
}
