/**
 * The tool killed in the middle of its work, and what must be left then.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { BackupFile } from "../../lib/format/backup_file.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { inside, namesIn } from "../support/installation.ts";
import { dumpAll } from "../support/dump.ts";
import { toolCommand } from "../support/process.ts";
import { rowsIn } from "../support/scratch.ts";
import { seeded } from "../support/random_values.ts";

const KILLS = Number(Deno.env.get("BACKUP_TEST_KILLS") ?? 12);
const seed = Number(Deno.env.get("BACKUP_TEST_SEED") ?? 1);

/** So large that the work takes its time. */
export const SCALE = KILLS > 12 ? 2 : 0.3;

/** How many scenarios share the kills. */
const SCENARIOS = 7;

/** The bytes of all files of an installation, by folder and name. */
export type Files = Map<string, Uint8Array>;

/** Reads all files. */
export function filesOf(installation: Installation): Files {
  return new Map(
    [installation.data, installation.backups].flatMap((folder) =>
      namesIn(folder).map((name) => {
        const path = join(folder, name);
        return [path, Deno.readFileSync(path)] as const;
      })
    ),
  );
}

/** Makes the installation hold these files and no other. */
export function putFiles(installation: Installation, files: Files): void {
  for (const folder of [installation.data, installation.backups]) {
    for (const name of namesIn(folder)) Deno.removeSync(join(folder, name));
  }
  for (const [path, bytes] of files) Deno.writeFileSync(path, bytes);
}

/** Runs the tool, and kills it where it has not ended after that time. */
export async function killed(
  installation: Installation,
  args: string[],
  after: number,
): Promise<void> {
  const child = toolCommand(args, inside(installation), "null").spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch { /* it has just ended by itself */ }
  }, after);
  await child.status;
  clearTimeout(timer);
}

/**
 * Does a step for each kill of a scenario: with delays in milliseconds that are
 * spread over the time that the whole run takes.
 *
 * @param run Does all of the work once, without a kill.
 */
export async function spread(
  run: () => Promise<void>,
  step: (after: number) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  await run();
  const whole = performance.now() - start;
  const random = seeded(seed);
  const kills = Math.ceil(KILLS / SCENARIOS);
  for (let i = 0; i < kills; i++) {
    const share = (i + random(1000) / 1000) / kills;
    await step((0.1 + 0.9 * share) * whole);
  }
}

/** Everything that the database holds, where there is one. */
export function stateOf(path: string): Record<string, string[]> {
  assertEquals(rowsIn(path, "PRAGMA integrity_check"), [["ok"]]);
  return dumpAll(path);
}

/** What a state says beside the moments at which something was done. */
export function timeless(state: Record<string, string[]>) {
  const { activity_log: _log, soy_meta: _meta, ...rest } = state;
  return rest;
}

/** Makes sure that what bears a backup's name is one; gives the names. */
export async function wholeBackups(
  installation: Installation,
): Promise<string[]> {
  const names = namesIn(installation.backups).filter((name) =>
    /^backup-.*\.json$/.test(name)
  );
  for (const name of names) {
    (await BackupFile.open(join(installation.backups, name))).close();
  }
  return names;
}

/** The states that the snapshots hold, oldest first. */
export function snapshotsOf(installation: Installation) {
  return namesIn(installation.backups)
    .filter((name) => /^before-.*\.db$/.test(name))
    .map((name) => stateOf(join(installation.backups, name)));
}

/** Makes sure that nothing of a killed run is left. */
export function assertTidy(installation: Installation): void {
  const strange = [
    ...namesIn(installation.data),
    ...namesIn(installation.backups),
  ]
    .filter((name) =>
      !/^(soy\.db(-wal|-shm)?|\.?backup-.*\.json|before-.*\.db)$/.test(name)
    );
  assertEquals(strange, []);
}

/** Whether two states are the same. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Makes sure that a state is one of two. */
export function assertOneOf(state: unknown, old: unknown, made: unknown): void {
  assert(same(state, old) || same(state, made), "neither the old nor the new");
}
