/**
 * The warnings of an import: what is not as a person may expect.
 *
 * @module
 */
import type { ImportOutcome } from "../import/import.ts";
import type { AlteredValues, LeftOut } from "../import/report.ts";
import { conflictWords, countedRows, inListedOrder } from "../soy/tables.ts";
import { counted, grouped, printable, quoted } from "../text.ts";

/** How many refused rows are listed. */
const namedRows = 20;

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

/** `was replaced`, `were replaced` or `would be replaced`. */
export function passive(
  participle: string,
  count: number,
  dryRun: boolean,
): string {
  const verb = dryRun ? "would be" : count === 1 ? "was" : "were";
  return `${verb} ${participle}`;
}
