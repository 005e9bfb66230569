/**
 * The texts of `--help`.
 *
 * @module
 */
import type { Command } from "./command.ts";

const exitCodes = `Exit codes:
  0    done
  1    failed, nothing changed
  2    wrong usage
  3    done, but something was left out and named
  130  interrupted`;

const options =
  `  --root DIR  the plugin's folder; else CLAUDE_PLUGIN_ROOT, else the folder of
              backup.ts (of a compiled binary: the working directory)
  --json      answer with one JSON object
  --quiet     say nothing but warnings (export, import, undo)
  --help      this text, or that of a command
  --version   the version`;

/** The help of the whole program. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Backs up everything that Software of You knows, and puts it back.",
    "",
    "Usage:",
    ...commands.map(({ usage }) => `  ${usage}`),
    "",
    "Commands:",
    ...commands.map(({ name, summary }) =>
      `  ${name.padEnd(width)}  ${summary}`
    ),
    "",
    "Options:",
    options,
    "",
    exitCodes,
  ].join("\n");
}

/** The help of a command. */
export function commandHelp({ usage, summary, details }: Command): string {
  return [`${summary}.`, "", `Usage: ${usage}`, "", details, "", exitCodes]
    .join("\n");
}
