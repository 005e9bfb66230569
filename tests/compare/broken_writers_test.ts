/**
 * A writer that is broken cannot make a backup where a proof is asked for.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import type { Place } from "../../lib/store/installation.ts";
import { verifyFile } from "../../lib/compare/file.ts";
import { provingExport } from "../../lib/compare/export.ts";
import { namesIn } from "../support/hand_made.ts";
import { atPlace, session } from "../support/scratch.ts";
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
    await atPlace(breakable, async (place) => {
      const before = Deno.readFileSync(place.database);
      const prove = provingExport(place, session());
      const run = () => exportBackup(place, session(), prove);
      await breaking(async () => {
        await assertRejects(run, BackupError, "Cannot");
      });
      assertEquals(namesIn(place.output), []);
      assertEquals(namesIn(place.data), ["soy.db"]);
      assertEquals(Deno.readFileSync(place.database), before);
      await run();
      assertEquals(namesIn(place.output).length, 1);
    });
  });
}

/** Whether a plain verification of what a broken writer made finds fault. */
async function found(place: Place, breaking: Breaking): Promise<boolean> {
  let path = "";
  await breaking(async () => {
    path = (await exportBackup(place, session())).path;
  });
  const sound = await assertVerified(place, path);
  return !sound;
}

async function assertVerified(place: Place, path: string): Promise<boolean> {
  try {
    return (await verifyFile(place, path, session())).problems.length === 0;
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
    await atPlace(breakable, async (place) => {
      assertEquals(await found(place, broken.get(what)!), true);
    });
  });
}
