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
const width = 20;

/** Shows the latest progress at intervals, once the work has taken a second. */
export class ProgressBar {
  #start = performance.now();
  #latest: Progress | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #shown = 0;

  /** @param show Replaces the line on the terminal; an empty line clears it. */
  constructor(readonly show: (line: string) => void) {}

  /** Records progress. */
  update(progress: Progress): void {
    if (progress.doing !== this.#latest?.doing) this.#start = performance.now();
    this.#latest = progress;
    this.#timer ??= setInterval(() => this.#draw(), interval);
    // The timer doesn't fire during work that never yields to the event loop.
    if (performance.now() - this.#shown > interval) this.#draw();
  }

  /** Removes the bar. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#shown > 0) this.show("");
    this.#shown = 0;
  }

  #draw(): void {
    const elapsed = performance.now() - this.#start;
    if (elapsed < delay) return;
    this.#shown = performance.now();
    this.show(progressLine(this.#latest!, elapsed / 1000));
  }
}

/**
 * Progress as one line, as in `Test restore: emails, 500 rows  2.0 MB  1.0 MB/s`:
 * what is done, table, rows, bytes, rate, and the time left.
 *
 * @param seconds How long the work has taken so far.
 */
export function progressLine(progress: Progress, seconds: number): string {
  const { doing, table, rows, bytes, total } = progress;
  const parts = table
    ? [`${doing}: ${printable(table, 30)}, ${counted(rows, "row")}`]
    : [doing];
  if (bytes > 0) {
    parts.push(fileSize(bytes), `${fileSize(Math.round(bytes / seconds))}/s`);
  }
  if (total > 0 && bytes > 0) {
    const part = Math.min(bytes / total, 0.99);
    const left = Math.ceil(seconds / part - seconds);
    parts.push(`${bar(part)} ${Math.floor(part * 100)} %`, `${left} s left`);
  } else parts.push(`${Math.floor(seconds)} s`);
  return parts.join("  ");
}

function bar(part: number): string {
  const done = Math.round(part * width);
  return "█".repeat(done) + "░".repeat(width - done);
}
