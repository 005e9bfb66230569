/**
 * One run at a time in a folder: what is left there when a run is over.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../lib/store/folder.ts";
import { namesIn } from "../support/installation.ts";
import { inScratch, session } from "../support/scratch.ts";

Deno.test("a step that fails at once leaves no note of who holds the folder", async () => {
  await inScratch(async (folder) => {
    const fails = () => {
      throw new Error("the disk is full");
    };
    const run = () => withFolder(folder, session(), fails);
    await assertRejects(run, Error, "the disk is full");
    assertEquals(namesIn(folder), []);
  });
});
