/**
 * The command `import`.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, join } from "@std/path";
import { EXIT } from "../errors.ts";
import type { Place } from "../output/place.ts";
import { importBackup } from "../restore/import.ts";
import type { ImportReport, LeftOut, TableReport } from "../restore/report.ts";
import { countedRows, inListedOrder } from "../soy/tables.ts";
import { counted, grouped, printable, quoted } from "../text.ts";
import type { Answer, Command } from "./command.ts";
import { aligned } from "./terminal.ts";

/** Puts a backup back. */
export const importCommand: Command = {
  name: "import",
  summary: "Put every row of a backup back",
  usage: "backup.ts import <path> [--force] [--root DIR] [--json] [--quiet]",
  details: "All of it goes in, or nothing. Rows that are only here stay, " +
    "unless they hold a\nkey that a row of the backup has. A name alone is " +
    "looked for in output/ too.\n\n" +
    "  --force  take a file that was edited by hand, though its checksum or " +
    "its\n           counts no longer hold",
  options: ["quiet", "force"],
  arguments: 1,
  async run({ paths, force }, { place, session }) {
    const path = found(paths[0]!, place);
    return answer(await importBackup(place, path, { force }, session));
  },
};

function found(path: string, place: Place): string {
  if (basename(path) !== path) return path;
  const listed = join(place.output, path);
  return existsSync(listed) ? listed : path;
}

function answer(report: ImportReport): Answer {
  const { leftOut } = report;
  return {
    exitCode: leftOut.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      source: report.source,
      date: report.date ?? null,
      created_database: report.createdDatabase,
      created_tables: report.createdTables,
      tables: report.tables,
      skipped: report.skipped,
      left_out: leftOut,
      dangling: report.dangling,
      warnings: report.warnings,
    },
    lines: [summary(report), ...notes(report), "", ...countLines(report)],
    warnings: warningLines(report),
  };
}

function summary({ tables }: ImportReport): string {
  const counts = inListedOrder(tables)
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => countedRows(name, rows));
  return counts.length > 0
    ? `Imported ${counts.join(", ")} from backup.`
    : "Imported nothing: the backup has no rows.";
}

function notes(report: ImportReport): string[] {
  const lines: string[] = [];
  if (report.createdDatabase) lines.push("The database was made anew.");
  else if (report.createdTables.length > 0) {
    const names = report.createdTables.map((name) => printable(name));
    lines.push(`Tables made from the backup: ${names.join(", ")}.`);
  }
  if (report.skipped.length > 0) {
    lines.push(`Left as they are here: ${report.skipped.join(", ")}.`);
  }
  return lines;
}

function countLines({ tables }: ImportReport): string[] {
  const filled = tables.filter(({ rows }) => rows > 0);
  if (filled.length === 0) return [];
  const replaced = filled.some((table) => table.replaced > 0);
  const head = ["", "new", "changed", "unchanged"];
  const cells = (table: TableReport) =>
    [table.added, table.changed, table.unchanged].map(grouped);
  return aligned([
    replaced ? [...head, "gave way"] : head,
    ...filled.map((table) => [
      printable(table.name, 40),
      ...cells(table),
      ...(replaced ? [grouped(table.replaced)] : []),
    ]),
  ]);
}

function warningLines(report: ImportReport): string[] {
  const gaveWay = report.tables.filter(({ replaced }) => replaced > 0);
  return [
    ...report.leftOut.map(leftOutLine),
    ...gaveWay.map(({ name, replaced }) =>
      `${countedRows(name, replaced)} that ${
        replaced === 1 ? "was" : "were"
      } ` +
      "only here gave way to rows of the backup with the same key."
    ),
    ...report.dangling.map(({ table, column, parent, rows }) =>
      `${countedRows(table, rows)} now refer to ${printable(parent)} that ` +
      `gave way (column ${quoted(column)}).`
    ),
    ...report.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function leftOutLine({ table, column, count, reason }: LeftOut): string {
  const what = column
    ? `column ${quoted(column)} of table ${quoted(table)}, ` +
      counted(count, "value")
    : `table ${quoted(table)}, ${counted(count, "row")}`;
  return `Left out: ${what}: ${reason}`;
}
