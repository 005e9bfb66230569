/**
 * Random tables with random values, the same for the same seed.
 *
 * @module
 */

/** Gives whole numbers from 0 up to, but not including, `limit`. */
export type Random = (limit: number) => number;

/** The generator "mulberry32": small, and good enough to find faults with. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * limit);
  };
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)]!;
}

function list<T>(length: number, make: () => T): T[] {
  return Array.from({ length }, make);
}

function randomBits(random: Random): bigint {
  const halves = [random(2 ** 32), random(2 ** 32)].map(BigInt);
  return BigInt.asIntN(64, (halves[0]! << 32n) | halves[1]!);
}

function integerSql(random: Random): string {
  const n = randomBits(random) >> BigInt(random(64));
  return n === -(2n ** 63n) ? `(${n + 1n} - 1)` : `${n}`;
}

function realSql(random: Random): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigInt64(0, randomBits(random));
  const any = bits.getFloat64(0);
  if (!Number.isFinite(any)) return pick(random, ["9e999", "-9e999"]);
  const value = pick(random, [any, random(100), random(1000) / 10, 1 / any]);
  const digits = Number.isFinite(value) ? String(value) : "0.5";
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

const FRAGMENTS = ["00", "22", "5c", "0a", "61", "7f", "c3a9", "e282ac"]
  .concat(["efbbbf", "e280a8", "f09f9880", "efbfbf", "31", "2e"]);

function textSql(random: Random): string {
  const pieces = list(random(12), () => pick(random, FRAGMENTS));
  return `CAST(x'${pieces.join("")}' AS TEXT)`;
}

function bytesSql(random: Random): string {
  const bytes = Uint8Array.from(list(random(20), () => random(256)));
  return `x'${bytes.toHex()}'`;
}

const LOOKS = ["'1'", "'1.0'", "' 2'", "'1e2'", "'0x10'", "'null'", "'true'"];

/** A random value as SQL. */
function valueSql(random: Random): string {
  const makers = [
    () => "NULL",
    () => integerSql(random),
    () => realSql(random),
    () => textSql(random),
    () => bytesSql(random),
    () => `CAST(${bytesSql(random)} AS TEXT)`,
    () => pick(random, LOOKS),
  ];
  return pick(random, makers)();
}

const TYPES = ["", "INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", "VARCHAR(9)"];
const KEYS = ["id INTEGER PRIMARY KEY", "id TEXT PRIMARY KEY", "id"];

/** SQL that makes a random table `t` with so many rows. */
export function randomTable(random: Random, rows: number): string {
  const columns = list(1 + random(8), () => pick(random, TYPES))
    .map((type, i) => `c${i} ${type}`);
  const key = pick(random, KEYS);
  const lines = list(rows, () => columns.map(() => valueSql(random)))
    .map((cells, i) => `(${[i * 7 - 20, ...cells].join(", ")})`);
  return `CREATE TABLE t (${[key, ...columns].join(", ")}); ` +
    `INSERT INTO t VALUES ${lines.join(", ")}`;
}
