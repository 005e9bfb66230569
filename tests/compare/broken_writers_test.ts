/**
 * What a broken writer makes is never taken for verified.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
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
  ["drops an empty table", (step) => withoutTable("empty", step)],
  ["loses the end", cutShort],
]);

for (const [what, breaking] of broken) {
  Deno.test(`export() with proof keeps what a writer makes that ${what}, and finds the fault`, async () => {
    await atInstallation(breakable, async (installation) => {
      const prove = exportVerifier(installation, session());
      const run = () =>
        exportBackup(installation, session(), {
          verify: prove,
          acceptLoss: true,
        });
      await breaking(async () => {
        const { problems, path } = await run();
        assert(problems.length > 0, "it was verified");
        assertMatch(path, /backup-\d{4}-\d\d-\d\d-\d{6}\.json$/);
      });
      assertEquals(namesIn(installation.data), ["soy.db"]);
      const { problems, path } = await run();
      assertEquals(problems, []);
      assertMatch(path, /backup-\d{4}-\d\d-\d\d\.json$/);
      const names = namesIn(installation.backups);
      assertEquals(names.filter((name) => name !== PROOFS_NAME).length, 2);
    });
  });
}

Deno.test("export() refuses what a writer makes that drops a table", async () => {
  await atInstallation(breakable, async (installation) => {
    const run = () => exportBackup(installation, session());
    await withoutTable("other", async () => {
      await assertRejects(run, BackupError, 'Cannot back up table "other"');
    });
    assertEquals(namesIn(installation.backups), []);
  });
});

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
