/**
 * Damaged and hostile backups by the hundred. The environment variable
 * BACKUP_TEST_CASES asks for more than the few hundred that are tried by default,
 * BACKUP_TEST_SEED for other ones.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { ImportOptions } from "../../lib/import/options.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { laidOut, LAYOUTS, ragged } from "../support/layouts.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  session,
} from "../support/scratch.ts";
import { seeded } from "../support/random_values.ts";
import { SOURCE, TARGET } from "./databases.ts";
import {
  mutateBytes,
  mutateStructure,
  mutateTokens,
  type Mutation,
} from "./mutations.ts";
import { assertSound } from "./property.ts";
import { pick } from "./odd.ts";

const cases = Number(Deno.env.get("BACKUP_TEST_CASES") ?? 480);
const seed = Number(Deno.env.get("BACKUP_TEST_SEED") ?? 1);

const MUTATIONS: Record<string, Mutation> = {
  bytes: mutateBytes,
  tokens: mutateTokens,
  structure: mutateStructure,
};
const WAYS = ["into a database", "into none"] as const;
const each = Math.ceil(cases / 12);

/** Bytes of what a place holds: the database that `sql` makes, and its backup. */
async function madeBy(sql: string) {
  let made = { database: new Uint8Array(), backup: new Uint8Array() };
  await atInstallation(sql, async (installation) => {
    const { path } = await exportBackup(installation, session());
    made = {
      database: Deno.readFileSync(installation.database),
      backup: Deno.readFileSync(path),
    };
  });
  return made;
}

/** The backup without what tells that it was damaged. */
function unproved(backup: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(backup);
  const bare = text.replace(/,\n"counts": .*\n"sha256": .*\n\}\n$/, "\n}\n");
  return new TextEncoder().encode(bare);
}

/** The backup as we write it, half of the time, and as others do. */
function inLayouts(backup: Uint8Array): Uint8Array[] {
  const text = new TextDecoder().decode(backup);
  const others = [...LAYOUTS, ragged(seed)].map((layout) =>
    new TextEncoder().encode(laidOut(text, layout))
  );
  return [...others, ...others.map(() => backup)];
}

const OPTIONS: ImportOptions[] = [
  {},
  {},
  { force: true },
  { exact: true },
  { skipInvalid: true },
  { skipInvalid: true, exact: true },
];

/** What went wrong with the cases of a seed, by number. */
async function faultsOf(
  run: (random: ReturnType<typeof seeded>) => Promise<void>,
): Promise<string[]> {
  const faults: string[] = [];
  for (let n = 0; n < each; n++) {
    try {
      await run(seeded(seed * 1_000_003 + n));
    } catch (error) {
      faults.push(`case ${n}: ${error}`);
    }
  }
  return faults;
}

for (const [what, mutate] of Object.entries(MUTATIONS)) {
  for (const way of WAYS) {
    Deno.test(`a backup with damaged ${what} is refused ${way}`, async () => {
      const { backup } = await madeBy(SOURCE);
      const here = way === "into none" ? undefined : await madeBy(TARGET);
      await inScratch(async (folder) => {
        const installation = makeInstallation(folder, "here");
        const faults = await faultsOf(async (random) => {
          const file = mutate(backup, random);
          const taken = await assertSound(installation, file, here?.database);
          assertEquals(taken, isVoid(file, backup));
        });
        assertEquals(faults, []);
      });
    });

    Deno.test(`an unproved backup with damaged ${what} comes ${way} as it says or not at all`, async () => {
      const made = await madeBy(SOURCE);
      const bare = inLayouts(unproved(made.backup));
      const here = way === "into none" ? undefined : await madeBy(TARGET);
      await inScratch(async (folder) => {
        const installation = makeInstallation(folder, "here");
        const faults = await faultsOf(async (random) => {
          const options = pick(random, OPTIONS);
          const whole = options.force ? made.backup : pick(random, bare);
          const file = mutate(whole, random);
          await assertSound(installation, file, here?.database, options);
        });
        assertEquals(faults, []);
      });
    });
  }
}

/** Whether damage says nothing: white space after the checksum, or none at all. */
function isVoid(file: Uint8Array, backup: Uint8Array): boolean {
  const [a, b] = [file, backup].map((bytes) =>
    new TextDecoder("latin1").decode(bytes).trimEnd().replace(/\s+\}$/, "}")
  );
  return a === b;
}
