/**
 * Where words go: data to standard output, warnings to standard error.
 *
 * @module
 */
import { printable } from "../text.ts";

/** What a command writes to. */
export interface Terminal {
  /** Writes a line of what was asked for. */
  out(line: string): void;
  /** Writes a line of what a person should know besides. */
  err(line: string): void;
  /** Replaces the line of the progress bar, where there is a terminal for one. */
  progress?: ((line: string) => void) | undefined;
  /** Emphasis where standard output is a terminal that shows it. */
  bold(text: string): string;
}

/** A stream that takes bytes. */
interface Stream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

const encoder = new TextEncoder();

/**
 * The terminal of the process. Color only where it is one, and never with
 * `NO_COLOR` (https://no-color.org).
 */
export function processTerminal(): Terminal {
  const styled = (stream: Stream) => stream.isTerminal() && !Deno.noColor;
  const [outStyled, errStyled] = [styled(Deno.stdout), styled(Deno.stderr)];
  return {
    out: (line) => write(Deno.stdout, line),
    err: (line) => write(Deno.stderr, errStyled ? yellow(line) : line),
    progress: Deno.stderr.isTerminal() ? writeProgress : undefined,
    bold: (text) => outStyled ? `\x1b[1m${text}\x1b[22m` : text,
  };
}

// A longer line would be broken and not be replaced.
function writeProgress(line: string): void {
  const shown = [...line].slice(0, Deno.consoleSize().columns - 1).join("");
  Deno.stderr.writeSync(encoder.encode(`\r\x1b[2K${shown}`));
}

function yellow(text: string): string {
  return `\x1b[33m${text}\x1b[39m`;
}

function write(stream: Stream, line: string): void {
  const bytes = encoder.encode(line + "\n");
  try {
    for (let at = 0; at < bytes.length;) {
      at += stream.writeSync(bytes.subarray(at));
    }
  } catch (error) {
    // A reader such as `head` may have seen enough.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * Lines of a table with its columns aligned.
 *
 * @param rows The cells; the first column is text, the others are numbers.
 */
export function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, i) =>
    Math.max(...rows.map((row) => [...row[i]!].length))
  );
  return rows.map((row) =>
    row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
    ).join("  ").trimEnd()
  );
}

/** A path as a person types it, safe for a terminal. */
export function shownPath(path: string): string {
  return printable(path.replace(/^\.\//, ""), 1000);
}
