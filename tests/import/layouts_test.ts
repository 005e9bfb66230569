/**
 * Backups that another program has written anew come in like our own.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { putSample } from "../support/sample.ts";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { importBackup } from "../../lib/import/import.ts";
import { verifyFile } from "../../lib/compare/verify.ts";
import { laidOut, type Layout, LAYOUTS, ragged } from "../support/layouts.ts";
import { dumpAll } from "../support/dump.ts";
import {
  inScratch,
  makeInstallation,
  session,
  withDb,
} from "../support/scratch.ts";

// What the application's sample has not: bytes, nested text, a table of many rows.
const MORE = `CREATE TABLE bytes (id INTEGER PRIMARY KEY, b, t);
  INSERT INTO bytes VALUES (1, x'00ff', 'a'), (2, CAST(x'ff' AS TEXT), 'b'),
    (3, 'c', '{"$base64": true}');
  CREATE TABLE many (id INTEGER PRIMARY KEY, a, b TEXT, c REAL);
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
  INSERT INTO many SELECT i * 3, iif(i % 5, i << 20, NULL),
    char(34, 92, 10, 1, 47, 233, 128075) || i, i / 7.0 FROM n`;

/** What an import leaves as it is here, and where it leaves a line. */
const OWN = ["generated_views", "soy_meta", "activity_log"];

let made: { database: Uint8Array; backup: string } | undefined;

/** The backup in a layout; each is made once. */
const texts = new Map<Layout, string>();

/** The sample with more in it, and its backup; made once. */
async function sample() {
  await inScratch(async (folder) => {
    if (made) return;
    const { database, root } = makeInstallation(folder, "sample");
    putSample(database, { scale: 0.05 });
    withDb(database, (db) => db.exec(MORE));
    const { path } = await exportBackup(installationAt(root), session());
    const backup = Deno.readTextFileSync(path);
    made = { database: Deno.readFileSync(database), backup };
  });
  return made!;
}

/** Rewrites the sample's backup in a layout; `here` has the sample, `there` nothing. */
async function rewritten(
  layout: Layout,
  check: (
    here: Installation,
    there: Installation,
    path: string,
  ) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const here = makeInstallation(folder, "here");
    const there = makeInstallation(folder, "there");
    const { database, backup } = await sample();
    Deno.writeFileSync(here.database, database);
    const other = join(folder, "other.json");
    const text = texts.get(layout) ?? laidOut(backup, layout);
    texts.set(layout, text);
    Deno.writeTextFileSync(other, text);
    await check(here, there, other);
  });
}

for (const layout of [...LAYOUTS, ragged(5)]) {
  Deno.test(`a backup on ${layout.name} comes in whole, and changes nothing again`, async () => {
    await rewritten(layout, async (here, there, path) => {
      const first = await importBackup(there, path, {}, session());
      assertEquals(first.leftOut, []);
      // A difference would be too long to be shown.
      const [was, is] = [here, there].map(({ database }) =>
        JSON.stringify(dumpAll(database, OWN))
      );
      assert(was === is);
      const second = await importBackup(there, path, {}, session());
      for (const { name, rows, unchanged } of second.tables) {
        assertEquals({ name, unchanged }, { name, unchanged: rows });
      }
    });
  });

  Deno.test(`a backup on ${layout.name} is proved, and not where it is wrong`, async () => {
    await rewritten(layout, async (here, _there, path) => {
      const { problems } = await verifyFile(here, path, session());
      assertEquals(problems, []);
      const text = Deno.readTextFileSync(path);
      const wrong = text.replace(
        /"CREATE TABLE many \(id INTEGER PRIMARY KEY, a/,
        (
          sql,
        ) => `${sql} CHECK (a IS NOT 4194304)`,
      );
      assert(wrong !== text);
      Deno.writeTextFileSync(path, wrong);
      const verdict = await verifyFile(here, path, session());
      assertEquals(verdict.problems.length > 0, true);
      assert(verdict.problems[0]!.includes('"many"'), verdict.problems[0]);
    });
  });
}
