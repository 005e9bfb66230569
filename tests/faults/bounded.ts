/**
 * The tool as a process that is not waited for forever.
 *
 * @module
 */
import type { Installation } from "../../lib/store/installation.ts";
import { inside } from "../support/installation.ts";
import { type Run, runOf, toolCommand } from "../support/process.ts";

/** Three times what the tool itself waits for a lock, in milliseconds. */
const limit = 15_000;

/** Runs the tool; one that hangs is killed, and its exit code is not 0 then. */
export async function bounded(
  installation: Installation,
  args: string[],
): Promise<Run> {
  const child = toolCommand(args, inside(installation)).spawn();
  // A tool that hangs does not heed any other signal.
  const timer = setTimeout(() => child.kill("SIGKILL"), limit);
  const output = await child.output();
  clearTimeout(timer);
  return runOf(output);
}
