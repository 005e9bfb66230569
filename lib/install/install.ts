/**
 * Puts the program into the folder of Software of You, and takes it out again.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, resolve } from "@std/path";
import { processTerminal, writeError } from "../cli/terminal.ts";
import { BackupError, messageOf, UsageError } from "../errors.ts";
import { withContext } from "../faults.ts";
import { nearest, printable, quoted } from "../text.ts";
import { planInstall, planUninstall } from "./plan.ts";
import { findPlugin } from "./plugin.ts";
import { makeSteps } from "./steps.ts";

const project = fromFileUrl(new URL("../..", import.meta.url));

const help = `Usage: deno task install [--plugin DIR] [--dry-run]
       deno task uninstall [--plugin DIR] [--dry-run]

install puts the program, the page of /backup and the hook at the start of a
session into the folder of Software of You. Run it again after an update of
either. uninstall takes them out and puts back what was there before; backups,
snapshots and data stay.

  --plugin DIR  the plugin's folder; ~/.software-of-you unless told
  --dry-run     only say what would be done
  -h, --help    show this help

Exit codes: 0 done; 1 failed; 2 wrong usage.`;

/** What the command line asks for. */
interface Wish {
  uninstall: boolean;
  plugin: string | undefined;
  dryRun: boolean;
  help: boolean;
}

/** Reads the command line; its first word is put there by the task. */
function parse(args: string[]): Wish {
  const { _: words, ...options } = parseArgs(args, {
    string: ["plugin", "_"],
    boolean: ["dry-run", "help"],
    alias: { h: "help" },
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownOption(arg);
      return true;
    },
  });
  const [command, extra] = words.map(String);
  if (extra !== undefined) {
    throw new UsageError(`${command} takes no ${quoted(extra)}; see --help`);
  }
  const { plugin } = options;
  if (plugin === "" || Array.isArray(plugin)) {
    throw new UsageError("--plugin needs one folder; see --help");
  }
  return {
    uninstall: command === "uninstall",
    plugin: plugin as string | undefined,
    dryRun: options["dry-run"] === true,
    help: options["help"] === true,
  };
}

function unknownOption(arg: string): UsageError {
  const name = arg.replace(/^-+/, "").replace(/=.*$/s, "");
  const [near] = nearest(name, ["plugin", "dry-run", "help"]);
  const hint = near ? `did you mean --${near}?` : "see --help";
  return new UsageError(`Unknown option ${quoted(arg)}; ${hint}`);
}

/** Does what was asked for; gives the lines to say. */
async function run(wish: Wish): Promise<string[]> {
  // The folder in which the task was called; its own one is the project's.
  const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const given = wish.plugin && resolve(here, wish.plugin);
  const plugin = findPlugin(given, Deno.env.get("HOME"));
  const doing = `Cannot read ${quoted(plugin)}`;
  const { steps, notes } = await withContext(
    doing,
    () => wish.uninstall ? planUninstall(plugin) : planInstall(project, plugin),
  );
  if (!wish.dryRun) await makeSteps(plugin, steps);
  return [
    headline(wish, plugin, steps.length),
    ...steps.map(({ path, words }) => `  ${path}: ${printable(words)}`),
    ...notes.map((note) => `Note: ${note}.`),
    ...wish.dryRun || wish.uninstall ? [] : [advice],
  ];
}

function headline(
  { uninstall, dryRun }: Wish,
  plugin: string,
  changes: number,
): string {
  const folder = printable(plugin, 1000);
  if (changes === 0) {
    return uninstall
      ? `Nothing to do: ${folder} has nothing of it.`
      : `Nothing to do: ${folder} has all of it.`;
  }
  if (dryRun) return `This would change in ${folder}:`;
  return `${uninstall ? "Taken out of" : "Installed in"} ${folder}:`;
}

const advice =
  "In Claude Code, say /backup. From now on a backup is made when " +
  "a session starts, once a day, if something has changed.";

const terminal = processTerminal();
try {
  const wish = parse(Deno.args);
  const lines = wish.help ? [help] : await run(wish);
  for (const line of lines) terminal.out(line);
} catch (error) {
  if (!(error instanceof BackupError)) throw error;
  const start = error instanceof UsageError ? "" : "Error: ";
  writeError(terminal, start + printable(messageOf(error), 2000));
  Deno.exitCode = error.exitCode;
}
