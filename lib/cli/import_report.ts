/**
 * The lines of an import: what it did, or would do.
 *
 * @module
 */
import { objectLines } from "./objects.ts";
import type { ImportOutcome } from "../import/import.ts";
import type { AlteredValues, LeftOut, TableReport } from "../import/report.ts";
import { conflictWords, countedRows, inListedOrder } from "../soy/tables.ts";
import { counted, grouped, printable, quoted } from "../text.ts";
import type { Line } from "./layout.ts";
import { shownPath } from "./terminal.ts";

/** How many refused rows are listed. */
const namedRows = 20;

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

/** `was replaced`, `were replaced` or `would be replaced`. */
function passive(participle: string, count: number, dryRun: boolean): string {
  const verb = dryRun ? "would be" : count === 1 ? "was" : "were";
  return `${verb} ${participle}`;
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

/** What was left out, and what a person should know besides. */
export function warningLines(
  outcome: ImportOutcome,
  dryRun: boolean,
): string[] {
  const displaced = outcome.tables.filter(({ replaced }) => replaced > 0);
  return [
    ...blockedLines(outcome),
    ...outcome.unfollowed.map(({ table, column, parent, rows }) =>
      `Left as it is: ${countedRows(table, rows)} with ${
        quoted(column)
      }, which may ` +
      `mean the old numbers of ${printable(parent)}`
    ),
    ...outcome.leftOut.map(leftOutLine),
    ...refusedLines(outcome),
    ...outcome.altered.map((values) => alteredLine(values, dryRun)),
    ...outcome.stale.map(({ table, reason }) =>
      `Out of date: full-text index ${quoted(table)}: ${reason}`
    ),
    ...outcome.realTexts.map(({ table, index }) =>
      `Index ${quoted(index)} of table ${quoted(table)} holds the text of ` +
      "numbers, which versions of SQLite write with different numbers of " +
      `digits: run REINDEX ${quoted(index)} with the application's SQLite`
    ),
    ...displaced.map(({ name, replaced }) =>
      `${countedRows(name, replaced)} ${
        passive("replaced", replaced, dryRun)
      } ` +
      `by ${replaced === 1 ? "a backup row" : "backup rows"} with the same key.`
    ),
    ...outcome.orphaned.map(({ table, column, parent, rows }) =>
      `${countedRows(table, rows)} ${rows === 1 ? "refers" : "refer"} to ` +
      `${printable(parent)} that ${dryRun ? "would be" : "are"} gone ` +
      `(column ${quoted(column)}).`
    ),
    ...outcome.warnings.map((warning) => `Warning: ${warning}`),
  ];
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

function blockedLines({ conflicts, isBlocked }: ImportOutcome): string[] {
  if (!isBlocked) return [];
  return [
    "An import would stop: local records have the numbers of other records in " +
    "the backup. Use --keep-both to give the local ones new numbers, or " +
    "--replace to let the backup's take their place.",
    ...inListedOrder(conflicts.map((one) => ({ name: one.table, ...one })))
      .map(({ name, count, examples }) => {
        const words = examples.filter(({ local }) => local)
          .map((conflict) => conflictWords(name, conflict));
        const shown = words.length > 0 ? `: ${words.join("; ")}` : "";
        return `${countedRows(name, count)}${shown}`;
      }),
  ];
}

function leftOutLine({ table, column, count, reason }: LeftOut): string {
  const what = column
    ? `column ${quoted(column)} of table ${quoted(table)}, ` +
      counted(count, "value")
    : `table ${quoted(table)}, ${counted(count, "row")}`;
  return `Left out: ${what}: ${reason}`;
}

function alteredLine(
  { table, column, count, reason, row, example }: AlteredValues,
  dryRun: boolean,
): string {
  const what =
    `${counted(count, "value")} of column ${quoted(column)}, table ` +
    `${quoted(table)}, ${passive("altered", count, dryRun)}, since ${reason}`;
  const became = dryRun ? "would become" : "became";
  const shown = example ? `: ${example.was} ${became} ${example.is}` : "";
  return `${what}; the first in row ${grouped(row)}${shown}`;
}

function refusedLines({ refused, rejected }: ImportOutcome): string[] {
  if (refused.length === 0) return [];
  const lines = refused.slice(0, namedRows).map(({ table, row, reason }) =>
    `Left out: table ${quoted(table)}, row ${grouped(row)}: ${reason}`
  );
  const more = refused.length - lines.length;
  if (more > 0) lines.push(`Left out: ${counted(more, "row")} more`);
  if (rejected) {
    lines.push(
      `The rows left out are in output/${rejected}; correct them there and ` +
        "import that file with --force.",
    );
  }
  return lines;
}
