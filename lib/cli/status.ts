/**
 * The command `status`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { BackupEntry } from "../store/backups.ts";
import { utcSeconds } from "../store/names.ts";
import type { StatusReport } from "../store/status.ts";
import { ago, counted, fileSize, printable } from "../text.ts";
import { type Answer, defineCommand } from "./command.ts";
import { emptyWarning } from "./export.ts";
import { aligned } from "./terminal.ts";

/** Shows when the last backup was made, and all backups. */
export const statusCommand = defineCommand({
  name: "status",
  summary: "Show when the last backup was made, and all backups",
  details: "Changes are the entries of the activity log since the newest " +
    "backup. Only the beginning and the end of each file are read.",
  arguments: [],
  options: {},
  async run(_request, { installation, session }) {
    const { readStatus } = await import("../store/status.ts");
    return answer(await readStatus(installation, session), session.now());
  },
});

function answer(report: StatusReport, now: Date): Answer {
  const { last, listing, changes, emptied, faults } = report;
  return {
    exitCode: faults.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      last_backup: last ? utcSeconds(last) : null,
      database: report.hasDatabase,
      changes_since: changes ?? null,
      backups: listing.backups.map(({ name, size, date, checksum }) => ({
        name,
        bytes: size,
        date: utcSeconds(date!),
        checksum,
      })),
      strange: listing.strange,
      emptied,
      warnings: faults,
    },
    lines: [
      headline(report, now),
      ...fileLines(listing.backups),
      ...listing.strange.map(({ name, fault }) =>
        `Not counted: ${printable(name)}: ${printable(fault)}`
      ),
      ...changeLine(changes, last),
      ...missingLine(report),
    ],
    warnings: [
      ...emptied.map((table) => emptyWarning(table, listing.backups[0]?.name)),
      ...(last && listing.backups.length === 0
        ? ["WARNING: a backup was made, but its file is no longer in output/."]
        : []),
      ...faults.map((fault) => `Warning: ${fault}`),
    ],
  };
}

function headline({ last, listing }: StatusReport, now: Date): string {
  const files = listing.backups.length;
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

function missingLine({ hasDatabase, listing }: StatusReport): string[] {
  if (hasDatabase) return [];
  return listing.backups.length > 0
    ? ["No database found. Import a backup to recreate it."]
    : ["No database found."];
}

function changeLine(
  changes: number | undefined,
  last: Date | undefined,
): string[] {
  if (changes === undefined || !last) return [];
  if (changes === 0) return ["No changes since."];
  return [`${counted(changes, "change")} since.`];
}
