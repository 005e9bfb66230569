/**
 * Rows cell by cell: those that should be there and those that are, in their order or
 * without regard to it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { release } from "../database/bind.ts";
import {
  inUtf8,
  KIND_NAMES,
  type RawRow,
  readCells,
} from "../database/cells.ts";
import type { CellValue } from "../database/cells.ts";
import type { Table } from "../database/schema.ts";
import { identifier } from "../database/sql.ts";
import { createHash, sameBytes } from "../bytes.ts";

/** One row, with what is to be compared of it. */
export interface ComparedRow extends RawRow {
  /** A `1` for each column that counts. */
  mask?: string;
}

/** The first difference of two tables. */
export interface Difference {
  /** The number of the row, from 1. */
  row: number;
  /** What is different. */
  what: string;
}

/**
 * The rows of a table in the order in which they are stored, text as the bytes of
 * UTF-8 if it is valid.
 *
 * @param encoding The database's encoding.
 */
export function* storedRows(
  db: Database,
  table: Table,
  encoding: string,
): Generator<RawRow> {
  const columns = table.columns.map(({ name }) => name);
  // An index that has all the columns would give them in another order.
  const order = table.kind === "virtual" ? "" : " NOT INDEXED";
  const from = `main.${identifier(table.name)}${order}`;
  for (const row of readCells(db, columns, from)) {
    yield inUtf8(row, encoding);
  }
}

/**
 * Compares rows one to one, in their order.
 *
 * @param expected What should be there.
 * @param found What is there.
 * @param differenceOf Says what is different in a row.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 * @returns The number of rows, and the first difference if there is one.
 */
export async function compareInOrder<E, F>(
  expected: Iterable<E>,
  found: Iterable<F>,
  differenceOf: (expected: E, found: F) => string | undefined,
  checkpoint: (rows: number) => Promise<void>,
): Promise<{ rows: number; difference?: Difference }> {
  const others = found[Symbol.iterator]();
  let rows = 0;
  try {
    for (const row of expected) {
      rows++;
      const other = others.next();
      const what = other.done
        ? "it did not come back"
        : differenceOf(row, other.value);
      if (what) return { rows, difference: { row: rows, what } };
      if (rows % 1000 === 0) await checkpoint(rows);
    }
    if (others.next().done) return { rows };
    const what = "a row came back that was not there";
    return { rows, difference: { row: rows + 1, what } };
  } finally {
    others.return?.();
  }
}

/**
 * Says what is different in a row.
 *
 * @param names The columns' names.
 */
export function differenceOf(
  expected: ComparedRow,
  found: RawRow,
  names: string[],
): string | undefined {
  for (let i = 0; i < names.length; i++) {
    if (expected.mask?.[i] === "0") continue;
    const [was, is] = [
      KIND_NAMES[expected.kinds[i]!],
      KIND_NAMES[found.kinds[i]!],
    ];
    if (was !== is) return `column "${names[i]}" is ${was} and came back ${is}`;
    if (!sameValue(expected.values[i]!, found.values[i]!)) {
      return `column "${names[i]}" came back with another value`;
    }
  }
}

function sameValue(a: CellValue, b: CellValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return sameBytes(a, b);
  }
  return Object.is(a, b);
}

/**
 * Whether the same rows are in both, each as many times, in whatever order. Memory
 * stays flat: a checksum of each row is kept in a temporary table.
 *
 * @param db A database for the temporary table.
 * @param expected Reads the rows that should be there, from the first at each call.
 * @param found Reads the rows that are there, from the first at each call.
 * @returns The first row that should be there and is not.
 */
export function compareUnordered(
  db: Database,
  expected: () => Iterable<ComparedRow>,
  found: () => Iterable<RawRow>,
): Difference | undefined {
  const masks = new Set<string | undefined>();
  for (const { mask } of expected()) masks.add(mask);
  for (const mask of masks) {
    const missing = firstMissing(db, expected, found, mask);
    if (missing) {
      return { row: missing, what: "it came back with other values" };
    }
  }
}

function firstMissing(
  db: Database,
  expected: () => Iterable<ComparedRow>,
  found: () => Iterable<RawRow>,
  mask: string | undefined,
): number | undefined {
  db.exec(
    "CREATE TEMP TABLE soy_prints (print BLOB PRIMARY KEY, n INTEGER) " +
      "WITHOUT ROWID",
  );
  const add = db.prepare(
    "INSERT INTO temp.soy_prints VALUES (?, 1) " +
      "ON CONFLICT (print) DO UPDATE SET n = n + 1",
  );
  const take = db.prepare(
    "UPDATE temp.soy_prints SET n = n - 1 WHERE print = ? AND n > 0 RETURNING n",
  );
  try {
    for (const row of found()) add.run(fingerprint(row, mask));
    let number = 0;
    for (const row of expected()) {
      number++;
      if (row.mask !== mask) continue;
      if (!take.value(fingerprint(row, mask))) return number;
    }
  } finally {
    release(add);
    release(take);
    db.exec("DROP TABLE temp.soy_prints");
  }
}

/**
 * A checksum of the types and values of a row's cells.
 *
 * @param mask A `1` for each column that counts; all unless told.
 */
export function fingerprint(
  { kinds, values }: RawRow,
  mask?: string,
): Uint8Array {
  const hash = createHash("sha256");
  values.forEach((value, i) => {
    if (mask?.[i] === "0") return;
    const bytes = value instanceof Uint8Array ? value : undefined;
    const kind = kinds[i] === "x" ? "t" : kinds[i]!;
    const head = bytes ? `${kind}${bytes.length} ` : `${kind}${value} `;
    hash.update(head);
    if (bytes) hash.update(bytes);
  });
  return new Uint8Array(hash.digest());
}
