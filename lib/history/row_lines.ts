/**
 * Which tables of two moments can be compared line by line: those whose rows an export
 * writes, or has written, in the same form. They need not be restored.
 *
 * @module
 */
import { countRows } from "../database/connection.ts";
import type { Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import { TableRows } from "../format/table_rows.ts";
import { Lines } from "./lines.ts";
import { type Moment, readableTables } from "./moment.ts";

/** A table of a moment whose rows can be read as lines. */
export interface LineTable {
  /** The statement that created it. */
  sql: string;
  /** The columns of a row in their order; `undefined`: there is no row. */
  columns: readonly string[] | undefined;
  rows: number;
  /** Reads the lines from the first on. */
  lines(): Lines;
}

/** Tables that can be compared line by line, by their folded names. */
export type LinePairs = ReadonlyMap<string, [LineTable, LineTable]>;

/** Finds the tables that can be compared line by line. */
export function linePairs(before: Moment, after: Moment): LinePairs {
  const others = lineTables(after);
  return new Map(
    [...lineTables(before)].flatMap(([name, a]) => {
      const b = others.get(name);
      return b && haveSameForm(a, b) ? [[name, [a, b]]] : [];
    }),
  );
}

function haveSameForm(a: LineTable, b: LineTable): boolean {
  if (a.sql !== b.sql) return false;
  if (!a.columns || !b.columns) return true;
  return a.columns.join("\0") === b.columns.join("\0");
}

function lineTables({ backup, now }: Moment): Map<string, LineTable> {
  const found = now
    ? readableTables(now).filter(({ kind }) => kind !== "virtual")
      .map((table) => [table.name, tableLines(now, table)] as const)
    : backup!.tables.flatMap((span) => {
      const lines = spanLines(backup!, span);
      return lines ? [[span.name, lines] as const] : [];
    });
  return new Map(found.map(([name, table]) => [foldName(name), table]));
}

function tableLines(db: TableRows["db"], table: Table): LineTable {
  const { name, sql, columns } = table;
  return {
    sql,
    columns: columns.map((column) => column.name),
    rows: countRows(db, name),
    lines: () => new Lines(piecesOf(new TableRows(db), table)),
  };
}

function* piecesOf(
  rows: TableRows,
  table: Table,
): Generator<Iterable<Uint8Array>> {
  for (const { pieces } of rows.read(table)) yield pieces;
}

function spanLines(backup: BackupFile, span: TableSpan): LineTable | undefined {
  const { rows, uniform } = span;
  const entry = backup.members.schema?.find(({ type, name }) =>
    type === "table" && foldName(name) === foldName(span.name)
  );
  if (!entry || (rows > 0 && !uniform)) return undefined;
  return {
    sql: entry.sql,
    columns: uniform?.columns,
    rows,
    lines: () => new Lines(rows > 0 ? batchesOf(backup, span) : []),
  };
}

function* batchesOf(
  backup: BackupFile,
  span: TableSpan,
): Generator<Iterable<Uint8Array>> {
  for (const batch of backup.batches(span)) {
    if ("json" in batch) yield [batch.json];
  }
}
