/**
 * A bar that tells how far a long piece of work is, on a terminal.
 *
 * @module
 */
import type { Progress } from "../session.ts";
import { counted, fileSize, printable } from "../text.ts";

/** What takes less than this needs no bar, in milliseconds. */
const patience = 1000;
/** Time between two looks, in milliseconds. */
const interval = 200;
/** How many characters the bar itself has. */
const width = 20;

/** Shows the newest state now and then, once the work has taken a second. */
export class ProgressBar {
  #start = performance.now();
  #newest: Progress | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #shown = 0;

  /** @param show Replaces the line that is shown; empty: by nothing. */
  constructor(readonly show: (line: string) => void) {}

  /** Takes a new state. */
  update(progress: Progress): void {
    if (progress.doing !== this.#newest?.doing) this.#start = performance.now();
    this.#newest = progress;
    this.#timer ??= setInterval(() => this.#look(), interval);
    // Work that leaves the event loop no turn still gets its bar.
    if (performance.now() - this.#shown > interval) this.#look();
  }

  /** Takes the bar away. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#shown > 0) this.show("");
    this.#shown = 0;
  }

  #look(): void {
    const elapsed = performance.now() - this.#start;
    if (elapsed < patience) return;
    this.#shown = performance.now();
    this.show(progressLine(this.#newest!, elapsed / 1000));
  }
}

/**
 * The state in a line: what, table and rows, bytes, rate, and the time left.
 *
 * @param seconds How long it has taken so far.
 */
export function progressLine(progress: Progress, seconds: number): string {
  const { doing, table, rows, bytes, total } = progress;
  const parts = [doing];
  if (table) {
    parts.push(`${printable(table, 30)}, ${counted(rows, "row")}`);
  }
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
