/**
 * From the command line to an exit code.
 *
 * @module
 */
import {
  AT_LAST_STEP,
  BackupError,
  EXIT,
  InterruptedError,
  messageOf,
  UsageError,
} from "../errors.ts";
import { faultOf, withContext } from "../faults.ts";
import {
  type Installation,
  installationAt,
  requireRights,
} from "../store/installation.ts";
import { type Session, sessionOf, type Timeouts } from "../session.ts";
import { jsonLine, jsonPieces, printable } from "../text.ts";
import { VERSION } from "../version.ts";
import { type CommandLine, parseCommandLine } from "./args.ts";
import type { Answer, Command, Context } from "./command.ts";
import { diffCommand } from "./diff.ts";
import { exportCommand } from "./export.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { findCommand } from "./find.ts";
import { hookCommand } from "./hook.ts";
import { importCommand } from "./import.ts";
import { showCommand } from "./show.ts";
import { keygenCommand } from "./keygen.ts";
import { keysOf } from "./keys.ts";
import { reportCommand } from "./report.ts";
import { statusCommand } from "./status.ts";
import { ProgressBar } from "./progress.ts";
import { type Terminal, writeError } from "./terminal.ts";
import { laidOut, type Line } from "./layout.ts";
import { tidyCommand } from "./tidy.ts";
import { undoCommand } from "./undo.ts";
import { verifyCommand } from "./verify.ts";
import type { LastWords, Watch, Watched } from "./watch.ts";

/** The commands; the first is the default. */
export const COMMANDS: readonly Command[] = [
  exportCommand,
  importCommand,
  statusCommand,
  verifyCommand,
  diffCommand,
  showCommand,
  findCommand,
  undoCommand,
  tidyCommand,
  reportCommand,
  keygenCommand,
  hookCommand,
];

/** What the process gives to the program. */
export interface Environment {
  /** The arguments after the program. */
  args: string[];
  /** Where output and warnings go. */
  terminal: Terminal;
  /** Finds the plugin's folder, if the command line names none. */
  root: () => string;
  /** Starts to listen to signals; without it nothing stops the command. */
  watch?: (watched: Watched) => Watch;
  /** How long to wait for locks, if not as long as by default. */
  timeouts?: Partial<Timeouts> | undefined;
}

/**
 * Runs the command of a command line. Every error becomes one line on standard
 * error and a documented exit code; only an unexpected one shows a stack trace.
 *
 * @returns The exit code.
 */
export async function main(environment: Environment): Promise<number> {
  const { args, terminal } = environment;
  // Options end at "--".
  const end = args.indexOf("--");
  const json = (end < 0 ? args : args.slice(0, end)).includes("--json");
  try {
    const line = parseCommandLine(args, COMMANDS);
    return await runLine(line, environment);
  } catch (error) {
    const command = COMMANDS.find(({ name }) => name === args[0]);
    if (!command?.failed) return fail(error, json, terminal);
    const answer = command.failed(error);
    const out = printer({ json, quiet: false }, terminal, () => {});
    show(answer, command, { json }, terminal, out);
    return answer.exitCode;
  }
}

async function runLine(
  line: CommandLine,
  environment: Environment,
): Promise<number> {
  const { terminal, root } = environment;
  const said = aboutProgram(line, terminal.outColumns);
  if (said !== undefined) {
    terminal.out(said);
    return EXIT.done;
  }
  const command = line.command ?? COMMANDS[0]!;
  const folder = await withContext("Cannot find the plugin's folder", root);
  const installation = installationAt(line.root ?? folder);
  if (command !== keygenCommand) requireRights(installation);
  const bar = barFor(line, terminal);
  const { session, watching } = begin(line, installation, bar, environment);
  const out = printer(line, terminal, () => bar?.clear());
  const { isTerminal = false } = terminal;
  let isTold = false;
  const outJson: Context["outJson"] = (answer) => {
    if (line.json) tellJson(answer, command, terminal);
    isTold = true;
  };
  const asJson = line.json;
  const context = { installation, session, out, outJson, asJson, isTerminal };
  const run = () => command.run(line.request, context);
  const answer = await run().catch((error) => {
    throw namedFault(command, error);
  }).finally(() => {
    watching?.end();
    bar?.clear();
  });
  show(answer, command, { json: asJson && !isTold }, terminal, out);
  return answer.exitCode;
}

