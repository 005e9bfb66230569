/**
 * Lines of text and tables, laid out for the width of a terminal.
 *
 * @module
 */

/** Rows of cells; the first column is aligned left, the others right. */
export interface Table {
  /** The titles of the columns, if they have any. */
  head?: string[];
  /** The cells of each row. */
  rows: string[][];
  /**
   * Which columns are aligned left. If they are told, the last columns are left out
   * where there is no room for them.
   */
  left?: readonly boolean[];
}

/** A line for other programs, too, which is never wrapped. */
export interface WholeLine {
  whole: string;
}

/** A line of an answer; one that is too long is wrapped. */
export type Line = string | Table | WholeLine;

/** Nothing is laid out for a terminal that is narrower, in characters. */
const narrowest = 20;

/**
 * Lays out a line.
 *
 * @param width How many characters the terminal has in a line; without one nothing is
 * wrapped.
 */
export function laidOut(line: Line, width: number | undefined): string[] {
  const columns = width === undefined || width < narrowest ? Infinity : width;
  if (typeof line === "string") return wrapText(line, columns);
  return "whole" in line ? [line.whole] : layTable(line, columns);
}

function layTable({ head, rows, left }: Table, width: number): string[] {
  const fits = (lines: string[]) =>
    lines.every((line) => lengthOf(line) <= width);
  const all = head ? [head, ...rows] : rows;
  const wide = aligned(all, left);
  if (fits(wide)) return wide;
  if (left) return firstColumns(all, left, fits);
  const narrow = head && aligned([...inTwoLines(head), ...rows]);
  if (narrow && fits(narrow)) return narrow;
  return rows.flatMap((row) =>
    head ? wrapText(asText(row, head), width) : wrapCells(row, width)
  );
}

/** As many columns as there is room for, with a mark that there are more. */
function firstColumns(
  rows: string[][],
  left: readonly boolean[],
  fits: (lines: string[]) => boolean,
): string[] {
  const first = (columns: number) =>
    aligned(rows.map((row) => [...row.slice(0, columns), "…"]), left);
  let columns = left.length - 1;
  while (columns > 1 && !fits(first(columns))) columns--;
  return first(columns);
}

/** Titles with their last words below. */
function inTwoLines(head: string[]): string[][] {
  const words = head.map((title) => title.split(" "));
  return [
    words.map((words) => words.slice(0, -1).join(" ")),
    words.map((words) => words.at(-1) ?? ""),
  ];
}

/** A row as text, as in `contacts: 3 new, 1 changed`: numbers that are not 0. */
function asText([first = "", ...cells]: string[], head: string[]): string {
  const words = cells
    .map((cell, i) => [cell, head[i + 1] ?? ""] as const)
    .filter(([cell]) => cell !== "" && cell !== "0")
    .map(([cell, title]) => `${cell} ${title}`.trim());
  return words.length > 0 ? `${first}: ${words.join(", ")}` : first;
}

/** A row as lines that end between two cells, if these are not too long. */
function wrapCells([first = "", ...cells]: string[], width: number): string[] {
  const start = /^ */.exec(first)![0];
  const words = cells.filter((cell) => cell !== "").map((cell) => ` ${cell}`);
  return wrapWords([first.trimStart(), ...words], start, `${start} `, width)
    .flatMap((line) => wrapText(line, width));
}

/**
 * Formats a table with aligned columns.
 *
 * @param left Which columns are aligned left; only the first unless told.
 * @returns One line a row.
 */
function aligned(
  rows: string[][],
  left: readonly boolean[] = [true],
): string[] {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => lengthOf(row[i]!)))
  );
  return rows.map((row) =>
    row.map((cell, i) => {
      const space = " ".repeat(widths[i]! - lengthOf(cell));
      return left[i] ? cell + space : space + cell;
    }).join("  ").trimEnd()
  );
}

/** A long line continues two characters further in than it begins. */
function wrapText(line: string, width: number): string[] {
  if (lengthOf(line) <= width) return [line];
  const start = /^ */.exec(line)![0];
  const words = line.slice(start.length).split(" ");
  return wrapWords(words, start, start + "  ", width);
}

/**
 * Lines of words, none broken.
 *
 * @param start What the first line begins with.
 * @param indent What the others begin with.
 * @param width How many characters a line has at most.
 */
export function wrapWords(
  words: string[],
  start: string,
  indent: string,
  width: number,
): string[] {
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line.trimEnd());
      [line, isEmpty] = [indent, true];
    }
    // Two spaces between cells are one space and an empty word.
    if (isEmpty && word === "") continue;
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** How many characters a text has; a pair of surrogates is one. */
function lengthOf(text: string): number {
  return [...text].length;
}
