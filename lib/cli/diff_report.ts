/**
 * The lines and the JSON of `diff`.
 *
 * @module
 */
import type { Diff } from "../history/diff.ts";
import type { ColumnChange, RowChange } from "../history/leftovers.ts";
import type { Moment } from "../history/moment.ts";
import type { TableDiff } from "../history/table_diff.ts";
import { type Cell, cellJson, HIDDEN, shownChange } from "../history/values.ts";
import { localMinutes } from "../store/names.ts";
import { counted, grouped, OneByOne, printable } from "../text.ts";
import type { Line } from "./layout.ts";

/** The lines that say which tables have changed, and in how many rows. */
export function summaryLines(diff: Diff): Line[] {
  const { tables, unchanged } = diff;
  const same = counted(unchanged, "table");
  return [
    headline(diff),
    ...countLines(tables),
    ...tables.flatMap((table) => schemaLines(table, diff)),
    ...(tables.length > 0 && unchanged > 0
      ? [`${same} ${unchanged === 1 ? "is" : "are"} the same.`]
      : []),
  ];
}

function headline({ from, to, tables }: Diff): string {
  const span = to.date === undefined && from.date !== undefined
    ? `Since ${momentWords(from)}`
    : `From ${momentWords(from)} to ${momentWords(to)}`;
  if (tables.length === 0) return `${span} nothing has changed.`;
  const count = counted(tables.length, "table");
  return `${span} ${count} ${tables.length === 1 ? "has" : "have"} changed:`;
}

function momentWords({ name, date }: Pick<Moment, "name" | "date">): string {
  if (date === undefined) return printable(name);
  return `${printable(name)} (${localMinutes(new Date(date))})`;
}

function countLines(tables: TableDiff[]): Line[] {
  const shown = tables.filter(({ before, after }) =>
    before !== undefined && after !== undefined
  );
  if (shown.length === 0) return [];
  const rows = shown.map(({ name, counts, unchanged }) => [
    printable(name, 40),
    ...[counts.new, counts.changed, counts.gone, unchanged].map(grouped),
  ]);
  return [{ head: ["", "new", "changed", "gone", "unchanged"], rows }];
}

function schemaLines(
  { name, before, after, dropped, added }: TableDiff,
  { from, to }: Diff,
): string[] {
  const table = printable(name);
  const only = (what: string, where: Pick<Moment, "name">) =>
    `${what}: only in ${printable(where.name)}`;
  return [
    ...(after === undefined
      ? [`${only(table, from)}, with ${counted(before!, "row")}`]
      : []),
    ...(before === undefined
      ? [`${only(table, to)}, with ${counted(after!, "row")}`]
      : []),
    ...dropped.map((column) => only(`${table}.${printable(column)}`, from)),
    ...added.map((column) => only(`${table}.${printable(column)}`, to)),
  ];
}

/** The lines of each row that has changed. */
export function* detailLines({ tables }: Diff): Generator<string> {
  for (const table of tables) {
    let isFirst = true;
    for (const change of table.changes()) {
      if (isFirst) yield* ["", printable(table.name)];
      isFirst = false;
      yield `  ${change.state}: ${rowWords(table, change)}`;
      for (const column of change.columns) yield `    ${columnWords(column)}`;
    }
  }
}

function rowWords({ name }: TableDiff, { key, label }: RowChange): string {
  const typed = key === undefined ? undefined : `${printable(name)}:${key}`;
  if (label === undefined) return typed ?? "a row without a key";
  return typed === undefined ? label : `${label} (${typed})`;
}

/** What became of a column, in words. */
export function columnWords(
  { name, before, after, secret }: ColumnChange,
): string {
  const change = secret ? `changed ${HIDDEN}` : shownChange(before, after);
  return `${printable(name)}: ${change}`;
}

/** The tables for `--json`; their rows can be read as long as the diff can. */
export function tablesJson(
  { tables }: Diff,
  details: boolean,
): Record<string, unknown>[] {
  return tables.map((table) => {
    const { name, before, after, counts, unchanged, dropped, added } = table;
    return {
      name,
      before: before ?? null,
      after: after ?? null,
      ...counts,
      unchanged,
      columns_before: dropped,
      columns_after: added,
      ...(details ? { rows: new OneByOne(rowsJson(table)) } : {}),
    };
  });
}

function* rowsJson(table: TableDiff): Generator<Record<string, unknown>> {
  for (const { state, key, label, columns } of table.changes()) {
    yield {
      state,
      key: key ?? null,
      label: label ?? null,
      columns: columns.map(columnJson),
    };
  }
}

/** What became of a column, for `--json`. */
export function columnJson(
  { name, before, after, secret }: ColumnChange,
): Record<string, unknown> {
  return {
    name,
    before: secret ? HIDDEN : valueJson(before),
    after: secret ? HIDDEN : valueJson(after),
  };
}

// A BLOB is told by its size.
function valueJson(cell: Cell): unknown {
  return cell.kind === "b"
    ? { bytes: (cell.value as Uint8Array).length }
    : cellJson(cell);
}
