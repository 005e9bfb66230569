/**
 * The command line.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { quoted } from "../text.ts";
import type { Command, Request } from "./command.ts";

/** A command line, taken apart. */
export interface CommandLine {
  /** The command; `undefined` where the line has none. */
  command: Command | undefined;
  request: Request;
  /** The folder of the plugin, where the line names one. */
  root: string | undefined;
  help: boolean;
  version: boolean;
}

const flags = ["json", "quiet", "force", "help", "version"] as const;

/**
 * Takes a command line apart.
 *
 * @param args The arguments of the process.
 * @param commands The commands there are.
 * @throws {UsageError} where something on it is unknown, missing or too much.
 */
export function parseCommandLine(
  args: string[],
  commands: readonly Command[],
): CommandLine {
  const parsed = parseArgs(args, {
    boolean: [...flags],
    string: ["root", "_"],
    alias: { h: "help" },
    collect: ["root"],
    unknown: (arg, key) => {
      if (key !== undefined) throw new UsageError(unknownOption(arg));
      return true;
    },
  });
  const [name, ...paths] = parsed._.map(String);
  const flag = (name: string) => parsed[name] === true;
  const line: CommandLine = {
    command: name === undefined ? undefined : commandNamed(name, commands),
    request: {
      paths,
      json: flag("json"),
      quiet: flag("quiet"),
      force: flag("force"),
    },
    root: rootOf(parsed.root as string[] | undefined),
    help: flag("help"),
    version: flag("version"),
  };
  if (!line.help && !line.version) check(line, commands[0]!);
  return line;
}

function rootOf(given: string[] | undefined): string | undefined {
  if (!given || given.length === 0) return undefined;
  if (given.length > 1) {
    throw new UsageError("--root comes twice; give it once");
  }
  if (!given[0]) throw new UsageError("--root needs a folder; see --help");
  return given[0];
}

function commandNamed(name: string, commands: readonly Command[]): Command {
  const command = commands.find((command) => command.name === name);
  if (command) return command;
  const names = commands.map(({ name }) => name).join(", ");
  throw new UsageError(
    `Unknown command ${quoted(name)}; the commands are ${names}`,
  );
}

function check(line: CommandLine, fallback: Command): void {
  const command = line.command ?? fallback;
  const { paths, quiet, force } = line.request;
  for (const [option, given] of Object.entries({ quiet, force })) {
    if (given && !command.options.includes(option as "quiet" | "force")) {
      throw new UsageError(`${command.name} takes no --${option}; see --help`);
    }
  }
  if (paths.length > command.arguments) {
    const extra = quoted(paths[command.arguments]!);
    throw new UsageError(`${command.name} takes no ${extra}; see --help`);
  }
  if (paths.length < command.arguments || paths.includes("")) {
    throw new UsageError(
      `${command.name} needs the path of a backup; status shows which there are`,
    );
  }
}

function unknownOption(arg: string): string {
  return `Unknown option ${quoted(arg)}; see --help`;
}
