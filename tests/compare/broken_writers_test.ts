/**
 * A writer that is broken cannot make a backup where a proof is asked for.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import { PROOFS_NAME } from "../../lib/store/proofs.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { verifyFile } from "../../lib/compare/verify.ts";
import { exportVerifier } from "../../lib/compare/verify.ts";
import { namesIn } from "../support/hand_made.ts";
import { atInstallation, session } from "../support/scratch.ts";
import {
  besideRows,
  breakable,
  cutShort,
  mistakes,
  rewriting,
  withoutTable,
} from "./broken_writers.ts";

type Breaking = (step: () => Promise<void>) => Promise<void>;

const changes = Object.entries({ ...mistakes, ...besideRows });
const broken = new Map<string, Breaking>([
  ...changes.map(([what, change]): [string, Breaking] => [
    what,
    (step) => rewriting(change, step),
  ]),
  ["drops a table", (step) => withoutTable("other", step)],
  ["drops an empty table", (step) => withoutTable("empty", step)],
  ["loses the end", cutShort],
]);

for (const [what, breaking] of broken) {
  Deno.test(`export() with proof refuses what a writer makes that ${what}`, async () => {
    await atInstallation(breakable, async (installation) => {
      const before = Deno.readFileSync(installation.database);
      const prove = exportVerifier(installation, session());
      const run = () =>
        exportBackup(installation, session(), { verify: prove });
      await breaking(async () => {
        await assertRejects(run, BackupError, "Cannot");
      });
      assertEquals(namesIn(installation.backups), []);
      assertEquals(namesIn(installation.data), ["soy.db"]);
      assertEquals(Deno.readFileSync(installation.database), before);
      await run();
      const names = namesIn(installation.backups);
      assertEquals(names.filter((name) => name !== PROOFS_NAME).length, 1);
    });
  });
}

/** Whether a plain verification of what a broken writer made finds fault. */
async function found(
  installation: Installation,
  breaking: Breaking,
): Promise<boolean> {
  let path = "";
  await breaking(async () => {
    path = (await exportBackup(installation, session())).path;
  });
  const sound = await assertVerified(installation, path);
  return !sound;
}

async function assertVerified(
  installation: Installation,
  path: string,
): Promise<boolean> {
  try {
    return (await verifyFile(installation, path, session())).problems.length ===
      0;
  } catch (error) {
    assert(error instanceof BackupError);
    return false;
  }
}

// The others contradict nothing that the file itself says.
const contradictions = [
  "drops a row and counts it",
  "writes 3.0 as 3 in a REAL column",
  "loses the end",
];

for (const what of contradictions) {
  Deno.test(`verify() finds what a writer made that ${what}`, async () => {
    await atInstallation(breakable, async (installation) => {
      assertEquals(await found(installation, broken.get(what)!), true);
    });
  });
}
