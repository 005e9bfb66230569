/**
 * Installations with daily backups, made once for each number of days.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeDays } from "../../lib/bench/days.ts";
import { openFile } from "../../lib/file.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { namesIn } from "../support/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";

/** The bytes of files by name. */
export type Files = Map<string, Uint8Array<ArrayBuffer>>;

const made = new Map<number, Files>();
const last = new Date(2026, 1, 27, 18, 0);

/** Runs a test with the backups of so many days up to 27 February 2026. */
export async function atDays(
  days: number,
  test: (installation: Installation, files: Files) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const files = made.get(days) ??
      await filesOfDays(join(folder, "days"), days);
    made.set(days, files);
    const installation = makeInstallation(folder, "here");
    for (const [name, bytes] of files) {
      Deno.writeFileSync(join(installation.backups, name), bytes, {
        mode: 0o600,
      });
    }
    await test(installation, files);
  });
}

async function filesOfDays(folder: string, days: number): Promise<Files> {
  const { backups } = await makeDays(folder, days, 0.2, { last });
  return filesIn(backups);
}

/** The files of a folder. */
export function filesIn(folder: string): Files {
  return new Map(
    namesIn(folder).map((
      name,
    ) => [name, Deno.readFileSync(join(folder, name))]),
  );
}

/** Tidies, and gives what it said as `--json` has it. */
export async function tidied(
  installation: Installation,
  ...options: string[]
) {
  const { code, out, err } = await runInProcess(installation, [
    "tidy",
    "--json",
    ...options,
  ]);
  return { ...JSON.parse(out), code, err };
}

/** The names of the plain backups. */
export function plainNames({ backups }: Installation): string[] {
  return namesIn(backups).filter((name) => /^backup-.*\.json$/.test(name));
}

/** The names of the packs. */
export function packNames({ backups }: Installation): string[] {
  return namesIn(backups).filter((name) => name.startsWith("backups-"));
}

/** Makes sure that each day is there as it was, plain or packed. */
export async function assertAllThere(
  installation: Installation,
  files: Files,
): Promise<void> {
  const { unpack } = await import("../../lib/pack/unpack.ts");
  for (const [name, bytes] of files) {
    if (plainNames(installation).includes(name)) {
      assertEquals(Deno.readFileSync(join(installation.backups, name)), bytes);
      continue;
    }
    const pack = join(
      installation.backups,
      `backups-${name.slice(7, 14)}.tar.zst`,
    );
    const copy = join(installation.root, "copy");
    using file = Deno.openSync(copy, {
      write: true,
      create: true,
      truncate: true,
    });
    using from = openFile(pack);
    await unpack(from, pack, name, file, async () => {});
    assertEquals(Deno.readFileSync(copy), bytes, name);
  }
}
