/**
 * The lines and the JSON of `show`.
 *
 * @module
 */
import type { Overview } from "../history/overview.ts";
import type { Grid, ShownPage } from "../history/page.ts";
import type {
  RecordGroup,
  RecordNode,
  ShownRecord,
} from "../history/record_view.ts";
import {
  type Cell,
  cellJson,
  exactText,
  HIDDEN,
  shownValue,
} from "../history/values.ts";
import { recordName, type RecordRow } from "../record/row.ts";
import { localMinutes } from "../store/names.ts";
import { countedRows } from "../soy/tables.ts";
import { counted, grouped, printable } from "../text.ts";
import type { Line } from "./layout.ts";

/** In which form to answer, and to whom. */
export interface Form {
  csv: boolean;
  markdown: boolean;
  /** Whether the lines may reach a terminal. */
  isTerminal: boolean;
}

/** How long a value in a list may be, in characters. */
const cellWidth = 30;
/** How long a value of a record may be, in characters. */
const fieldWidth = 1000;

/** The tables of a moment, and their numbers of rows. */
export function tableLines(overview: Overview, form: Form): Line[] {
  const { tables } = overview;
  const rows = tables.map(({ name, rows }): Cell[] => [
    { kind: "t", value: new TextEncoder().encode(name) },
    { kind: "i", value: rows },
  ]);
  const plain = plainGrid({ columns: ["table", "rows"], rows }, form);
  if (plain) return plain;
  const filled = tables.filter(({ rows }) => rows > 0);
  const empty = tables.length - filled.length;
  const all = tables.reduce((sum, { rows }) => sum + rows, 0);
  return [
    `${momentWords(overview)} has ${counted(tables.length, "table")} with ` +
    `${counted(all, "row")}.`,
    {
      rows: filled.map(({ name, rows }) => [
        `  ${printable(name, 60)}`,
        grouped(rows),
      ]),
    },
    ...(empty > 0 ? [`${counted(empty, "table")} without rows.`] : []),
  ];
}

function momentWords(
  { name, date }: { name: string; date: string | undefined },
): string {
  if (date === undefined) return printable(name);
  return `${printable(name)} (${localMinutes(new Date(date))})`;
}

/** A page of rows. */
export function pageLines(
  shown: ShownPage,
  { page, limit }: { page: number; limit: number },
  form: Form,
): Line[] {
  const plain = plainGrid(shown, form);
  if (plain) return plain;
  const { moment, table, total, rows } = shown;
  const pages = Math.max(1, Math.ceil(total / limit));
  const has = `${momentWords(moment)} has ${countedRows(table, total)}`;
  if (page > pages) {
    const all = counted(pages, "page");
    return [`There is no page ${grouped(page)}: ${has} on ${all}.`];
  }
  const head = has +
    (pages > 1 ? `; page ${grouped(page)} of ${grouped(pages)}:` : ".");
  if (rows.length === 0) return [head];
  // A column without a value on the page says nothing.
  const used = shown.columns.keys().toArray().filter((i) =>
    rows.some((row) => row[i]?.kind !== "n")
  );
  const isNumeric = (i: number) =>
    rows.every((row) => /[inr]/.test(row[i]?.kind ?? "t"));
  return [head, {
    head: used.map((i) => printable(shown.columns[i]!, cellWidth)),
    rows: rows.map((row) => used.map((i) => shownCell(row[i], cellWidth))),
    left: used.map((i) => !isNumeric(i)),
  }];
}

function shownCell(cell: Cell | undefined, limit: number): string {
  return cell ? shownValue(cell, limit) : HIDDEN;
}

/** A record with its values and what belongs to it. */
export function recordLines(shown: ShownRecord, form: Form): Line[] {
  const { moment, node, values, parents } = shown;
  const plain = plainGrid(values, form);
  if (plain) return plain;
  const [row = []] = values.rows;
  const fields = values.columns.flatMap((name, i) =>
    row[i]?.kind === "n"
      ? []
      : [`  ${printable(name)}: ${shownCell(row[i], fieldWidth)}`]
  );
  return [
    `${recordWords(node.record)}, in ${momentWords(moment)}`,
    ...fields,
    ...parents.map((parent) => `Refers to ${recordWords(parent)}`),
    ...groupLines(node, ""),
  ];
}

function recordWords(record: RecordRow): string {
  const { label } = record;
  const name = recordName(record);
  return label === undefined ? name : `${label} (${name})`;
}

function groupLines({ groups }: RecordNode, indent: string): string[] {
  return groups.flatMap(({ table, count, nodes }) => {
    const more = count - nodes.length;
    return [
      `${indent}${countedRows(table, count)}`,
      ...nodes.flatMap((node) => [
        `${indent}  ${recordWords(node.record)}`,
        ...groupLines(node, `${indent}    `),
      ]),
      ...(more > 0 ? [`${indent}  and ${grouped(more)} more`] : []),
    ];
  });
}

/** A grid in CSV or Markdown, if that is asked for. */
function plainGrid(grid: Grid, form: Form): Line[] | undefined {
  const lines = form.csv
    ? csvLines(grid, form.isTerminal)
    : form.markdown
    ? markdownLines(grid)
    : undefined;
  return lines?.map((whole) => ({ whole }));
}

// Only a file or another program gets control characters as they are.
function csvLines({ columns, rows }: Grid, isTerminal: boolean): string[] {
  const safe = (text: string) => isTerminal ? printable(text, Infinity) : text;
  // An empty text is told from NULL by its quotes.
  const field = (text: string) =>
    text === "" || /[",\r\n]|^\s|\s$/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const textOf = (cell: Cell | undefined) =>
    cell?.kind === "n" ? "" : field(safe(cell ? exactText(cell) : HIDDEN));
  return [
    columns.map((name) => field(safe(name))).join(","),
    ...rows.map((row) => row.map(textOf).join(",")),
  ];
}

function markdownLines({ columns, rows }: Grid): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const safe = (text: string) =>
    text.replace(/[\\|`*_<>[\]&]/g, (character) => `\\${character}`);
  return [
    line(columns.map((name) => safe(printable(name)))),
    line(columns.map(() => "---")),
    ...rows.map((row) =>
      line(row.map((cell) => safe(shownCell(cell, Infinity))))
    ),
  ];
}

/** Rows for `--json`, by column. */
export function rowsJson({ columns, rows }: Grid): Record<string, unknown>[] {
  return rows.map((row) =>
    Object.fromEntries(
      row.map((cell, i) => [columns[i]!, cell ? cellJson(cell) : HIDDEN]),
    )
  );
}

/** What a record is named by, for `--json`. */
export function nameJson(
  { table, key, label }: RecordRow,
): Record<string, unknown> {
  return { table: table.name, key: key ?? null, label: label ?? null };
}

/** What belongs to a record, for `--json`. */
export function groupsJson(groups: RecordGroup[]): Record<string, unknown>[] {
  return groups.map(({ table, count, nodes }) => ({
    table,
    count,
    records: nodes.map(({ record, groups }) => ({
      ...nameJson(record),
      belongings: groupsJson(groups),
    })),
  }));
}
