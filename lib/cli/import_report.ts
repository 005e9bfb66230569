/**
 * The lines of an import: what it did, or would do.
 *
 * @module
 */
import type { ImportOutcome } from "../import/import.ts";
import type { TableReport } from "../import/report.ts";
import { countedRows, inListedOrder } from "../soy/tables.ts";
import { counted, grouped, printable } from "../text.ts";
import { passive } from "./import_warnings.ts";
import type { Line } from "./layout.ts";
import { objectLines } from "./objects.ts";
import { shownPath } from "./terminal.ts";

/** The first line: what was imported, or would be. */
export function summaryLine(outcome: ImportOutcome, dryRun: boolean): string {
  const counts = inListedOrder(outcome.tables)
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => countedRows(name, rows));
  const [did, nothing] = dryRun
    ? ["An import would bring", "An import would bring nothing."]
    : ["Imported", "Imported nothing."];
  return counts.length > 0
    ? `${did} ${counts.join(", ")} from backup.`
    : nothing;
}

/** What else was done, or would be. */
export function noteLines(outcome: ImportOutcome, dryRun: boolean): string[] {
  const { createdDatabase, createdTables, skipped, snapshot } = outcome;
  const lines = asideLines(outcome, dryRun);
  const created = dryRun ? "An import would create" : "Created";
  if (createdDatabase) lines.push(`${created} a new database from the backup.`);
  else if (createdTables.length > 0) {
    const names = createdTables.map((name) => printable(name));
    const what = counted(names.length, "table");
    lines.push(`${created} ${what} from the backup: ${names.join(", ")}.`);
  }
  lines.push(...objectLines(outcome, dryRun));
  if (skipped.length > 0) {
    const what = createdDatabase
      ? "Not in the new database, since the application generates them"
      : "Not changed by an import";
    lines.push(`${what}: ${skipped.join(", ")}.`);
  }
  lines.push(...differenceLines(outcome, dryRun));
  lines.push(...decidedLines(outcome, dryRun));
  if (snapshot) lines.push(`To go back: undo (from output/${snapshot}).`);
  return lines;
}

function asideLines(
  { movedAside }: ImportOutcome,
  dryRun: boolean,
): string[] {
  if (movedAside === undefined) return [];
  const keeps = dryRun ? "An import would keep" : "Kept";
  return [`${keeps} the damaged database as ${shownPath(movedAside)}.`];
}

function differenceLines(
  outcome: ImportOutcome,
  dryRun: boolean,
): string[] {
  const { tables, refused, records } = outcome;
  const kept = keptLines(outcome, dryRun);
  const differs = tables.some(({ added, changed, removed }) =>
    added + changed + removed > 0
  );
  if (!differs) {
    const nothing = dryRun ? "Nothing would change" : "Nothing changed";
    return [
      refused.length > 0
        ? `${nothing}, apart from the rows left out.`
        : kept.length > 0
        ? `${nothing}, apart from the rows that stay as they are.`
        : records
        ? `${nothing}: the database has these records as they are in it.`
        : `${nothing}: the database already matches this backup.`,
      ...kept,
    ];
  }
  return [
    ...kept,
    ...tables.filter(({ newerLocally }) => newerLocally > 0)
      .map(({ name, newerLocally }) =>
        `${countedRows(name, newerLocally)} edited since the backup ` +
        `${passive("set", newerLocally, dryRun)} back to it.`
      ),
  ];
}

