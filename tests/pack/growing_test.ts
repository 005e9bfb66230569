/**
 * Frames that are compared while they are written: who waits, and what a fault ends.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { Comparing, Growing } from "../../lib/pack/growing.ts";
import { turn } from "../../lib/session.ts";

Deno.test("who reads a frame waits until it is that long, or has ended", async () => {
  const growing = new Growing(1000);
  const reached: number[] = [];
  const reader = (async () => {
    for (const end of [1000, 1010, 1020]) {
      await growing.reaches(end);
      reached.push(end);
    }
  })();
  await turn();
  assertEquals(reached, [1000]);
  growing.growTo(9);
  await turn();
  assertEquals(reached, [1000]);
  growing.growTo(10);
  await turn();
  assertEquals(reached, [1000, 1010]);
  growing.finish(false);
  await reader;
  assertEquals(reached, [1000, 1010, 1020]);
});

Deno.test("who reads a frame that came to nothing is told", async () => {
  const growing = new Growing(0);
  const waiting = growing.reaches(10);
  growing.finish(true);
  await assertRejects(() => waiting, BackupError, "came to nothing");
});

Deno.test("frames are compared one after the other, and none after a fault", async () => {
  const comparing = new Comparing();
  const done: number[] = [];
  const step = (number: number) => async () => {
    await turn();
    done.push(number);
  };
  comparing.add(step(1));
  comparing.add(step(2));
  await comparing.ends();
  assertEquals([done, comparing.failed], [[1, 2], false]);
  comparing.add(() => Promise.reject(new Error("not the same")));
  comparing.add(step(4));
  await comparing.settles();
  assertEquals([done, comparing.failed], [[1, 2], true]);
  await assertRejects(() => comparing.ends(), Error, "not the same");
});
