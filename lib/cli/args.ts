/**
 * The command line.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { nearest, quoted } from "../text.ts";
import type { Command, Flags, Lists, Request } from "./command.ts";

/** A command line, taken apart. */
export interface CommandLine {
  /** The command; `undefined` where the line has none. */
  command: Command | undefined;
  request: Request;
  /** The folder of the plugin, where the line names one. */
  root: string | undefined;
  json: boolean;
  help: boolean;
  version: boolean;
}

const flags: readonly (keyof Flags)[] = [
  "quiet",
  "force",
  "dry-run",
  "no-snapshot",
  "exact",
  "no-create",
  "skip-invalid",
  "verify",
  "details",
];
const lists: readonly (keyof Lists)[] = ["tables", "except"];
const general = ["json", "help", "version"] as const;
const values = ["root", ...lists] as const;

/**
 * Takes a command line apart.
 *
 * @param args The arguments of the process.
 * @param commands The commands there are, the default one first.
 * @throws {UsageError} where something on it is unknown, missing or too much.
 */
export function parseCommandLine(
  args: string[],
  commands: readonly Command[],
): CommandLine {
  const parsed = parseArgs(args, {
    boolean: [...general, ...flags],
    string: [...values, "_"],
    alias: { h: "help" },
    collect: [...values],
    unknown: (arg, key) => {
      if (key !== undefined) throw new UsageError(unknownOption(arg));
      return true;
    },
  });
  const [name, ...paths] = parsed._.map(String);
  const given = (option: string) => parsed[option] === true;
  const asked = (option: string) => valueOf(option, parsed[option]);
  const line: CommandLine = {
    command: name === undefined ? undefined : commandNamed(name, commands),
    request: {
      paths,
      ...Object.fromEntries(flags.map((flag) => [flag, given(flag)])),
      ...Object.fromEntries(
        lists.map((list) => [list, listOf(list, asked(list))]),
      ),
    } as Request,
    root: asked("root"),
    json: given("json"),
    help: given("help"),
    version: given("version"),
  };
  if (!line.help && !line.version) check(line, line.command ?? commands[0]!);
  return line;
}

function valueOf(option: string, given: unknown): string | undefined {
  const [value, more] = given as string[] | undefined ?? [];
  if (value === undefined) return undefined;
  if (more !== undefined) {
    throw new UsageError(`--${option} comes twice; give it once`);
  }
  if (value === "") {
    throw new UsageError(`--${option} needs a value; see --help`);
  }
  return value;
}

function listOf(
  option: string,
  value: string | undefined,
): string[] | undefined {
  const items = value?.split(",").map((item) => item.trim()).filter(Boolean);
  if (items?.length === 0) {
    throw new UsageError(`--${option} needs names of tables; see --help`);
  }
  return items;
}

function commandNamed(name: string, commands: readonly Command[]): Command {
  const command = commands.find((command) => command.name === name);
  if (command) return command;
  const names = commands.map(({ name }) => name);
  const near = nearest(name, names);
  const hint = near.length > 0
    ? `did you mean ${near.join(" or ")}?`
    : `the commands are ${names.join(", ")}`;
  throw new UsageError(`Unknown command ${quoted(name)}; ${hint}`);
}

function check({ request }: CommandLine, command: Command): void {
  const given = [
    ...flags.filter((flag) => request[flag]),
    ...lists.filter((list) => request[list] !== undefined),
  ];
  for (const option of given) {
    if (command.options.includes(option)) continue;
    throw new UsageError(`${command.name} takes no --${option}; see --help`);
  }
  if (request.tables && request.except) {
    throw new UsageError("--tables and --except exclude each other; give one");
  }
  const [least, most] = command.arguments;
  const extra = request.paths[most];
  if (extra !== undefined) {
    throw new UsageError(
      `${command.name} takes no ${quoted(extra)}; see --help`,
    );
  }
  if (request.paths.length < least || request.paths.includes("")) {
    throw new UsageError(
      `${command.name} needs the path of a backup; status shows which there are`,
    );
  }
}

function unknownOption(arg: string): string {
  const name = arg.replace(/^-+/, "").replace(/=.*$/s, "");
  const near = nearest(name, [...general, ...flags, ...values]);
  const hint = near.length > 0 ? `did you mean --${near[0]}?` : "see --help";
  return `Unknown option ${quoted(arg)}; ${hint}`;
}
