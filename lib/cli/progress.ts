/**
 * The progress bar of a long piece of work, on a terminal.
 *
 * @module
 */
import type { Progress } from "../session.ts";
import { counted, fileSize, printable } from "../text.ts";

/** Work gets a bar after this time, in milliseconds. */
const delay = 1000;
/** Time between two updates of the line, in milliseconds. */
const interval = 200;
/** Width of the bar itself, in characters. */
const barWidth = 20;

/** Shows the latest progress at intervals, once the work has taken a second. */
export class ProgressBar {
  /** When the work began, and its present step. */
  #begun: number | undefined;
  #start = 0;
  #starts = new Map<string, number>();
  #latest: Progress | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #shown = 0;

  /**
   * @param show Replaces the line on the terminal; an empty line clears it.
   * @param columns How many characters the terminal has in a line, if it knows.
   */
  constructor(
    readonly show: (line: string) => void,
    readonly columns: () => number | undefined = () => undefined,
  ) {}

  /** Records progress. */
  update(progress: Progress): void {
    const isNext = stepName(progress) !== stepName(this.#latest);
    if (isNext) this.#start = this.#startOf(progress);
    this.#begun ??= this.#start;
    this.#latest = progress;
    this.#timer ??= setInterval(() => this.#draw(), interval);
    // The timer doesn't fire during work that never yields to the event loop, and the
    // next step may be one statement of SQLite's.
    if (isNext || performance.now() - this.#shown > interval) this.#draw();
  }

  // What is measured goes on after a step of which nobody knows how far it is.
  #startOf({ doing, bytes }: Progress): number {
    const now = performance.now();
    if (bytes === 0) return now;
    const start = this.#starts.get(doing) ?? now;
    this.#starts.set(doing, start);
    return start;
  }

  /** Removes the bar. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#shown > 0) this.show("");
    this.#shown = 0;
  }

  #draw(): void {
    const now = performance.now();
    if (now - this.#begun! < delay) return;
    this.#shown = now;
    // A line that wraps could not be replaced as a whole.
    const columns = (this.columns() ?? Infinity) - 1;
    const seconds = (now - this.#start) / 1000;
    this.show(progressLine(this.#latest!, seconds, columns));
  }
}

function stepName(progress: Progress | undefined): string | undefined {
  if (!progress) return undefined;
  const { doing, table, bytes } = progress;
  return bytes > 0 ? doing : `${doing}: ${table}`;
}

/**
 * Progress as one line, as in `Test restore: emails, 500 rows  2.0 MB  1.0 MB/s`:
 * what is done, table, rows, bytes, rate, and the time left.
 *
 * @param seconds How long the work has taken so far.
 * @param columns How many characters there is room for; what matters least is left out.
 */
export function progressLine(
  progress: Progress,
  seconds: number,
  columns = Infinity,
): string {
  const { doing, bytes, total } = progress;
  const size = bytes > 0 ? fileSize(bytes) : "";
  const rate = bytes > 0 && seconds >= 1
    ? `${fileSize(Math.round(bytes / seconds))}/s`
    : "";
  const part = total > 0 && bytes > 0
    ? Math.min(bytes / total, 0.99)
    : undefined;
  const end = (width: number) => endOf(part, seconds, width);
  const [long, short] = [headOf(progress, true), headOf(progress, false)];
  const lines = [
    [long, size, rate, end(barWidth)],
    [long, size, end(barWidth)],
    [long, end(barWidth)],
    [long, end(barWidth / 2)],
    [short, end(barWidth / 2)],
    [short, end(0)],
    [doing, end(0)],
  ].map((parts) => parts.filter(Boolean).join("  "));
  const line = lines.find((line) => [...line].length <= columns);
  return line ?? [...lines.at(-1)!].slice(0, columns).join("");
}

function headOf({ doing, table, rows }: Progress, counts: boolean): string {
  if (!table) return doing;
  const name = `${doing}: ${printable(table, 30)}`;
  return counts && rows > 0 ? `${name}, ${counted(rows, "row")}` : name;
}

/** The bar, the percentage and the time left; the time taken if those are not known. */
function endOf(
  part: number | undefined,
  seconds: number,
  width: number,
): string {
  if (part === undefined) return `${Math.floor(seconds)} s`;
  const left = seconds < 1
    ? ""
    : `  ${Math.ceil(seconds / part - seconds)} s left`;
  const percent = `${Math.floor(part * 100)} %${left}`;
  return width > 0 ? `${bar(part, width)} ${percent}` : percent;
}

function bar(part: number, width: number): string {
  const done = Math.round(part * width);
  return "█".repeat(done) + "░".repeat(width - done);
}
