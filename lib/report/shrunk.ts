/**
 * The section with the tables that had fewer rows in one backup than in the one before.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { localDay } from "../store/names.ts";
import { grouped, printable } from "../text.ts";
import type { Change, TableChange } from "./changes.ts";
import type { ReportFacts } from "./facts.ts";
import { type Html, markup, type Value } from "./markup.ts";
import { dataTable, dayCell } from "./tables.ts";

/** How many tables are shown. */
const shown = 20;

/** A table that had fewer rows than in the backup before. */
interface Shrunk extends TableChange {
  change: Change;
  /** Whether it lost all of its rows, or a fifth of them or more. */
  isLoss: boolean;
}

/** The tables that shrank. */
export function shrunkSection({ changes, days }: ReportFacts): Html {
  if (changes.length === 0) return markup``;
  const all = changes.flatMap(shrunkIn);
  const losses = all.filter(({ isLoss }) => isLoss);
  const others = all.filter(({ isLoss }) => !isLoss);
  const first = [...losses, ...others].slice(0, shown);
  const newest = days.at(-1)!.backup.counts();
  return markup`<section aria-labelledby="shrunk">
<h2 id="shrunk">Tables that shrank</h2>
<p>${summary(all.length, losses.length)}</p>
${first.length > 0 ? shrunkTable(first, all.length, newest) : undefined}
</section>`;
}

function shrunkIn(change: Change): Shrunk[] {
  const lost = new Set(change.losses.map(({ name }) => foldName(name)));
  return change.tables.filter(({ before, after }) => after < before)
    .map((table) => ({
      ...table,
      change,
      isLoss: lost.has(foldName(table.name)),
    }));
}

function summary(all: number, losses: number): string {
  if (all === 0) {
    return "No table ever had fewer rows in a backup than in the one before.";
  }
  return losses === 0
    ? "Some rows went, but no table lost a fifth of its rows or more at once."
    : "A table that loses all of its rows, or a fifth of them or more, from " +
      "one backup to the next is marked. If you didn't delete them, the " +
      "backup before has them.";
}

function shrunkTable(
  first: Shrunk[],
  all: number,
  newest: Map<string, bigint> | undefined,
): Html {
  const now = new Map(
    [...newest ?? []].map(([name, rows]) => [foldName(name), Number(rows)]),
  );
  const order = "large losses first, then the newest";
  return dataTable({
    caption: all > first.length
      ? `${first.length} of ${grouped(all)}, ${order}`
      : `All, ${order}`,
    head: [
      "Day",
      "Table",
      "Before",
      "After",
      "In the newest",
      "Last backup that has them",
    ],
    text: [1, 5],
    rows: first.map((table) => row(table, now)),
  });
}

function row(
  { change: { from, to }, name, before, after, isLoss }: Shrunk,
  now: Map<string, number>,
): Value[] {
  const marked = (text: string) =>
    isLoss ? markup`<strong>${text}</strong>` : text;
  return [
    dayCell(localDay(to.date!)),
    marked(printable(name, 100)),
    grouped(before),
    marked(grouped(after)),
    grouped(now.get(foldName(name)) ?? 0),
    from.name,
  ];
}
