/**
 * What every command is made of.
 *
 * @module
 */
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";

/** Options that are given or not. */
export interface Flags {
  /** Say nothing but warnings. */
  quiet: boolean;
  /** Take a file that was edited by hand. */
  force: boolean;
  /** Only say what would be done. */
  "dry-run": boolean;
  /** Take no snapshot before an import. */
  "no-snapshot": boolean;
  /** Remove rows that are only here. */
  exact: boolean;
  /** Make no tables that are missing here. */
  "no-create": boolean;
  /** Leave out rows that the tables here refuse. */
  "skip-invalid": boolean;
  /** Prove a backup at once. */
  verify: boolean;
  /** Say more. */
  details: boolean;
}

/** Options with a list of tables. */
export interface Lists {
  /** Only these. */
  tables?: string[];
  /** All but these. */
  except?: string[];
}

/** What was asked for on the command line. */
export interface Request extends Flags, Lists {
  /** The arguments after the command's name. */
  paths: string[];
}

/** What a command works with. */
export interface Context {
  installation: Installation;
  session: Session;
}

/** What a command answers. */
export interface Answer {
  /** What the process exits with. */
  exitCode: number;
  /** Everything that the words say, for `--json`. */
  json: Record<string, unknown>;
  /** Lines for standard output. */
  lines: string[];
  /** Lines for standard error. */
  warnings: string[];
}

/** How many arguments a command takes: at least, and at most. */
export type Arity = readonly [number, number];

/** A command. */
export interface Command {
  name: string;
  /** What it does, in a line. */
  summary: string;
  /** How it is called. */
  usage: string;
  /** What else there is to know. */
  details: string;
  /** The options it takes, beside `--root`, `--json` and `--help`. */
  options: readonly (keyof Flags | keyof Lists)[];
  arguments: Arity;
  run(request: Request, context: Context): Promise<Answer>;
}
