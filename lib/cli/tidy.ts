/**
 * The command `tidy`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { PackedMonth, TidyReport } from "../pack/tidy.ts";
import { counted, fileSize, printable } from "../text.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import { withSecond } from "./second.ts";
import { amount, flag } from "./options.ts";

/** Packs old backups, and thins them out if asked to. */
export const tidyCommand: Command = defineCommand({
  name: "tidy",
  summary: "Pack old backups into months that take little room",
  details:
    "The backups of the last seven days that have some stay as they are. Older " +
    "ones go into output/backups-YYYY-MM.tar.zst, each byte of them, from which " +
    "every command reads them; 'tar --zstd -xf' does, too. Nothing is removed " +
    "unless an option says what to keep: then only backups that one of these " +
    "options keeps stay, and in any case the newest one, the last one that was " +
    "verified, and one with more rows than all that stay.",
  arguments: [],
  options: {
    "dry-run": flag("say what would be done, and change nothing"),
    "keep-daily": amount("keep the newest backup of each of the last N days"),
    "keep-weekly": amount("keep the newest backup of each of the last N weeks"),
    "keep-monthly": amount(
      "keep the newest backup of each of the last N months",
    ),
    "keep-yearly": amount("keep the newest backup of each of the last N years"),
  },
  async run({ options }, { installation, session }) {
    const { tidy } = await import("../pack/tidy.ts");
    const dryRun = options["dry-run"];
    const keep = {
      daily: options["keep-daily"],
      weekly: options["keep-weekly"],
      monthly: options["keep-monthly"],
      yearly: options["keep-yearly"],
    };
    const report = await tidy(installation, session, { dryRun, keep });
    const said = answer(report, dryRun);
    return dryRun
      ? { ...said, json: { ...said.json, second_place: null } }
      : await withSecond(said, installation, session);
  },
});

function answer(report: TidyReport, dryRun: boolean): Answer {
  const { leftAlone } = report;
  const damaged = leftAlone.filter(({ damaged }) => damaged);
  const left = leftAlone.filter(({ damaged }) => !damaged);
  return {
    exitCode: damaged.length > 0 ? EXIT.incomplete : EXIT.done,
    json: jsonOf(report, dryRun),
    lines: [
      headline(report, dryRun),
      ...report.months.map((month) => `  ${monthLine(month)}`),
      ...removedLines(report, dryRun),
      ...report.protected.map(({ name, reason }) =>
        `Kept though no option keeps it: ${printable(name)}: ${reason}`
      ),
      ...left.map(leftLine),
      ...largeLines(report),
      ...sizeLines(report),
    ],
    warnings: damaged.map(leftLine),
  };
}

function jsonOf(
  { months, removed, leftAlone, bytesBefore, bytesAfter, ...rest }: TidyReport,
  dryRun: boolean,
): Record<string, unknown> {
  return {
    dry_run: dryRun,
    packs: months.map(({ name, backups, plainBytes, bytes }) => ({
      name,
      backups,
      plain_bytes: plainBytes,
      bytes: bytes ?? null,
    })),
    removed: removed.map(({ name }) => name),
    protected: rest.protected,
    left_alone: leftAlone.map(({ name, fault, damaged }) => ({
      name,
      reason: fault,
      damaged,
    })),
    bytes_before: bytesBefore,
    bytes_after: bytesAfter ?? null,
  };
}

function leftLine({ name, fault }: TidyReport["leftAlone"][number]): string {
  return `Left as it is: ${printable(name)}: ${printable(fault)}`;
}

function headline({ months }: TidyReport, dryRun: boolean): string {
  const backups = months.flatMap(({ backups }) => backups).length;
  const did = dryRun ? "Would pack" : "Packed";
  if (backups > 0) {
    return `${did} ${counted(backups, "backup")} into ` +
      `${counted(months.length, "month")}.`;
  }
  if (months.length > 0) {
    return `${dryRun ? "Would write" : "Wrote"} ` +
      `${counted(months.length, "packed month")} anew.`;
  }
  return "Nothing to pack: the last seven days with backups stay as they are.";
}

function monthLine(
  { name, backups, plainBytes, bytesBefore, bytes }: PackedMonth,
): string {
  const before = bytesBefore > 0 ? `${fileSize(bytesBefore)} packed` : "";
  const added = backups.length > 0
    ? `${counted(backups.length, "backup")} of ${fileSize(plainBytes)}`
    : "";
  const was = [before, added].filter(Boolean).join(" and ");
  if (bytes === undefined) return `${name}: ${was}`;
  if (bytes === 0) return `${name}: ${was}, gone now`;
  return `${name}: ${was}, now ${fileSize(bytes)}`;
}

function removedLines({ removed }: TidyReport, dryRun: boolean): string[] {
  if (removed.length === 0) return [];
  const names = removed.map(({ name }) => printable(name));
  const did = dryRun ? "Would remove" : "Removed";
  return [`${did} ${counted(removed.length, "backup")}: ${names.join(", ")}`];
}

// zstd looks back 134 MB, so that the day before is out of sight.
function largeLines({ large, months }: TidyReport): string[] {
  if (large === 0) return [];
  const days = months.flatMap(({ backups }) => backups).length;
  const bytes = months.reduce((sum, month) => sum + (month.bytes ?? 0), 0);
  const cost = bytes > 0
    ? `: a packed one takes about ${fileSize(Math.round(bytes / days))}`
    : "";
  return [
    `${
      counted(large, "backup")
    } of more than 134 MB: what it shares with the ` +
    `day before can't be used to make it smaller${cost}.`,
  ];
}

function sizeLines({ bytesBefore, bytesAfter }: TidyReport): string[] {
  if (bytesAfter === undefined || bytesAfter === bytesBefore) return [];
  return [
    `All backups: ${fileSize(bytesBefore)} before, ${
      fileSize(bytesAfter)
    } now.`,
  ];
}
