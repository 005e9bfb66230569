/**
 * What the rows of a backup are loaded into, and what looks at them on their way.
 *
 * @module
 */
import type { Row } from "../../database/cells.ts";
import type { MappedRow } from "./columns.ts";

/** What loaded rows go into. */
export interface RowTarget {
  /**
   * Takes one row.
   *
   * @param n Its number in the backup, from 1.
   * @throws {RowFault} if it breaks a rule of the table.
   */
  add(n: number, row: MappedRow): void;

  /**
   * The SQL that takes a batch of rows.
   *
   * @param cells SQL for each column's value; `NULL` if the rows lack it.
   * @param mask A `1` for each column that the rows have.
   * @param from What to select the cells from, in the order of the rows; `n` is a
   * row's number in the backup.
   */
  batchSql(cells: string[], mask: string, from: string): string;
}

/** What looks at rows as they are loaded. */
export interface RowWatch {
  /**
   * Looks at a row that the target has taken.
   *
   * @param n Its number in the backup, from 1.
   * @param row The row.
   * @param mapped The same, in the order of the table's columns.
   */
  check(n: number, row: Row, mapped: MappedRow): void;

  /**
   * SQL for whether a row need be looked at; `undefined` if each must be.
   *
   * @param columns The columns of the row.
   * @param cells SQL for the value of each of the table's columns.
   */
  questionSql(
    columns: readonly string[],
    cells: readonly string[],
  ): string | undefined;
}
