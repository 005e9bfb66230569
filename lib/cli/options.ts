/**
 * Options: how a command declares the ones it takes, and those that every
 * command takes.
 *
 * A command declares an option once; the parser, the usage line, `--help` and the
 * type of what its `run` gets all follow from that declaration.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

/** An option without a value. */
export interface Flag {
  /** What it does, for `--help`. */
  readonly help: string;
  readonly placeholder?: undefined;
}

/** An option with a value. */
export interface ValueOption<T> {
  /** What it does, for `--help`. */
  readonly help: string;
  /** What stands for the value in help texts, as in `DIR`. */
  readonly placeholder: string;
  /**
   * Reads the value.
   *
   * @param text The value on the command line; never empty.
   * @param option The option, as in `--tables`, for error messages.
   * @throws {UsageError} if the text is no such value.
   */
  parse(text: string, option: string): T;
}

/** An option. */
export type Option = Flag | ValueOption<unknown>;

/** Options by name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

/** What an option gives. */
export type ValueOf<O> = O extends ValueOption<infer T> ? T | undefined
  : boolean;

/** The values of options: a boolean for a flag, else what was parsed, if given. */
export type OptionValues<O extends Options> = {
  readonly [Name in keyof O]: ValueOf<O[Name]>;
};

/** Declares an option without a value. */
export function flag(help: string): Flag {
  return { help };
}

/** Declares an option whose value is taken as it is. */
export function text(placeholder: string, help: string): ValueOption<string> {
  return { placeholder, help, parse: (value) => value };
}

/** Declares an option whose value is a list of table names, as in `A,B`. */
export function tableList(help: string): ValueOption<string[]> {
  return {
    placeholder: "A,B",
    help,
    parse: (value, option) => {
      const names = value.split(",").map((name) => name.trim()).filter(Boolean);
      if (names.length > 0) return names;
      throw new UsageError(`${option} needs names of tables; see --help`);
    },
  };
}

/** Declares an option whose value is a number above 0. */
export function amount(help: string): ValueOption<number> {
  return {
    placeholder: "N",
    help,
    parse: (value, option) => {
      if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
      throw new UsageError(`${option} needs a number above 0; see --help`);
    },
  };
}

/**
 * Makes sure that of two options at most one is given.
 *
 * @throws {UsageError} if both are.
 */
export function refuseBoth(
  one: string,
  first: unknown,
  other: string,
  second: unknown,
): void {
  if (!first || !second) return;
  throw new UsageError(`--${one} and --${other} exclude each other; give one`);
}

/** Milliseconds by unit. */
const units = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);

/** Declares an option whose value is a length of time, as in `20h`; in milliseconds. */
export function duration(help: string): ValueOption<number> {
  return {
    placeholder: "AGE",
    help,
    parse: (value, option) => {
      const [, number, unit] = /^(\d{1,6})([mhdw])$/i.exec(value) ?? [];
      const size = units.get(unit?.toLowerCase() ?? "");
      if (size !== undefined) return Number(number) * size;
      throw new UsageError(
        `${option} needs minutes, hours, days or weeks, as in 90m, 20h, 2d or 1w`,
      );
    },
  };
}

/** For commands that read backups: they declare it as `identity`. */
export const IDENTITY: ValueOption<string> = text(
  "FILE",
  "the file with the secret key to encrypted backups; - is standard input",
);

/** Options that the program itself handles, for every command. */
export const GENERAL = {
  root: text(
    "DIR",
    "the plugin's folder; if not given, CLAUDE_PLUGIN_ROOT, or else the folder " +
      "of backup.ts (of a compiled binary: the working directory)",
  ),
  json: flag("answer with one JSON object"),
  help: flag("show this text, or the help of a command"),
  version: flag("show the version"),
} as const;

/** For commands that only report what they did: they declare it as `quiet`. */
export const QUIET: Flag = flag("print nothing but warnings");

/** The ways to name a backup, for help texts. */
export const BACKUP_WORDS: string =
  "a path, a name in output/, a day (2026-02-19), a moment " +
  "('2026-02-19 18:05'), latest, latest~2 (two before it), or a SQLite file";

/** An option as it stands in help texts, as in `--root DIR`. */
export function optionLabel(name: string, { placeholder }: Option): string {
  return placeholder ? `--${name} ${placeholder}` : `--${name}`;
}
