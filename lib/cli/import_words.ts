/**
 * What an import did, or would do, in words.
 *
 * @module
 */
import type { ImportOutcome } from "../import/import.ts";
import type { LeftOut, TableReport } from "../import/report.ts";
import { countedRows, inListedOrder } from "../soy/tables.ts";
import { counted, grouped, printable, quoted } from "../text.ts";
import { aligned } from "./terminal.ts";

/** How many refused rows are named. */
const namedRows = 20;

/** The first line. */
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

/** What else was done. */
export function noteLines(outcome: ImportOutcome, dryRun: boolean): string[] {
  const { createdDatabase, createdTables, skipped, snapshot } = outcome;
  const lines: string[] = [];
  const made = dryRun ? "would be made" : "was made";
  if (createdDatabase) lines.push(`The database ${made} anew.`);
  else if (createdTables.length > 0) {
    const names = createdTables.map((name) => printable(name));
    const what = dryRun ? "Tables that would be made" : "Tables made";
    lines.push(`${what} from the backup: ${names.join(", ")}.`);
  }
  if (skipped.length > 0) {
    const what = createdDatabase
      ? "Left to the application"
      : "Left as they are here";
    lines.push(`${what}: ${skipped.join(", ")}.`);
  }
  lines.push(...differenceLines(outcome, dryRun));
  if (snapshot) lines.push(`To go back: undo (from output/${snapshot}).`);
  return lines;
}

function differenceLines(
  { tables }: ImportOutcome,
  dryRun: boolean,
): string[] {
  const touched = tables.some(({ added, changed, removed }) =>
    added + changed + removed > 0
  );
  if (!touched) return ["Nothing was different."];
  const set = dryRun ? "would be set" : "were set";
  return tables.filter(({ newerLocally }) => newerLocally > 0)
    .map(({ name, newerLocally }) =>
      `${
        countedRows(name, newerLocally)
      } edited here since the backup ${set} ` +
      "back to it."
    );
}

interface Column {
  title: string;
  count: (table: TableReport) => number;
  /** Whether it is shown though all its numbers are 0. */
  always?: boolean;
}

const columns: Column[] = [
  { title: "new", count: ({ added }) => added, always: true },
  { title: "changed", count: ({ changed }) => changed, always: true },
  { title: "unchanged", count: ({ unchanged }) => unchanged, always: true },
  { title: "gave way", count: ({ replaced }) => replaced },
  { title: "removed", count: ({ removed }) => removed },
];

const previewColumns: Column[] = [
  { title: "only here", count: ({ localOnly }) => localOnly },
  { title: "newer here", count: ({ newerLocally }) => newerLocally },
];

/** The table of counts. */
export function countLines(
  { tables }: ImportOutcome,
  dryRun: boolean,
): string[] {
  const shown = tables.filter(({ rows, removed }) => rows + removed > 0);
  if (shown.length === 0) return [];
  const used = [...columns, ...(dryRun ? previewColumns : [])]
    .filter(({ count, always }) =>
      always || shown.some((table) => count(table) > 0)
    );
  return aligned([
    ["", ...used.map(({ title }) => title)],
    ...shown.map((table) => [
      printable(table.name, 40),
      ...used.map(({ count }) => grouped(count(table))),
    ]),
  ]);
}

/** A few rows by name, for a preview. */
export function exampleLines({ tables }: ImportOutcome): string[] {
  const lines = tables.flatMap(({ name, examples }) => {
    const { added, changed, gone } = examples;
    const kinds: [string, string[]][] = [
      ["new", added],
      ["changed", changed],
      ["would give way or go", gone],
    ];
    return [
      ...kinds
        .filter(([, names]) => names.length > 0)
        .map(([kind, names]) =>
          `${printable(name)}, ${kind}: ${names.join("; ")}`
        ),
    ];
  });
  return lines.length > 0 ? ["", "For example:", ...lines] : [];
}

/** What a person should know besides. */
export function warningLines(
  outcome: ImportOutcome,
  dryRun: boolean,
): string[] {
  const gaveWay = outcome.tables.filter(({ replaced }) => replaced > 0);
  return [
    ...outcome.leftOut.map(leftOutLine),
    ...refusedLines(outcome),
    ...gaveWay.map(({ name, replaced }) =>
      `${countedRows(name, replaced)} that ${
        replaced === 1 ? "was" : "were"
      } ` +
      `only here ${dryRun ? "would give" : "gave"} way to rows of the backup ` +
      "with the same key."
    ),
    ...outcome.orphaned.map(({ table, column, parent, rows }) =>
      `${countedRows(table, rows)} ${rows === 1 ? "refers" : "refer"} to ` +
      `${printable(parent)} that ${dryRun ? "would go" : "are gone"} ` +
      `(column ${quoted(column)}).`
    ),
    ...outcome.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function leftOutLine({ table, column, count, reason }: LeftOut): string {
  const what = column
    ? `column ${quoted(column)} of table ${quoted(table)}, ` +
      counted(count, "value")
    : `table ${quoted(table)}, ${counted(count, "row")}`;
  return `Left out: ${what}: ${reason}`;
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
      `The rows left out are in output/${rejected}; mend them there and import ` +
        "that with --force.",
    );
  }
  return lines;
}
