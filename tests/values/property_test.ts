/**
 * Whatever a table holds, a backup holds: tried with random values. The
 * environment variable BACKUP_TEST_CASES asks for more rows than the 200 that
 * are tried by default, BACKUP_TEST_SEED for other ones.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { randomTable, seeded } from "../support/random_values.ts";
import { roundTrip } from "./round_trip.ts";

const ROWS = 20;
const cases = Number(Deno.env.get("BACKUP_TEST_CASES") ?? 200);
const seed = Number(Deno.env.get("BACKUP_TEST_SEED") ?? 1);

for (let i = 0; i < Math.ceil(cases / ROWS); i++) {
  const own = seed * 1_000_003 + i;
  Deno.test(`a backup keeps ${ROWS} random rows of seed ${own}`, async () => {
    await roundTrip(randomTable(seeded(own), ROWS), {
      check: ({ imported }) => assertEquals(imported.tables[0]?.added, ROWS),
    });
  });
}
