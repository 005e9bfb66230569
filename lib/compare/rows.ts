/**
 * Rows cell by cell: those of a backup, and those that a restore made of them.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  type CellValue,
  type Kind,
  type RawRow,
  readCells,
} from "../database/cells.ts";
import type { Table } from "../database/schema.ts";
import { identifier } from "../database/sql.ts";
import { sameBytes } from "../bytes.ts";

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
 * UTF-8 where it is valid.
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
    yield encoding === "UTF-8" ? row : inUtf8(row, encoding);
  }
}

function inUtf8({ kinds, values }: RawRow, encoding: string): RawRow {
  const options = { fatal: true, ignoreBOM: true };
  const decoder = new TextDecoder(encoding.toLowerCase(), options);
  const decoded = values.map((value, i) => {
    if (kinds[i] !== "t") return value;
    try {
      return new TextEncoder().encode(decoder.decode(value as Uint8Array));
    } catch {
      return value;
    }
  });
  return { kinds, values: decoded };
}

/**
 * Compares rows one to one, in their order.
 *
 * @param expected What should be there.
 * @param found What is there.
 * @param names The columns' names.
 * @param checkpoint Called now and then with the rows done; throws to stop.
 * @returns The number of rows, and the first difference where there is one.
 */
export async function compareInOrder(
  expected: Iterable<ComparedRow>,
  found: Iterable<RawRow>,
  names: string[],
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
        : differenceOf(row, other.value, names);
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

const kindNames: Record<Kind, string> = {
  n: "NULL",
  i: "INTEGER",
  r: "REAL",
  t: "TEXT",
  x: "TEXT",
  b: "BLOB",
};

function differenceOf(
  expected: ComparedRow,
  found: RawRow,
  names: string[],
): string | undefined {
  for (let i = 0; i < names.length; i++) {
    if (expected.mask?.[i] === "0") continue;
    const [was, is] = [
      kindNames[expected.kinds[i]!],
      kindNames[found.kinds[i]!],
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