function keptLines(
  { tables }: ImportOutcome,
  dryRun: boolean,
): string[] {
  return inListedOrder(tables).filter(({ keptNewer }) => keptNewer > 0)
    .map(({ name, keptNewer, examples: { kept } }) => {
      const more = keptNewer - kept.length;
      const names = kept.length === 0
        ? ""
        : `: ${kept.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
      const stay = dryRun ? "would stay" : keptNewer === 1 ? "stays" : "stay";
      return `${
        countedRows(name, keptNewer)
      } edited since the backup ${stay} ` +
        `as ${keptNewer === 1 ? "it is" : "they are"}${names}.`;
    });
}

/** A column of the table of counts. */
interface Column {
  title: string;
  count: (table: TableReport) => number;
  /** Whether it is shown even if all its numbers are 0. */
  always?: boolean;
}

const columns: Column[] = [
  { title: "new", count: ({ added }) => added, always: true },
  { title: "changed", count: ({ changed }) => changed, always: true },
  { title: "unchanged", count: ({ unchanged }) => unchanged, always: true },
  { title: "replaced", count: ({ replaced }) => replaced },
  { title: "removed", count: ({ removed }) => removed },
];

const previewColumns: Column[] = [
  { title: "not in backup", count: ({ localOnly }) => localOnly },
  { title: "edited since", count: ({ newerLocally }) => newerLocally },
];

/**
 * The table of counts: of the tables that change, unless all are asked for.
 *
 * @param all Whether to show the others, too.
 */
export function countLines(
  { tables }: ImportOutcome,
  dryRun: boolean,
  all: boolean,
): Line[] {
  const filled = tables.filter(({ rows, removed }) => rows + removed > 0);
  const shown = all ? filled : filled.filter(isChanged);
  const rest = filled.length - shown.length;
  const used = [...columns, ...(dryRun ? previewColumns : [])]
    .filter(({ count, always }) =>
      always || shown.some((table) => count(table) > 0)
    );
  const head = ["", ...used.map(({ title }) => title)];
  const rows = shown.map((table) => [
    printable(table.name, 40),
    ...used.map(({ count }) => grouped(count(table))),
  ]);
  if (rows.length === 0) return [];
  return ["", { head, rows }, ...restLines(rest, dryRun)];
}

function isChanged({ added, changed, replaced, removed }: TableReport) {
  return added + changed + replaced + removed > 0;
}

function restLines(rest: number, dryRun: boolean): string[] {
  if (rest === 0) return [];
  const tables = counted(rest, "more table");
  const nothing = dryRun ? "nothing would change" : "nothing changed";
  return [`In ${tables} ${nothing} (--details lists them).`];
}

/** How many records of a table are listed. */
const namedRecords = 20;

/** A preview's records, if single ones are imported. */
export function recordLines({ records = [] }: ImportOutcome): string[] {
  const byTable = Map.groupBy(records, ({ table }) => table);
  return [...byTable].flatMap(([table, some]) => {
    const shown = some.slice(0, namedRecords).map(({ key, label }) => {
      const name = key === undefined ? undefined : `${printable(table)}:${key}`;
      if (label === undefined) return `  ${name ?? "a row without a key"}`;
      return `  ${label}${name === undefined ? "" : ` (${name})`}`;
    });
    const more = some.length - shown.length;
    return [
      "",
      `${countedRows(table, some.length)}:`,
      ...shown,
      ...(more > 0 ? [`  and ${counted(more, "more row")}`] : []),
    ];
  });
}

/** A preview's examples: a few rows by name. */
export function exampleLines({ tables, records }: ImportOutcome): string[] {
  // They have been listed.
  if (records) return [];
  const lines = inListedOrder(tables).flatMap(({ name, examples }) => {
    const { added, changed, gone } = examples;
    const kinds: [string, string[]][] = [
      ["new", added],
      ["changed", changed],
      ["would be replaced or removed", gone],
    ];
    return kinds
      .filter(([, names]) => names.length > 0)
      .map(([kind, names]) =>
        `${printable(name)}, ${kind}: ${names.join("; ")}`
      );
  });
  return lines.length > 0 ? ["", "For example:", ...lines] : [];
}

// What a person has decided on is told in one line, and no name needed any more.
function decidedLines(
  { conflicts, isBlocked }: ImportOutcome,
  dryRun: boolean,
): string[] {
  if (isBlocked || conflicts.length === 0) return [];
  const counts = inListedOrder(
    conflicts.map(({ table, count }) => ({ name: table, count })),
  ).map(({ name, count }) => countedRows(name, count));
  const done = conflicts[0]!.kept
    ? dryRun ? "would get new numbers" : "got new numbers"
    : dryRun
    ? "would be replaced"
    : "were replaced";
  return [
    `Local records that ${done}, since the backup has others under theirs: ` +
    `${counts.join(", ")}.`,
  ];
}
