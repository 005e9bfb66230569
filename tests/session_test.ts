/**
 * What a session says to who stops it.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import { InterruptedError } from "../lib/errors.ts";
import { sessionOf } from "../lib/session.ts";

Deno.test("a session that is stopped at the last step doesn't say that nothing was changed", async () => {
  const session = sessionOf({ aborted: true });
  const stopped = () => session.checkpoint();
  await assertRejects(stopped, InterruptedError, "nothing was changed");
  session.finishing();
  const words = "at the last step: all of it was done, or nothing";
  await assertRejects(stopped, InterruptedError, words);
});
