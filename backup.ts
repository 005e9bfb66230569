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

if (import.meta.main) {
  const stop = new AbortController();
  for (const signal of stopSignals) {
    Deno.addSignalListener(signal, () => stop.abort());
  }
  // Not Deno.exit(): Deno keeps compiled code for the next start only where a
  // program comes to its end by itself.
  Deno.exitCode = await main({
    args: Deno.args,
    terminal: processTerminal(),
    root: rootFolder,
    signal: stop.signal,
  });
}

/** The folder of the plugin, where the command line does not say. */
function rootFolder(): string {
  const plugin = Deno.env.get("CLAUDE_PLUGIN_ROOT");
  if (plugin) return plugin;
  // Inside a compiled binary the folder of this file is not on the disk.
  return Deno.build.standalone ? "." : import.meta.dirname ?? ".";
}
