/**
 * How the columns of a backup's rows match those of a table.
 *
 * @module
 */
import type { RawRow, Row } from "../../database/cells.ts";
import type { Table } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";

/** A row in the order of the table's columns. */
export interface MappedRow extends RawRow {
  /** A `1` for each column that the row has, a `0` for each that it lacks. */
  mask: string;
}

/** How rows with certain columns match a table. */
export interface Mapping {
  /** For each column of the table its index in the row; -1 if the row lacks it. */
  indexes: number[];
  /** A `1` for each column of the table that the rows have, else a `0`. */
  mask: string;
  /** Indexes in the row of columns that the table lacks. */
  unknown: number[];
}

/** Brings rows into the order of a table's columns. */
export class ColumnMapper {
  #mappings = new WeakMap<readonly string[], Mapping>();
  #unknown = new Map<string, number>();

  constructor(readonly table: Table) {}

  /** Columns that the table lacks, each with how many values were left out. */
  get unknownColumns(): ReadonlyMap<string, number> {
    return this.#unknown;
  }

  /**
   * Brings a row into the table's order.
   *
   * @throws {BackupError} if two of its columns are the same to SQLite, or the
   * table has none of them.
   */
  map(row: Row): MappedRow {
    const { indexes, mask, unknown } = this.mapping(row.columns);
    for (const i of unknown) {
      const name = row.columns[i]!;
      const values = row.kinds[i] === "n" ? 0 : 1;
      this.#unknown.set(name, (this.#unknown.get(name) ?? 0) + values);
    }
    return {
      kinds: indexes.map((i) => i < 0 ? "n" : row.kinds[i]!),
      values: indexes.map((i) => i < 0 ? null : row.values[i]!),
      mask,
    };
  }

  /**
   * How rows with these columns match the table.
   *
   * @throws {BackupError} as `map()` does.
   */
  mapping(columns: readonly string[]): Mapping {
    const known = this.#mappings.get(columns);
    if (known) return known;
    const mapping = mappingOf(this.table, columns);
    this.#mappings.set(columns, mapping);
    return mapping;
  }
}

function mappingOf(table: Table, columns: readonly string[]): Mapping {
  const byName = new Map(columns.map((name, i) => [foldName(name), i]));
  if (byName.size < columns.length) {
    throw new BackupError("it has a column twice");
  }
  const indexes = table.columns.map(({ name }) =>
    byName.get(foldName(name)) ?? -1
  );
  if (indexes.every((i) => i < 0)) {
    throw new BackupError("it has none of the table's columns");
  }
  // Old backups have generated columns; SQLite computes those again.
  const known = new Set([
    ...table.columns.map((column) => foldName(column.name)),
    ...table.generated.map(foldName),
  ]);
  const unknown = columns.flatMap((name, i) =>
    known.has(foldName(name)) ? [] : [i]
  );
  const mask = indexes.map((i) => i < 0 ? "0" : "1").join("");
  return { indexes, mask, unknown };
}

/** The indexes of the columns that a mask marks with a `1`, or with a `0`. */
export function marked(mask: string, digit: "0" | "1"): number[] {
  return [...mask].flatMap((mark, i) => mark === digit ? [i] : []);
}
