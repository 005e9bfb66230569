/**
 * Databases that are worth a thread: the backup is the same with and without it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/backup/export.ts";
import type { Place } from "../../lib/output/place.ts";
import { provingExport } from "../../lib/verify/export.ts";
import { atPlace, session } from "../support/scratch.ts";

const numbers = "WITH RECURSIVE n (i) AS " +
  "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) ";

/** More than ten megabytes of rows that SQLite has exact JSON for. */
const plain = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n);" +
  `INSERT INTO t ${numbers} SELECT i, hex(zeroblob(260)) || 'é', i / 7.0 FROM n;` +
  "CREATE TABLE u (x); INSERT INTO u VALUES ('last');";

const databases: Record<string, string> = {
  "plain rows": plain,
  "a text that is not UTF-8":
    `${plain} UPDATE t SET a = CAST(x'61ff62' AS TEXT) WHERE id = 19999;`,
  "BLOBs, some like binary JSON": `${plain} UPDATE t SET n = x'c0ffee' ` +
    "WHERE id IN (7, 8, 12000); UPDATE t SET n = x'2b1331' WHERE id = 13000;",
  "values of every size": `${plain} UPDATE t SET a = hex(zeroblob(id * 20)) ` +
    "WHERE id % 100 = 0;",
};

/** The bytes of a backup whose moment is always the same. */
async function backupOf(place: Place): Promise<Uint8Array> {
  const calm = { ...session(), now: () => new Date("2026-03-01T09:00:00Z") };
  const prove = provingExport(place, calm);
  const { path, bytes } = await exportBackup(place, calm, prove);
  const content = Deno.readFileSync(path);
  assertEquals(content.length, bytes);
  Deno.removeSync(path);
  return content;
}

/** Does a step where no thread can be had. */
async function withoutThreads<T>(step: () => Promise<T>): Promise<T> {
  const original = globalThis.Worker;
  const refuse = () => {
    throw new Error("no threads");
  };
  globalThis.Worker = refuse as unknown as typeof Worker;
  try {
    return await step();
  } finally {
    globalThis.Worker = original;
  }
}

for (const [what, sql] of Object.entries(databases)) {
  Deno.test(`a large database with ${what} is backed up alike with a thread and without`, async () => {
    await atPlace(sql, async (place) => {
      assert(Deno.statSync(place.database).size > 10e6);
      const threaded = await backupOf(place);
      const alone = await withoutThreads(() => backupOf(place));
      assertEquals(threaded.length, alone.length);
      assert(threaded.every((byte, i) => byte === alone[i]));
    });
  });
}
