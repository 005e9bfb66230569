/**
 * This tool as it is measured: the bundle that people install, and the sources with
 * the other engine.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { CommandWords } from "./measure.ts";

const project = fromFileUrl(new URL("../..", import.meta.url));

/** The tool, ready to be run. */
export interface Tool {
  /** The bundle, on the built-in engine. */
  bundle: CommandWords;
  /** The sources, with the packages that `deno.json` has stand-ins for. */
  ffi: CommandWords;
}

/**
 * Makes the bundle.
 *
 * @param folder Where to put it.
 * @param config Names the real packages; else it is the project's own
 * configuration for them, which needs JSR.
 * @throws {Error} where the bundle cannot be made.
 */
export function makeTool(
  folder: string,
  config = join(project, "lib", "compat", "jsr.json"),
): Tool {
  const entry = join(project, "backup.ts");
  const bundle = join(folder, "backup.js");
  const args = ["bundle", "--quiet", "--platform", "deno", "--minify"];
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: [...args, "--output", bundle, entry],
    cwd: project,
  }).outputSync();
  if (!success) {
    throw new Error(
      `Cannot make the bundle: ${new TextDecoder().decode(stderr)}`,
    );
  }
  const packages = ["--config", config, "--no-lock", "--no-check"];
  return { bundle: deno(bundle), ffi: deno(...packages, entry) };
}

/** A script run by Deno. */
export function deno(...args: string[]): CommandWords {
  return [Deno.execPath(), "run", "--no-prompt", "-A", ...args];
}
