/**
 * Parses the command line by what the commands declare.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { nearest, quoted } from "../text.ts";
import { type Command, HELP_WORD, type Request } from "./command.ts";
import { GENERAL, type Option, type Options } from "./options.ts";

/** A parsed command line. */
export interface CommandLine {
  /** The command; `undefined` if the line names none. */
  command: Command | undefined;
  request: Request;
  /** The plugin's folder, if the line names it. */
  root: string | undefined;
  json: boolean;
  quiet: boolean;
  help: boolean;
  version: boolean;
}

/** Short names of options. */
const alias: Readonly<Record<string, string>> = { h: "help" };

/** What the line says of each option that is on it: `true`, or its values. */
type Given = Map<string, true | string[]>;

/**
 * Parses a command line.
 *
 * @param args The arguments of the process.
 * @param commands The commands; the first is the default.
 * @throws {UsageError} if something on the line is unknown, missing or too much.
 */
export function parseCommandLine(
  args: string[],
  commands: readonly Command[],
): CommandLine {
  const options = allOptions(commands);
  const { given, words } = split(args, options);
  // `help import` is `import --help`.
  if (words[0] === HELP_WORD) {
    given.set("help", true);
    words.shift();
  }
  const [name, ...paths] = words;
  const command = name === undefined ? undefined : findCommand(name, commands);
  const used = command ?? commands[0]!;
  const [help, version] = [given.has("help"), given.has("version")];
  if (!help && !version) {
    checkOptions(given, used);
    checkArguments(paths, used);
  }
  const wanted = help || version ? new Map() : given;
  return {
    command,
    request: { paths, options: valuesOf(used.options, wanted) },
    root: valuesOf({ root: GENERAL.root }, wanted).root as string | undefined,
    json: given.has("json"),
    quiet: given.has("quiet"),
    help,
    version,
  };
}

// An option has the same form in each command that takes it, so that the line can
// be split before the command is known.
function allOptions(commands: readonly Command[]): Options {
  const own = commands.map(({ options }) => options);
  return Object.assign({}, ...own, GENERAL);
}

/** Splits a line into options and other words. */
function split(
  args: string[],
  options: Options,
): { given: Given; words: string[] } {
  const names = Object.keys(options);
  const valued = names.filter((name) => options[name]!.placeholder);
  const flags = names.filter((name) => !options[name]!.placeholder);
  refuseFlagValues(args, flags);
  const parsed = parseArgs(withHyphens(args, valued), {
    boolean: flags,
    string: [...valued, "_"],
    alias,
    collect: valued,
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownOption(arg, names);
      return true;
    },
  });
  const given: Given = new Map();
  for (const name of flags) if (parsed[name]) given.set(name, true);
  for (const name of valued) {
    const values = parsed[name] as string[];
    if (values.length > 0) given.set(name, values);
  }
  return { given, words: parsed._.map(String) };
}

// parseArgs() takes `--exact=no` for `--exact`, and a word "true" or "false" after
// a flag for its value.
function refuseFlagValues(args: string[], flags: string[]): void {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  for (const [i, arg] of own.entries()) {
    const [, short = "", value] = /^--?([^=]+)(=.*)?$/s.exec(arg) ?? [];
    const name = alias[short] ?? short;
    if (!flags.includes(name)) continue;
    if (value === undefined && !/^(true|false)$/.test(own[i + 1] ?? "")) {
      continue;
    }
    throw new UsageError(`--${name} takes no value; see --help`);
  }
}

// parseArgs() takes no lone hyphen for a value, though it names standard input.
function withHyphens(args: string[], valued: string[]): string[] {
  const end = args.indexOf("--");
  const isValue = (i: number) =>
    args[i] === "-" && (end < 0 || i < end) &&
    valued.some((name) => args[i - 1] === `--${name}`);
  return args.flatMap((arg, i) =>
    isValue(i) ? [] : isValue(i + 1) ? `${arg}=-` : arg
  );
}

function valuesOf(options: Options, given: Given): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      valueOf(`--${name}`, option, given.get(name)),
    ]),
  );
}

function valueOf(
  label: string,
  option: Option,
  given: true | string[] | undefined,
): unknown {
  if (option.placeholder === undefined) return given === true;
  const [value, more] = Array.isArray(given) ? given : [];
  if (more !== undefined) {
    throw new UsageError(`${label} is given twice; give it once`);
  }
  if (value === "") throw new UsageError(`${label} needs a value; see --help`);
  return value === undefined ? undefined : option.parse(value, label);
}

function findCommand(name: string, commands: readonly Command[]): Command {
  const command = commands
    .find((command) => command.name === name || command.alias === name);
  if (command) return command;
  const names = commands.map(({ name }) => name);
  const aliases = commands.flatMap(({ alias }) => alias ?? []);
  const near = nearest(name, [...names, ...aliases, HELP_WORD]);
  const hint = near.length > 0
    ? `did you mean ${near.join(" or ")}?`
    : `the commands are ${names.join(", ")}`;
  throw new UsageError(`Unknown command ${quoted(name)}; ${hint}`);
}

function checkOptions(given: Given, { name, options }: Command): void {
  for (const option of given.keys()) {
    if (Object.hasOwn(options, option)) continue;
    if (Object.hasOwn(GENERAL, option)) continue;
    throw new UsageError(`${name} takes no --${option}; see --help`);
  }
}

function checkArguments(
  paths: string[],
  { name, arguments: declared }: Command,
): void {
  const extra = paths[declared.length];
  if (extra !== undefined) {
    throw new UsageError(`${name} takes no ${quoted(extra)}; see --help`);
  }
  const missing = declared.find(({ optional }, i) =>
    paths[i] === "" || (paths[i] === undefined && !optional)
  );
  if (!missing) return;
  const { needed = "the path of a backup; status lists the backups" } = missing;
  throw new UsageError(`${name} needs ${needed}`);
}

function unknownOption(arg: string, names: string[]): UsageError {
  const name = arg.replace(/^-+/, "").replace(/=.*$/s, "");
  const near = nearest(name, names);
  const hint = near.length > 0 ? `did you mean --${near[0]}?` : "see --help";
  return new UsageError(`Unknown option ${quoted(arg)}; ${hint}`);
}
