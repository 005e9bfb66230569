/**
 * A file that is synced while it is being written.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { syncedEarly } from "../../lib/store/files.ts";

/** A file that notes when it is synced, and whose first early sync may fail. */
function noting(fault?: Error) {
  const syncs: string[] = [];
  const file = {
    syncData: () => {
      syncs.push("early");
      return fault ? Promise.reject(fault) : Promise.resolve();
    },
    syncSync: () => void syncs.push("last"),
  } as unknown as Deno.FsFile;
  return { file, syncs };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 300));

Deno.test("syncedEarly() syncs during the step and after it", async () => {
  const { file, syncs } = noting();
  const done = await syncedEarly(file, async () => {
    await pause();
    return "done";
  });
  assertEquals([done, ...syncs], ["done", "early", "last"]);
});

Deno.test("syncedEarly() tells a fault of an early sync in the end", async () => {
  const { file, syncs } = noting(new Error("the disk is broken"));
  const faulty = () => syncedEarly(file, pause);
  await assertRejects(faulty, Error, "the disk is broken");
  assertEquals(syncs, ["early", "last"]);
});

Deno.test("syncedEarly() ends with a step that fails", async () => {
  const { file, syncs } = noting();
  const faulty = () =>
    syncedEarly(file, () => Promise.reject(new Error("no row fits")));
  await assertRejects(faulty, Error, "no row fits");
  await pause();
  assertEquals(syncs, []);
});
