/**
 * The tool as a process that is not waited for forever.
 *
 * @module
 */
import type { Place } from "../../lib/output/place.ts";
import { inside } from "../cli/installation.ts";
import { denoArgs, type Run } from "../support/process.ts";

/** Three times what the tool itself waits for a lock, in milliseconds. */
const limit = 15_000;

/** Runs the tool; one that hangs is killed, and its exit code is not 0 then. */
export async function bounded(place: Place, args: string[]): Promise<Run> {
  const options = inside(place);
  const child = new Deno.Command(Deno.execPath(), {
    args: denoArgs(options, args),
    cwd: options.cwd,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // A tool that hangs does not heed any other signal.
  const timer = setTimeout(() => child.kill("SIGKILL"), limit);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
