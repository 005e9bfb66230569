/**
 * What every command is made of.
 *
 * @module
 */
import type { Place } from "../output/place.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "./terminal.ts";

/** What was asked for on the command line. */
export interface Request {
  /** The arguments after the command's name. */
  paths: string[];
  /** Whether to answer with one JSON object. */
  json: boolean;
  /** Whether to say nothing but warnings. */
  quiet: boolean;
  /** Whether to take a file that was edited by hand. */
  force: boolean;
}

/** What a command works with. */
export interface Context {
  place: Place;
  session: Session;
  terminal: Terminal;
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
  options: readonly ("quiet" | "force")[];
  /** How many arguments it takes. */
  arguments: number;
  run(request: Request, context: Context): Promise<Answer>;
}
