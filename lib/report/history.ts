/**
 * The sections with what was from day to day: the calendar, the sizes, the changes.
 *
 * @module
 */
import { localDay } from "../store/names.ts";
import { counted, fileSize, grouped, printable } from "../text.ts";
import { calendar } from "./calendar.ts";
import type { Change } from "./changes.ts";
import {
  type Bar,
  barChart,
  GAP_DAYS,
  lineChart,
  type Point,
} from "./charts.ts";
import { dayAfter, daysFrom, dayWords } from "./dates.ts";
import type { Day, ReportFacts } from "./facts.ts";
import { Html, markup, type Value } from "./markup.ts";
import { type DataTable, dataTable, dayCell, foldedTable } from "./tables.ts";

/** How many months the calendar and the lines show. */
const shownMonths = 12;

/** How many days the bars show. */
const barDays = 60;

/** How many of the newest changes are described in words. */
const toldChanges = 14;

/** How many tables a description names. */
const toldTables = 4;

/** The calendar of the days with and without a backup. */
export function calendarSection(facts: ReportFacts): Html {
  const today = localDay(facts.made);
  const days = shown(facts.days, today);
  const first = days[0]?.day ?? today;
  const all = daysFrom(first, today).length;
  const older = facts.days.length - days.length;
  return markup`<section aria-labelledby="calendar">
<h2 id="calendar">Days with a backup</h2>
<p>${days.length} of ${counted(all, "day")} since ${dayWords(first)} have a
backup.${
    older > 0
      ? ` ${counted(older, "older day")} with a backup, from ${
        dayWords(facts.days[0]!.day)
      } on, are not shown.`
      : ""
  }</p>
${calendar(days, lossDays(facts), [first, today])}
</section>`;
}

// A year is as much as can be looked at; the first month is a whole one.
function shown(days: readonly Day[], today: string): Day[] {
  const [year, month] = today.split("-").map(Number);
  const first = localDay(new Date(year!, month! - shownMonths, 1));
  return days.filter(({ day }) => day >= first && day <= today);
}

function lossDays({ changes }: ReportFacts): Set<string> {
  return new Set(
    changes.filter(({ losses }) => losses.length > 0).map(dayOf),
  );
}

function dayOf({ to }: Change): string {
  return localDay(to.date!);
}

/** Size and rows over time. */
export function sizeSection(facts: ReportFacts): Html {
  const days = shown(facts.days, localDay(facts.made));
  if (days.length < 2) return markup``;
  const marked = [...lossDays(facts)];
  const sizes = days.map(({ day, bytes }) => ({ day, value: bytes }));
  const rows = days.flatMap(({ day, rows }) =>
    rows === undefined ? [] : [{ day, value: rows }]
  );
  return markup`<section aria-labelledby="size">
<h2 id="size">Size and rows</h2>
<div class="charts">
${figure("Size of a backup", sizes, marked, fileSize)}
${rows.length > 1 ? figure("Rows in it", rows, marked, shortCount) : undefined}
</div>
<ul class="legend"><li><span class="key hole"></span> ${GAP_DAYS} days or more without a backup</li><li><span class="key bar"></span> a table lost all of its rows, or a fifth of them or more</li></ul>
${
    foldedTable({
      caption: "size and rows of each day",
      head: ["Day", "Size", "Rows"],
      rows: days.toReversed().map(({ day, bytes, rows }) => [
        dayCell(day),
        fileSize(bytes),
        rows === undefined ? "not told" : grouped(rows),
      ]),
    })
  }
</section>`;
}

function figure(
  title: string,
  points: Point[],
  marked: string[],
  words: (value: number) => string,
): Html {
  const [first, last] = [points[0]!, points.at(-1)!];
  const summary = `${title}: ${words(first.value)} on ${dayWords(first.day)}, ${
    words(last.value)
  } on ${dayWords(last.day)}.`;
  return markup`<div><h3>${title}</h3>${
    lineChart({ summary, points, marked, words })
  }</div>`;
}

