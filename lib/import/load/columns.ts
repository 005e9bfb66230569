/**
 * How the columns of a backup's rows meet those of a table.
 *
 * @module
 */
import type { CellValue, Kind, Row } from "../../database/cells.ts";
import type { Table } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";

/** A row in the order of the table's columns. */
export interface MappedRow {
  kinds: Kind[];
  values: CellValue[];
  /** A `1` for each column that the row has, a `0` for each that it lacks. */
  mask: string;
}

/** How rows of these columns meet the table. */
export interface Mapping {
  columns: readonly string[];
  /** For each column of the table its place in the row; negative: none. */
  places: number[];
  mask: string;
  /** Places of columns that the table lacks. */
  strangers: number[];
}

/** Brings rows into the order of a table's columns. */
export class ColumnMapper {
  #last: Mapping | undefined;
  /** Columns that the table lacks, with the number of values that they held. */
  readonly leftBehind = new Map<string, number>();

  constructor(readonly table: Table) {}

  /**
   * Brings a row into the table's order.
   *
   * @throws {BackupError} where two of its columns are one to SQLite, or the
   * table has none of them.
   */
  map(row: Row): MappedRow {
    const { places, mask, strangers } = this.mapping(row.columns);
    for (const place of strangers) {
      const name = row.columns[place]!;
      const held = row.kinds[place] === "n" ? 0 : 1;
      this.leftBehind.set(name, (this.leftBehind.get(name) ?? 0) + held);
    }
    return {
      kinds: places.map((place) => place < 0 ? "n" : row.kinds[place]!),
      values: places.map((place) => place < 0 ? null : row.values[place]!),
      mask,
    };
  }

  /**
   * How rows of these columns meet the table.
   *
   * @throws {BackupError} as `map()` does.
   */
  mapping(columns: readonly string[]): Mapping {
    const last = this.#last;
    if (last?.columns === columns) return last;
    const same = last?.columns.length === columns.length &&
      last.columns.every((name, i) => name === columns[i]);
    if (last && same) return last;
    return this.#last = mappingOf(this.table, columns);
  }
}

function mappingOf(table: Table, columns: readonly string[]): Mapping {
  const byName = new Map(columns.map((name, i) => [foldName(name), i]));
  if (byName.size < columns.length) {
    throw new BackupError("a column comes twice");
  }
  const places = table.columns.map(({ name }) =>
    byName.get(foldName(name)) ?? -1
  );
  if (places.every((place) => place < 0)) {
    throw new BackupError("it has no column that the table has");
  }
  // Computed columns are in old backups; SQLite computes them again.
  const known = new Set([
    ...table.columns.map((column) => foldName(column.name)),
    ...table.generated.map(foldName),
  ]);
  const strangers = columns.flatMap((name, i) =>
    known.has(foldName(name)) ? [] : [i]
  );
  const mask = places.map((place) => place < 0 ? "0" : "1").join("");
  return { columns, places, mask, strangers };
}

/** The places that a mask marks with a `1`, or with a `0`. */
export function marked(mask: string, digit: "0" | "1"): number[] {
  return [...mask].flatMap((mark, i) => mark === digit ? [i] : []);
}
