/**
 * The rows of a table as an export writes them, a line each, and those lines of two
 * moments that are not the same. Most rows are never taken apart.
 *
 * @module
 */
import { sameBytes } from "../bytes.ts";
import { BYTE } from "../format/json_syntax.ts";
import { ROW_SEPARATOR } from "../format/version1.ts";

/** How many bytes are compared at a time, at most and at least. */
const mostBytes = 1 << 16;
const fewestBytes = 1 << 10;
/** How many lines are done between two checkpoints. */
const checkEvery = 256;

/** Takes a line that the other moment may not have; it is gone after the call. */
export type TakeLine = (side: 0 | 1, line: Uint8Array) => void;

/** Reads lines one after the other, through a window that moves on. */
export class Lines {
  #bytes = new Uint8Array(1 << 18);
  #pos = 0;
  #end = 0;
  #pieces: Iterator<Uint8Array>;

  /** @param rows Pieces of some rows each; together they are all of them. */
  constructor(rows: Iterable<Iterable<Uint8Array>>) {
    this.#pieces = joined(rows);
  }

  /** The next bytes, so many if there are; they begin with a line. */
  peek(count: number): Uint8Array {
    while (this.#end - this.#pos < count && this.#more());
    return this.#bytes.subarray(
      this.#pos,
      Math.min(this.#pos + count, this.#end),
    );
  }

  /** The next line without its end; `undefined` after the last one. */
  line(): Uint8Array | undefined {
    for (let from = this.#pos;;) {
      const at = this.#bytes.subarray(0, this.#end).indexOf(BYTE.newline, from);
      if (at >= 0) {
        return this.#bytes.subarray(this.#pos, at + 1 - ROW_SEPARATOR.length);
      }
      const seen = this.#end - this.#pos;
      if (!this.#more()) break;
      from = this.#pos + seen;
    }
    return this.#end > this.#pos
      ? this.#bytes.subarray(this.#pos, this.#end)
      : undefined;
  }

  /** Steps over bytes; whole lines with their ends. */
  skip(count: number): void {
    this.#pos = Math.min(this.#pos + count, this.#end);
  }

  /** Ends reading. */
  release(): void {
    this.#pieces.return?.();
  }

  #more(): boolean {
    const { done, value } = this.#pieces.next();
    if (done) return false;
    const length = this.#end - this.#pos;
    if (this.#end + value.length > this.#bytes.length) {
      const size = Math.max(this.#bytes.length, 2 * (length + value.length));
      const bytes = size > this.#bytes.length
        ? new Uint8Array(size)
        : this.#bytes;
      bytes.set(this.#bytes.subarray(this.#pos, this.#end));
      [this.#bytes, this.#pos, this.#end] = [bytes, 0, length];
    }
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
    return true;
  }
}

function* joined(
  rows: Iterable<Iterable<Uint8Array>>,
): Generator<Uint8Array> {
  let isFirst = true;
  for (const pieces of rows) {
    if (!isFirst) yield ROW_SEPARATOR;
    isFirst = false;
    yield* pieces;
  }
}

/**
 * Finds the lines that are not the same. It may also name some that both have.
 *
 * @param sides The lines of the two moments.
 * @param key The column that both are sorted by, if there is one.
 * @param checkpoint Called now and then with the lines done; throws to stop.
 */
export async function unequalLines(
  [before, after]: readonly [Lines, Lines],
  key: string | undefined,
  take: TakeLine,
  checkpoint: (rows: number) => Promise<void>,
): Promise<void> {
  const start = key === undefined
    ? undefined
    : new TextEncoder().encode(`{${JSON.stringify(key)}:`);
  let size = mostBytes;
  for (let steps = 0;; steps++) {
    if (steps % checkEvery === 0) await checkpoint(steps);
    const same = sameLength(before.peek(size), after.peek(size));
    if (same > 0) {
      before.skip(same);
      after.skip(same);
      size = Math.min(mostBytes, size * 2);
    } else if (size > fewestBytes) size >>= 2;
    else if (!stepOverOne(before, after, start, take)) return;
  }
}

/** How long the whole lines are that two pieces of equal bytes have; 0: not equal. */
function sameLength(a: Uint8Array, b: Uint8Array): number {
  return sameBytes(a, b) ? a.lastIndexOf(BYTE.newline) + 1 : 0;
}

// Lines of other keys than the other side's next one are only here.
function stepOverOne(
  before: Lines,
  after: Lines,
  start: Uint8Array | undefined,
  take: TakeLine,
): boolean {
  const [a, b] = [before.line(), after.line()];
  if (!a && !b) return false;
  const isSame = a && b && sameBytes(a, b);
  const order = a && b && start ? compareKeys(a, b, start) : 0;
  if (a && order <= 0) {
    if (!isSame) take(0, a);
    before.skip(a.length + ROW_SEPARATOR.length);
  }
  if (b && order >= 0) {
    if (!isSame) take(1, b);
    after.skip(b.length + ROW_SEPARATOR.length);
  }
  return true;
}

/** Below 0: the first key is less; 0 also if a key can't be told. */
function compareKeys(a: Uint8Array, b: Uint8Array, start: Uint8Array): number {
  const [first, second] = [keyIn(a, start), keyIn(b, start)];
  if (first === undefined || second === undefined) return 0;
  return first < second ? -1 : first > second ? 1 : 0;
}

function keyIn(line: Uint8Array, start: Uint8Array): bigint | undefined {
  if (!sameBytes(line.subarray(0, start.length), start)) return undefined;
  const text = new TextDecoder().decode(
    line.subarray(start.length, start.length + 21),
  );
  const digits = /^-?\d+(?=[,}])/.exec(text)?.[0];
  return digits === undefined ? undefined : BigInt(digits);
}
