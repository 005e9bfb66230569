/**
 * What every command consists of.
 *
 * @module
 */
import type { Session } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import type { Line } from "./layout.ts";
import type { Options, OptionValues } from "./options.ts";

/** What the command line asks of a command. */
export interface Request<O extends Options = Options> {
  /** The arguments after the command's name. */
  paths: string[];
  options: OptionValues<O>;
}

/** What a command works with. */
export interface Context {
  installation: Installation;
  session: Session;
  /**
   * Writes a line of a long answer to standard output at once; none is written with
   * `--json` or `--quiet`.
   */
  out: (line: Line) => void;
  /** Whether the answer goes out as JSON. */
  asJson: boolean;
  /**
   * Writes the JSON of a long answer at once, while what its lists are made of is
   * there; without `--json`, nothing is written.
   */
  outJson: (answer: Pick<Answer, "exitCode" | "json">) => void;
  /** Whether standard output is a terminal, which control characters must not reach. */
  isTerminal: boolean;
}

/** What a command answers. */
export interface Answer {
  /** What the process exits with. */
  exitCode: number;
  /** Everything that the lines say, for `--json`. */
  json: Record<string, unknown>;
  /** Lines for standard output. */
  lines: Line[];
  /** Lines for standard error. */
  warnings: string[];
}

/** Asks for help, as `--help` does. */
export const HELP_WORD = "help";

/** An argument of a command. */
export interface Argument {
  /** Its name in help texts, as in `path`. */
  name: string;
  /** What it is, for `--help`. */
  help: string;
  /** What is needed if it is missing or empty; else it is the path of a backup. */
  needed?: string;
  optional?: boolean;
}

/** A command. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** Another name that is taken for it. */
  readonly alias?: string;
  /** What it does, in one line without a period. */
  readonly summary: string;
  /** What else there is to know. */
  readonly details: string;
  /** Its arguments, in order; optional ones last. */
  readonly arguments: readonly Argument[];
  /** The options it takes, besides the general ones. */
  readonly options: O;
  /**
   * Runs the command.
   *
   * @throws {BackupError} if it fails for a reason that a person can act on.
   */
  run(request: Request<O>, context: Context): Promise<Answer>;
  /** What it answers if it fails; without this, the error is the answer. */
  failed?(error: unknown): Answer;
}

/**
 * Defines a command: `run` gets the options by the types they are declared with,
 * and what comes back fits into a list of all commands.
 */
export function defineCommand<O extends Options>(command: Command<O>): Command {
  return command;
}

/** Adds to an answer which backup was taken, if it is not the very one asked for. */
export function withNote(note: string | undefined, answer: Answer): Answer {
  return note ? { ...answer, warnings: [note, ...answer.warnings] } : answer;
}
