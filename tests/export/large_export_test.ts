/**
 * Databases that are worth a thread: the backup is the same with and without it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { WORTH_THREAD } from "../../lib/bytes/start.ts";
import type { Place } from "../../lib/store/installation.ts";
import { provingExport } from "../../lib/compare/export.ts";
import { atPlace, session } from "../support/scratch.ts";

const numbers = "WITH RECURSIVE n (i) AS " +
  "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) ";

/** More than twenty megabytes of rows that SQLite has exact JSON for. */
const plain = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n);" +
  `INSERT INTO t ${numbers} SELECT i, hex(zeroblob(260)) || 'é', i / 7.0 FROM n;` +
  "CREATE TABLE u (x); INSERT INTO u VALUES ('last');";

const databases: Record<string, string> = {
  "plain rows": plain,
  "a text that is not UTF-8":
    `${plain} UPDATE t SET a = CAST(x'61ff62' AS TEXT) WHERE id = 19999;`,
  "BLOBs, some like binary JSON": `${plain} UPDATE t SET n = x'c0ffee' ` +
    "WHERE id IN (7, 8, 12000); UPDATE t SET n = x'2b1331' WHERE id = 13000;",
  "values of every size": `${plain} UPDATE t SET a = hex(zeroblob(id * 10)) ` +
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
  return await withWorkers(
    class extends Worker {
      constructor() {
        throw new Error("no threads");
        // deno-lint-ignore no-unreachable -- a class like this has to say it
        super("");
      }
    },
    step,
  );
}

/** Does a step and counts the threads that it starts and what it tells them. */
async function counted<T>(
  step: () => Promise<T>,
): Promise<{ done: T; threads: number; messages: number }> {
  const seen = { threads: 0, messages: 0 };
  const counting = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      seen.threads++;
    }

    override postMessage(message: unknown, transfer: unknown): void {
      seen.messages++;
      super.postMessage(message, transfer as Transferable[]);
    }
  };
  const done = await withWorkers(counting, step);
  return { done, ...seen };
}

async function withWorkers<T>(
  workers: typeof Worker,
  step: () => Promise<T>,
): Promise<T> {
  const original = globalThis.Worker;
  globalThis.Worker = workers;
  try {
    return await step();
  } finally {
    globalThis.Worker = original;
  }
}

for (const [what, sql] of Object.entries(databases)) {
  Deno.test(`a large database with ${what} is backed up alike with a thread and without`, async () => {
    await atPlace(sql, async (place) => {
      assert(Deno.statSync(place.database).size > WORTH_THREAD);
      const { done: threaded, threads, messages } = await counted(() =>
        backupOf(place)
      );
      // One writes the backup, one checks it while it is proved.
      assertEquals(threads, 2);
      assert(messages > 20);
      const alone = await withoutThreads(() => backupOf(place));
      assertEquals(threaded.length, alone.length);
      assert(threaded.every((byte, i) => byte === alone[i]));
    });
  });
}