/** The surroundings of the run that begins, and what listens to signals for it. */
function begin(
  line: CommandLine,
  installation: Installation,
  bar: ProgressBar | undefined,
  { terminal, watch, timeouts }: Environment,
): { session: Session; watching: Watch | undefined } {
  const watching = watch?.(watchedRun(installation, line, terminal));
  const session = sessionOf(
    watching?.signal ?? new AbortController().signal,
    (what) => tellWait(what, terminal, bar),
    (progress) => {
      if (progress) bar?.update(progress);
      return watching?.note(progress);
    },
    timeouts,
    watching?.finishing,
  );
  const { identity } = line.request.options;
  const keys = keysOf(identity as string | undefined, installation.scratch);
  return { session: { ...session, keys }, watching };
}

/** The version or a help text, if the line asks for that. */
function aboutProgram(
  { version, help, command }: CommandLine,
  columns: number | undefined,
): string | undefined {
  if (version) return `backup.ts ${VERSION}`;
  if (!help) return undefined;
  return command
    ? commandHelp(command, COMMANDS, columns)
    : generalHelp(COMMANDS, columns);
}

// A fault of the system or of SQLite that a command has not put into words itself.
function namedFault({ name }: Command, error: unknown): unknown {
  const fault = error instanceof BackupError ? undefined : faultOf(error);
  if (fault === undefined) return error;
  return new BackupError(`Cannot finish ${name}: ${fault}`, { cause: error });
}

function tellWait(
  what: string,
  terminal: Terminal,
  bar: ProgressBar | undefined,
): void {
  bar?.clear();
  const waiting = `Waiting for another program that has ${what} locked …`;
  writeError(terminal, waiting);
}

function watchedRun(
  { data, backups }: Installation,
  { json }: CommandLine,
  { progress }: Terminal,
): Watched {
  const wordsOf = (error: InterruptedError): LastWords => {
    const { out, err } = failure(error, json);
    // The progress bar may be in the way.
    const start = progress ? "\r\x1b[2K" : "";
    return { out: out ? `${out}\n` : "", err: `${start}${err}\n` };
  };
  return {
    folders: [data, backups],
    stopped: wordsOf(new InterruptedError()),
    unfinished: wordsOf(new InterruptedError(AT_LAST_STEP)),
  };
}

/** Writes lines of an answer, the first one bold. */
function printer(
  { json, quiet }: Pick<CommandLine, "json" | "quiet">,
  terminal: Terminal,
  clear: () => void,
): (line: Line) => void {
  let isFirst = true;
  return (line) => {
    if (json || quiet) return;
    clear();
    for (const part of laidOut(line, terminal.outColumns)) {
      terminal.out(isFirst ? terminal.bold(part) : part);
    }
    isFirst = false;
  };
}

function barFor(
  { json, quiet }: CommandLine,
  terminal: Terminal,
): ProgressBar | undefined {
  const { progress } = terminal;
  return progress && !json && !quiet
    ? new ProgressBar(progress, () => terminal.errColumns)
    : undefined;
}

function show(
  answer: Answer,
  command: Command,
  { json }: Pick<CommandLine, "json">,
  terminal: Terminal,
  out: (line: Line) => void,
): void {
  if (json) tellJson(answer, command, terminal);
  for (const line of answer.lines) out(line);
  for (const warning of answer.warnings) writeError(terminal, warning);
}

function tellJson(
  { exitCode, json }: Pick<Answer, "exitCode" | "json">,
  { name }: Command,
  terminal: Terminal,
): void {
  const ok = exitCode !== EXIT.failed;
  const all = { command: name, ok, exit_code: exitCode, ...json };
  const pieces = jsonPieces(all);
  if (terminal.outPieces) terminal.outPieces(pieces);
  else terminal.out([...pieces].join(""));
}

function fail(error: unknown, json: boolean, terminal: Terminal): number {
  const { exitCode, out, err } = failure(error, json);
  if (out) terminal.out(out);
  writeError(terminal, err);
  if (!(error instanceof BackupError)) {
    terminal.err("Unexpected error. Please report it with these details:");
    terminal.err(error instanceof Error ? error.stack ?? "" : "");
  }
  return exitCode;
}

/** What is written about an error, and what the process exits with. */
function failure(error: unknown, json: boolean) {
  const exitCode = error instanceof BackupError ? error.exitCode : EXIT.failed;
  const message = messageOf(error).split("\n")
    .map((line) => printable(line, 2000)).join("\n");
  const answer = { ok: false, exit_code: exitCode, error: message };
  return {
    exitCode,
    out: json ? jsonLine(answer) : undefined,
    err: `${error instanceof UsageError ? "" : "Error: "}${message}`,
  };
}
