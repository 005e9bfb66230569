/** FNV-1a, 32 bits: one text, one number. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/**
 * Repeatable pseudo-random choices (mulberry32); not fit for secrets.
 *
 * Each stream of a seed is independent, so that rows added to one table leave
 * those of the others as they are.
 */
export class Random {
  #state: number;

  /** Starts the named stream of the seed, an integer. */
  constructor(seed: number, stream = "") {
    this.#state = hash(`${seed}/${stream}`);
  }

  /** A number from 0 up to but not including 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(
      this.#state ^ (this.#state >>> 15),
      1 | this.#state,
    );
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** `true` with the given probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /**
   * One of the items.
   *
   * @throws {RangeError} where there are none.
   */
  pick<T>(items: readonly T[]): T {
    return at(items, Math.floor(this.next() * items.length));
  }

  /** Like `pick`, but earlier items come up more often than later ones. */
  pickEarly<T>(items: readonly T[]): T {
    return at(items, Math.floor(this.next() ** 2 * items.length));
  }

  /** Up to `count` different ones of the items. */
  sample<T>(items: readonly T[], count: number): T[] {
    const picked = new Set<T>();
    for (let i = 0; i < count; i++) picked.add(this.pick(items));
    return [...picked];
  }

  /** So many hexadecimal digits. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.int(0, 15).toString(16);
    return text;
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) {
    throw new RangeError(`Cannot pick item ${index}: there is none`);
  }
  return item;
}
