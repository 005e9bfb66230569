/**
 * Backs up everything that Software of You knows into one file, and restores it.
 *
 * @module
 */
import { main } from "./lib/cli/main.ts";
import { processTerminal } from "./lib/cli/terminal.ts";
import { watchRun } from "./lib/cli/watch.ts";

/** Runs that take more milliseconds than this are ended at once. */
const longRun = 150;

if (import.meta.main) {
  Deno.exitCode = await main({
    args: Deno.args,
    terminal: processTerminal(),
    root: rootFolder,
    watch: watchRun,
  });
  // A long run has much memory to release; the system does that faster. A short run
  // ends by itself, since only then does Deno cache compiled code for the next start.
  if (performance.now() > longRun) Deno.exit();
}

/** The folder of the plugin, if the command line does not name it. */
function rootFolder(): string {
  const plugin = Deno.env.get("CLAUDE_PLUGIN_ROOT");
  if (plugin) return plugin;
  // In a compiled binary the folder of this file is not on disk.
  return Deno.build.standalone ? "." : import.meta.dirname ?? ".";
}
