/**
 * `@std/cli/parse-args` where JSR is out of reach: a typed face of upstream's
 * own code, carried by the npm package `deno-std`.
 *
 * @module
 */
import * as npm from "deno-std/cli/parse_args.js";

/** What to expect on the command line, as far as this project says it. */
export interface ParseOptions {
  /** Names of flags without a value. */
  boolean?: readonly string[];
  /** Names of flags with a value; `_` keeps positional arguments strings. */
  string?: readonly string[];
  /** Other names of a flag. */
  alias?: Record<string, string | readonly string[]>;
  /** Flags that may come more than once; their values come as a list. */
  collect?: readonly string[];
  /** Flags for which `--no-<name>` means false. */
  negatable?: readonly string[];
  /** Called for each argument not named above; `false` leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The flags by name, and in `_` the arguments that are no flags. */
export interface Args {
  [flag: string]: unknown;
  _: Array<string | number>;
}

/** Takes a command line apart. */
export const parseArgs: (args: string[], options?: ParseOptions) => Args =
  npm.parseArgs;
