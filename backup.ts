/**
 * Backs up everything that Software of You knows into one file, and puts it back.
 *
 * @module
 */
import { main } from "./lib/cli/main.ts";
import { processTerminal } from "./lib/cli/terminal.ts";

/** What stops the program cleanly; Windows knows the first only. */
const stopSignals: Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** From how many milliseconds on a run took long. */
const longRun = 150;

if (import.meta.main) {
  const stop = new AbortController();
  for (const signal of stopSignals) {
    Deno.addSignalListener(signal, () => stop.abort());
  }
  Deno.exitCode = await main({
    args: Deno.args,
    terminal: processTerminal(),
    root: rootFolder,
    signal: stop.signal,
  });
  // A run that took long has much to take down, and leaves that to the system. From
  // others Deno keeps the compiled code for the next start, if they end by themselves.
  if (performance.now() > longRun) Deno.exit();
}

/** The folder of the plugin, where the command line does not say. */
function rootFolder(): string {
  const plugin = Deno.env.get("CLAUDE_PLUGIN_ROOT");
  if (plugin) return plugin;
  // Inside a compiled binary the folder of this file is not on the disk.
  return Deno.build.standalone ? "." : import.meta.dirname ?? ".";
}
