/**
 * The command `verify`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import { counted, grouped, printable } from "../text.ts";
import type { VerifyReport } from "../compare/verify.ts";
import type { Answer, Command } from "./command.ts";
import { aligned } from "./terminal.ts";

/** How many problems are named. */
const namedProblems = 20;

/** Proves that a backup restores. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "Prove that a backup restores, value by value",
  usage: "backup.ts verify [<path>] [--details] [--root DIR] [--json]",
  details:
    "Checks structure, counts and checksum, restores the backup into a " +
    "scratch\ndatabase, and compares every value and its type with the file. " +
    "Without a path it\ntakes the newest backup. Your database is not touched." +
    "\n\n  --details  say which tables were compared",
  options: ["details"],
  arguments: [0, 1],
  async run({ paths, details }, { installation, session }) {
    const { findBackup } = await import("../store/catalog.ts");
    const { verifyFile } = await import("../compare/verify.ts");
    const path = paths[0] === undefined
      ? undefined
      : findBackup(installation, paths[0]);
    return answer(await verifyFile(installation, path, session), details);
  },
};

function answer(report: VerifyReport, details: boolean): Answer {
  const { source, date, checksum, tables, problems, dangling } = report;
  const proved = problems.length === 0;
  const named = problems.slice(0, namedProblems);
  const more = problems.length - named.length;
  return {
    exitCode: proved ? EXIT.done : EXIT.failed,
    json: {
      source,
      date: date ?? null,
      proved,
      checksum,
      borrowed_schema: report.borrowedSchema,
      tables,
      problems,
      dangling,
    },
    lines: [verdict(report), ...(details ? detailLines(report) : [])],
    warnings: [
      ...named.map((problem) => `Problem: ${problem}`),
      ...(more > 0 ? [`and ${counted(more, "problem")} more`] : []),
    ],
  };
}

function verdict({ source, tables, problems }: VerifyReport): string {
  const name = printable(source);
  if (problems.length > 0) {
    return `NOT PROVED: ${name} does not restore to what it says.`;
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `Proved: ${name} restores. ${counted(tables.length, "table")}, ` +
    `${counted(rows, "row")}, every value the same.`;
}

function detailLines(report: VerifyReport): string[] {
  const { tables, checksum, borrowedSchema, dangling } = report;
  const lines = [
    checksum ? "The checksum holds." : "The file has no checksum.",
    ...(borrowedSchema
      ? ["The tables were made as they are in the database here."]
      : []),
    ...(dangling > 0
      ? [
        `${counted(dangling, "reference")} led nowhere in the database that ` +
        "was backed up, too.",
      ]
      : []),
  ];
  if (tables.length === 0) return lines;
  const rows = tables.map(({ name, rows }) => [printable(name), grouped(rows)]);
  return [...lines, "", ...aligned(rows)];
}
