/**
 * The command `status`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { utcSeconds } from "../store/names.ts";
import type { StatusReport } from "../store/status.ts";
import { ago, counted, fileSize, printable } from "../text.ts";
import type { Answer, Command } from "./command.ts";
import { emptyWarning } from "./export.ts";
import { aligned } from "./terminal.ts";

/** Says when the last backup was and which there are. */
export const statusCommand: Command = {
  name: "status",
  summary: "Say when the last backup was and which backups there are",
  usage: "backup.ts status [--root DIR] [--json]",
  details: "Changes are the entries of the activity log since the newest " +
    "backup. Of each\nfile only the beginning and the end are read.",
  options: [],
  arguments: [0, 0],
  async run(_request, { installation, session }) {
    const { readStatus } = await import("../store/status.ts");
    return answer(await readStatus(installation, session), session.now());
  },
};

function answer(report: StatusReport, now: Date): Answer {
  const { last, catalog, changes, losses, faults } = report;
  const emptied = losses.filter(({ now }) => now === 0)
    .map(({ name, before }) => ({ name, rows: before }));
  return {
    exitCode: faults.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      last_backup: last ? utcSeconds(last) : null,
      database: report.hasDatabase,
      changes_since: changes ?? null,
      backups: catalog.backups.map(({ name, size, date, checksum }) => ({
        name,
        bytes: size,
        date: utcSeconds(date!),
        checksum,
      })),
      strange: catalog.unrecognized,
      emptied,
      warnings: faults,
    },
    lines: [
      headline(report, now),
      ...fileLines(catalog.backups),
      ...catalog.unrecognized.map(({ name, fault }) =>
        `Not counted: ${printable(name)}: ${printable(fault)}`
      ),
      ...changeLine(changes, last),
      ...missingLine(report),
    ],
    warnings: [
      ...emptied.map((table) => emptyWarning(table, report.reference)),
      ...(last && catalog.backups.length === 0
        ? ["WARNING: there was a backup, and its file is no longer in output/."]
        : []),
      ...faults.map((fault) => `Warning: ${fault}`),
    ],
  };
}

function headline({ last, catalog }: StatusReport, now: Date): string {
  const files = catalog.backups.length;
  if (!last && files === 0) return "No backups yet. Run /backup to make one.";
  const when = last ? ago(last, now) : "unknown";
  return `Last backup: ${when}. ${counted(files, "backup file")} found.`;
}

function fileLines(backups: BackupEntry[]): string[] {
  if (backups.length === 0) return [];
  return aligned(backups.map(({ name, size, date, checksum }) => [
    `  ${printable(name)}`,
    fileSize(size),
    localMinutes(date!),
    checksum ? "with checksum" : "no checksum",
  ]));
}

function localMinutes(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace("T", " ");
}

function missingLine({ hasDatabase, catalog }: StatusReport): string[] {
  if (hasDatabase) return [];
  return catalog.backups.length > 0
    ? ["There is no database here; import makes it anew from a backup."]
    : ["There is no database here yet."];
}

function changeLine(
  changes: number | undefined,
  last: Date | undefined,
): string[] {
  if (changes === undefined || !last) return [];
  if (changes === 0) return ["No changes since."];
  return [`${counted(changes, "change")} since.`];
}