/** A number in little room, as in `12k`. */
function shortCount(value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)}M`;
  return value >= 1000 ? `${round(value / 1000)}k` : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What changed from each day to the next. */
export function changeSection(facts: ReportFacts): Html {
  if (facts.changes.length === 0) return markup``;
  const days = daysOfBars(facts);
  const changes = facts.changes.filter((change) => dayOf(change) >= days[0]!);
  const exact = facts.changes.filter(({ by }) => by === "rows").length;
  return markup`<section aria-labelledby="changes">
<h2 id="changes">What changed each day</h2>
<p>${basis(exact, facts.changes.length)} Small days are drawn larger than they
are beside large ones, so that both can be seen.</p>
${
    barChart(
      `Rows new, changed and gone on each day from ${dayWords(days[0]!)} to ${
        dayWords(days.at(-1)!)
      }; the table below has the numbers.`,
      days,
      changes.map(barOf),
      shortCount,
    )
  }
<ul class="legend"><li><span class="key new"></span> new</li><li><span class="key changed"></span> changed</li><li><span class="key gone"></span> gone</li><li><span class="key pale"></span> paler: by numbers of rows only</li></ul>
<h3>The newest changes</h3>
${
    dataTable(
      changeTable(
        "From one day with a backup to the next",
        facts.changes.slice(0, toldChanges),
      ),
    )
  }
${
    changes.length > toldChanges
      ? foldedTable(
        changeTable(`all changes since ${dayWords(days[0]!)}`, changes),
      )
      : undefined
  }
</section>`;
}

function daysOfBars({ made, days }: ReportFacts): string[] {
  const [today, last] = [localDay(made), days.at(-1)!.day];
  const end = last > today ? last : today;
  const start = dayAfter(end, 1 - barDays);
  const first = days[0]!.day;
  return daysFrom(start > first ? start : first, end);
}

function changeTable(caption: string, changes: readonly Change[]): DataTable {
  return {
    caption,
    head: ["Day", "New", "Changed", "Gone", "Where"],
    text: [4],
    rows: changes.map(changeRow),
  };
}

function basis(exact: number, all: number): string {
  const rest = "the others are counted by how many rows each table has, so " +
    "that a row that came hides one that went, and changed rows don't show.";
  if (exact === 0) {
    return "Days are counted by how many rows each table has, so that a row " +
      "that came hides one that went, and changed rows don't show.";
  }
  return exact === all
    ? "The backups were compared row by row."
    : `The newest ${counted(exact, "backup was", "backups were")} compared ` +
      `row by row; ${rest}`;
}

function barOf(change: Change): Bar {
  return {
    day: dayOf(change),
    new: total(change, "new"),
    changed: total(change, "changed"),
    gone: total(change, "gone"),
    pale: change.by !== "rows",
  };
}

function total(
  { tables }: Change,
  kind: "new" | "changed" | "gone",
): number {
  return tables.reduce((sum, table) => sum + (table[kind] ?? 0), 0);
}

function changeRow(change: Change): Value[] {
  const day = dayCell(dayOf(change));
  if (change.by === "unknown") return [day, "?", "?", "?", "not known"];
  const [added, changed, gone] = (["new", "changed", "gone"] as const)
    .map((kind) => grouped(total(change, kind)));
  return [
    day,
    added!,
    change.by === "rows" ? changed! : "?",
    gone!,
    tablesWords(change),
  ];
}

function tablesWords({ tables }: Change): string {
  if (tables.length === 0) return "nothing";
  const size = (table: (typeof tables)[number]) =>
    table.new + (table.changed ?? 0) + table.gone;
  const sorted = tables.toSorted((a, b) => size(b) - size(a));
  const more = sorted.length - toldTables;
  const names = sorted.slice(0, toldTables)
    .map((table) => `${printable(table.name, 60)} ${signs(table)}`);
  return names.join(", ") +
    (more > 0 ? ` and ${counted(more, "more table")}` : "");
}

function signs(table: Change["tables"][number]): string {
  const parts: [string, number | undefined][] = [
    ["+", table.new],
    ["~", table.changed],
    ["−", table.gone],
  ];
  return parts.filter(([, rows]) => rows)
    .map(([sign, rows]) => `${sign}${grouped(rows!)}`).join(" ");
}
