/**
 * The terminal: answers go to standard output, warnings to standard error.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { writeAll } from "../file.ts";
import { printable } from "../text.ts";
import { laidOut } from "./layout.ts";

/** What a command writes to. */
export interface Terminal {
  /** Writes a line of the answer. */
  out(line: string): void;
  /** Writes a line that comes in pieces; absent if `out` does as well. */
  outPieces?: (pieces: Iterable<string>) => void;
  /** Writes a warning or an error. */
  err(line: string): void;
  /** Replaces the line of the progress bar; absent if there is no terminal. */
  progress?: ((line: string) => void) | undefined;
  /** Makes text bold if standard output is a terminal. */
  bold(text: string): string;
  /** Whether standard output is a terminal. */
  isTerminal?: boolean;
  /** How many characters a line of output has; absent if there is no terminal. */
  outColumns?: number | undefined;
  /** How many characters a line of warnings has; absent if there is no terminal. */
  errColumns?: number | undefined;
}

/** A stream that takes bytes. */
interface Stream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

const encoder = new TextEncoder();

/**
 * The terminal of the process. Styled only if it is a real one, and never if
 * `NO_COLOR` is set (https://no-color.org).
 */
export function processTerminal(): Terminal {
  const styled = (stream: Stream) => stream.isTerminal() && !Deno.noColor;
  const [outStyled, errStyled] = [styled(Deno.stdout), styled(Deno.stderr)];
  return {
    out: (line) => write(Deno.stdout, line + "\n"),
    outPieces(pieces) {
      for (const piece of pieces) write(Deno.stdout, piece);
      write(Deno.stdout, "\n");
    },
    err: (line) => write(Deno.stderr, (errStyled ? yellow(line) : line) + "\n"),
    progress: Deno.stderr.isTerminal() ? writeProgress : undefined,
    isTerminal: Deno.stdout.isTerminal(),
    bold: (text) => outStyled ? `\x1b[1m${text}\x1b[22m` : text,
    get outColumns() {
      return columnsOf(Deno.stdout);
    },
    get errColumns() {
      return columnsOf(Deno.stderr);
    },
  };
}

// Some terminals do not know their size.
function columnsOf(stream: Stream): number | undefined {
  return stream.isTerminal()
    ? Deno.consoleSize().columns || undefined
    : undefined;
}

/**
 * Writes warnings or an error, wrapped for the terminal.
 *
 * @param text Lines of text.
 */
export function writeError(terminal: Terminal, text: string): void {
  for (const line of text.split("\n")) {
    for (const part of laidOut(line, terminal.errColumns)) terminal.err(part);
  }
}

function writeProgress(line: string): void {
  Deno.stderr.writeSync(encoder.encode(`\r\x1b[2K${line}`));
}

function yellow(text: string): string {
  return `\x1b[33m${text}\x1b[39m`;
}

/** Whether a person has been told that standard output takes nothing. */
let hasFailed = false;

// What was done is done, whether it can be told or not: it decides the exit code.
function write(stream: Stream, text: string): void {
  const bytes = encoder.encode(text);
  try {
    writeAll(stream, bytes);
  } catch (error) {
    // A reader such as `head` may have seen enough.
    if (error instanceof Deno.errors.BrokenPipe) return;
    if (stream === Deno.stderr || hasFailed) return;
    hasFailed = true;
    const reason = faultOf(error) ?? printable(messageOf(error));
    const warning = `Warning: cannot write to standard output: ${reason}\n`;
    write(Deno.stderr, warning);
  }
}

/** Formats a path as a person would type it, safe for a terminal. */
export function shownPath(path: string): string {
  return printable(path.replace(/^\.\//, ""), 1000);
}
