/**
 * Installations with daily backups, which are made once and copied.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { openFile } from "../../lib/file.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { namesIn } from "../support/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { putSmallSample } from "../support/sample.ts";
import {
  inScratch,
  makeInstallation,
  session,
  withDb,
} from "../support/scratch.ts";

/** The bytes of files by name. */
export type Files = Map<string, Uint8Array<ArrayBuffer>>;

/** How many days there are. */
const most = 40;

let made: Promise<Files> | undefined;

/** Runs a test with the backups of so many days up to 27 February 2026, 40 at most. */
export async function atDays(
  days: number,
  test: (installation: Installation, files: Files) => Promise<void>,
): Promise<void> {
  const files = new Map([...await (made ??= makeDays())].slice(-days));
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    for (const [name, bytes] of files) {
      Deno.writeFileSync(join(installation.backups, name), bytes, {
        mode: 0o600,
      });
    }
    await test(installation, files);
  });
}

/** Makes a backup a day, between which one row in a hundred changes. */
async function makeDays(): Promise<Files> {
  let files: Files = new Map();
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "days");
    const options = { scale: 0.05, now: dayBefore(most) };
    putSmallSample(installation.database, options);
    for (let number = 1; number <= most; number++) {
      const now = () => dayBefore(most - number);
      await exportBackup(installation, { ...session(), now });
      withDb(installation.database, (db) => {
        db.exec(`UPDATE slack_messages SET content = content || ' ${number}'
          WHERE id % 100 = ${number}`);
      });
    }
    files = filesIn(installation.backups);
  });
  return files;
}

/** A moment so many days before the last one. */
function dayBefore(days: number): Date {
  return new Date(2026, 1, 27 - days, 18, 0);
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
