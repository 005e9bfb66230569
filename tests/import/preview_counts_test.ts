/**
 * What a preview says is what the import then does, for random pairs of databases.
 * `SLOW=1` tries many.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { ImportOptions } from "../../lib/import/options.ts";
import { dumpAll } from "../support/dump.ts";
import { seeded } from "../support/random_values.ts";
import { atPair, imports, preview } from "../support/pair.ts";
import { randomDatabase } from "../support/random_pair.ts";

const cases = Deno.env.get("SLOW") ? 200 : 6;

const ways: Record<string, ImportOptions> = {
  "": {},
  " exactly": { exact: true },
  " of some tables": { only: ["People", "heap", "refs"] },
  " exactly, without people": { exact: true, except: ["people"] },
};

function total(dump: Record<string, string[]>): Record<string, number> {
  const entries = Object.entries(dump);
  return Object.fromEntries(entries.map(([name, rows]) => [name, rows.length]));
}

async function compare(seed: number, options: ImportOptions): Promise<void> {
  const random = seeded(seed);
  const [theirs, ours] = [randomDatabase(random), randomDatabase(random)];
  await atPair(theirs, ours, async (here, path) => {
    const sizes = total(dumpAll(here.database));
    const said = await preview(here, path, options);
    assertEquals(total(dumpAll(here.database)), sizes);
    const { snapshot: _, ...done } = await imports(here, path, options);
    assertEquals(done, said);
    const after = total(dumpAll(here.database));
    for (const { name, added, replaced, removed } of said.tables) {
      assertEquals(after[name], sizes[name]! + added - replaced - removed);
    }
  });
}

for (const [way, options] of Object.entries(ways)) {
  Deno.test(`a preview counts what the import${way} then does`, async () => {
    for (let seed = 1; seed <= cases; seed++) await compare(seed, options);
  });
}

Deno.test("a preview's counts of a row add up to the rows here and there", async () => {
  for (let seed = 1; seed <= cases; seed++) {
    const random = seeded(100 + seed);
    const [theirs, ours] = [randomDatabase(random), randomDatabase(random)];
    await atPair(theirs, ours, async (here, path, there) => {
      const [before, backup] = [here, there].map(({ database }) =>
        total(dumpAll(database))
      );
      for (const each of (await preview(here, path)).tables) {
        const { name, rows, added, changed, unchanged, localOnly } = each;
        assertEquals(rows, backup![name]);
        assertEquals(added + changed + unchanged, rows);
        const found = before![name] === 0 ? 0 : changed + unchanged + localOnly;
        assertEquals(found, before![name]);
      }
    });
  }
});

Deno.test("a preview into nothing counts what the import then brings", async () => {
  for (let seed = 1; seed <= cases; seed++) {
    await atPair(
      randomDatabase(seeded(seed)),
      "",
      async (here, path, there) => {
        const said = await preview(here, path);
        assertEquals(said.createdDatabase, true);
        assertEquals(await imports(here, path), said);
        assertEquals(dumpAll(here.database), dumpAll(there.database));
      },
    );
  }
});
