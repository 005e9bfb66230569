/**
 * Tables of the page.
 *
 * @module
 */
import { shortDay } from "./dates.ts";
import { Html, markup, type Value } from "./markup.ts";

/** A table with a title for each column. */
export interface DataTable {
  caption: string;
  head: readonly string[];
  /** The first cell of each row is its heading. */
  rows: readonly (readonly Value[])[];
  /** The numbers of the columns of text besides the first; others have numbers. */
  text?: readonly number[];
}

/** Draws a table; if it is too wide or long it scrolls, with the keyboard, too. */
export function dataTable(table: DataTable): Html {
  return markup`
    <div class="wide" role="group" tabindex="0"
      aria-label="${table.caption}">${drawTable(table)}</div>
  `;
}

function drawTable({ caption, head, rows, text = [] }: DataTable): Html {
  const kind = (i: number) => i === 0 || text.includes(i) ? "text" : "number";
  return markup`
    <table class="data">
      <caption>${caption}</caption>
      <thead>
        <tr>${
    head.map((title, i) =>
      markup`<th scope="col" class="${kind(i)}">${title}</th>`
    )
  }</tr>
      </thead>
      <tbody>${
    rows.map((row) =>
      markup`
          <tr>${
        row.map((cell, i) =>
          i === 0
            ? markup`<th scope="row" class="text">${cell}</th>`
            : markup`<td class="${kind(i)}">${cell}</td>`
        )
      }</tr>
        `
    )
  }</tbody>
    </table>
  `;
}

/** A day in a table; if there is little room, its year has a line of its own. */
export function dayCell(day: string): Html {
  return markup`<span class="date">${shortDay(day)}</span> ${day.slice(0, 4)}`;
}

/** A table that is opened by a click, and scrolls if it is long. */
export function foldedTable(table: DataTable): Html {
  return markup`<details><summary>Table: ${table.caption}</summary>
${dataTable(table)}</details>`;
}
