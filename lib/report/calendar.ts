/**
 * A calendar of the days with and without a backup: a table for each month.
 *
 * @module
 */
import { counted, fileSize } from "../text.ts";
import {
  dayAfter,
  daysFrom,
  dayWords,
  monthWords,
  weekdayOf,
  WEEKDAYS,
} from "./dates.ts";
import type { BackupState, Day } from "./facts.ts";
import { Html, markup } from "./markup.ts";

/** What the colors and signs say, in the order of the legend. */
const legend: readonly [string, string, string][] = [
  ["verified", "12", "backup, verified"],
  ["unverified", "12", "backup, not verified"],
  ["unverified packed", "12", "packed by tidy (the line below)"],
  ["unverified loss", "12", "a table had lost rows"],
  ["failed", "12", "failed to verify, or never opened"],
  ["missing", "12", "no backup"],
];

const stateWords: Readonly<Record<BackupState, string>> = {
  verified: "backup, verified",
  unverified: "backup, not verified",
  failed: "backup that failed to verify",
  unopened: "encrypted backup that no key was shown to open",
};

/**
 * Draws the months from one day to another.
 *
 * @param days The days with a backup.
 * @param losses The days on which a table had lost rows.
 * @param first The first day that counts as missed if it has no backup.
 */
export function calendar(
  days: readonly Day[],
  losses: ReadonlySet<string>,
  [first, last]: readonly [string, string],
): Html {
  const byDay = new Map(days.map((day) => [day.day, day]));
  const cell = (day: string) => {
    const found = byDay.get(day);
    if (found) return dayCell(found, losses.has(day));
    return day < first || day > last ? outside(day) : missed(day);
  };
  const start = `${first.slice(0, 7)}-01`;
  const months = Map.groupBy(
    daysFrom(start, endOfMonth(last)),
    (day) => day.slice(0, 7),
  );
  return markup`<div class="months">${
    [...months.values()].map((days) => monthTable(days, cell))
  }</div>
<ul class="legend">${
    legend.map(([kind, number, words]) =>
      markup`<li><span class="day ${kind}" aria-hidden="true">${number}</span> ${words}</li>`
    )
  }</ul>`;
}

function endOfMonth(day: string): string {
  const next = dayAfter(`${day.slice(0, 7)}-28`, 4).slice(0, 7);
  return dayAfter(`${next}-01`, -1);
}

function monthTable(days: string[], cell: (day: string) => Html): Html {
  const blanks = Array.from<string>({ length: weekdayOf(days[0]!) }).fill("");
  const cells = [...blanks, ...days];
  const weeks = Array.from(
    { length: Math.ceil(cells.length / 7) },
    (_, i) => cells.slice(i * 7, i * 7 + 7),
  );
  return markup`
    <table class="month">
      <caption>${monthWords(days[0]!)}</caption>
      <thead>
        <tr>${
    WEEKDAYS.map((name) =>
      markup`<th scope="col"><abbr title="${name}">${name[0]}</abbr></th>`
    )
  }</tr>
      </thead>
      <tbody>${
    weeks.map((week) =>
      markup`<tr>${
        week.map((day) => day === "" ? markup`<td></td>` : cell(day))
      }</tr>`
    )
  }</tbody>
    </table>
  `;
}

function dayCell(
  { day, backup, state, bytes, count }: Day,
  hasLoss: boolean,
): Html {
  const isPacked = backup.form === "packed";
  const kind = state === "unopened" ? "failed" : state;
  const words = [
    stateWords[state],
    ...isPacked ? ["packed"] : [],
    ...hasLoss ? ["a table had lost rows"] : [],
    ...count > 1 ? [`${counted(count, "backup")} of the day`] : [],
  ].join(", ");
  return markup`
    <td class="day ${kind}${isPacked ? " packed" : ""}${hasLoss ? " loss" : ""}"
      title="${dayWords(day)}: ${words}, ${fileSize(bytes)}">${
    number(
      day,
    )
  }<span class="heard">: ${words}</span></td>
  `;
}

function missed(day: string): Html {
  return markup`
    <td class="day missing"
      title="${dayWords(day)}: no backup">${
    number(
      day,
    )
  }<span class="heard">: no backup</span></td>
  `;
}

function outside(day: string): Html {
  return markup`<td class="day">${number(day)}</td>`;
}

function number(day: string): number {
  return Number(day.slice(8));
}
