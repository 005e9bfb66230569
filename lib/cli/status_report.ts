/**
 * The lines of `status`.
 *
 * @module
 */
import { basename } from "@std/path";
import type { BackupEntry } from "../store/catalog.ts";
import type { TableCounts } from "../store/losses.ts";
import { localMinutes, utcSeconds } from "../store/names.ts";
import type { Proofs } from "../store/proofs.ts";
import type { StatusReport } from "../store/status.ts";
import {
  countedRows,
  inListedOrder,
  LOG_TABLE,
  MAIN_TABLES,
} from "../soy/tables.ts";
import { ago, counted, fileSize, printable } from "../text.ts";
import { lossWarnings } from "./concerns.ts";
import type { Line } from "./layout.ts";

/** How many tables with another number of rows are named. */
const namedChanges = 5;

/** What is said of the backups. */
export function statusLines(report: StatusReport, now: Date): Line[] {
  return [
    headline(report, now),
    ...fileLines(report, now),
    ...packLines(report),
    ...report.catalog.unrecognized.map(({ name, fault }) =>
      `Not counted: ${printable(name)}: ${printable(fault)}`
    ),
    ...copyLines(report),
    ...changeLines(report),
    ...missingLine(report),
  ];
}

/** What is wrong. */
export function statusWarnings(report: StatusReport): string[] {
  const { last, catalog, losses, reference, faults } = report;
  return [
    ...lossWarnings(losses, reference),
    ...(last && catalog.backups.length === 0
      ? ["WARNING: a backup was made, but its file is no longer in output/."]
      : []),
    ...faults.map((fault) => `Warning: ${fault}`),
  ];
}

function headline({ last, catalog }: StatusReport, now: Date): string {
  const all = catalog.backups.length;
  if (!last && all === 0) return "No backups yet. Run /backup to make one.";
  const when = last ? ago(last, now) : "unknown";
  const packed = catalog.backups.filter(isPacked).length;
  const files = counted(all - packed, "backup file") +
    (packed > 0 ? ` and ${counted(packed, "packed backup")}` : "");
  return `Last backup: ${when}. ${files} found.`;
}

/** A moment for `--json`. */
export function utcOrNull(date: Date | undefined): string | null {
  return date ? utcSeconds(date) : null;
}

function isPacked({ form }: BackupEntry): boolean {
  return form === "packed";
}

/** A line for each packed month: a year of days would be too many. */
function packLines({ catalog, proofs }: StatusReport): string[] {
  const packs = Map.groupBy(
    catalog.backups.filter(isPacked),
    ({ path }) => path,
  );
  return [...packs].map(([path, backups]) => {
    const failed = backups.filter((backup) => proofs.failureOf(backup)).length;
    const verified = backups.filter((backup) => proofs.of(backup)).length;
    return `  ${basename(path)}  ${fileSize(Deno.statSync(path).size)}  ` +
      `${counted(backups.length, "backup")} packed, ${verified} verified` +
      (failed > 0 ? `, ${failed} FAILED to verify` : "");
  });
}

function fileLines({ catalog, proofs }: StatusReport, now: Date): Line[] {
  const plain = catalog.backups.filter((entry) => !isPacked(entry));
  if (plain.length === 0) return [];
  const rows = plain.map((entry) => [
    `  ${printable(entry.name)}`,
    fileSize(entry.size),
    localMinutes(entry.date!),
    proofWords(entry, proofs, now),
    countWords(mainCounts(entry)),
  ]);
  return [{ rows }];
}

function proofWords(entry: BackupEntry, proofs: Proofs, now: Date): string {
  if (entry.unopened) return "encrypted, never opened";
  const words = resultWords(entry, proofs, now);
  return entry.encrypted ? `encrypted, ${words}` : words;
}

function resultWords(entry: BackupEntry, proofs: Proofs, now: Date): string {
  const [proved, failed] = [proofs.of(entry), proofs.failureOf(entry)];
  if (proved) return `verified ${ago(proved, now)}`;
  if (failed) return `FAILED to verify ${ago(failed, now)}`;
  return entry.sha256 ? "not verified" : "no checksum, not verified";
}

/** How many rows a backup has of the tables that matter most to a person. */
export function mainCounts({ counts }: BackupEntry): [string, number][] {
  const rows = counts();
  return MAIN_TABLES.flatMap((name): [string, number][] => {
    const count = rows?.get(name);
    return count === undefined ? [] : [[name, Number(count)]];
  });
}

function copyLines(
  { copies: { readable, unreadable } }: StatusReport,
): Line[] {
  if (readable.length + unreadable.length === 0) return [];
  const rows = readable.map(({ name, size, date, counts }) => [
    `  ${printable(name)}`,
    fileSize(size),
    localMinutes(date),
    countWords(counts),
  ]);
  return [
    "Copies made by Software of You (import takes them too):",
    { rows },
    ...unreadable.map(({ name, fault }) =>
      `  ${printable(name)}: ${printable(fault)}`
    ),
  ];
}

function countWords(counts: Iterable<[string, number]>): string {
  return [...counts].map(([name, rows]) => countedRows(name, rows)).join(", ");
}

function missingLine({ hasDatabase, catalog }: StatusReport): string[] {
  if (hasDatabase) return [];
  return catalog.backups.length > 0
    ? ["No database found. Import a backup to recreate it."]
    : ["No database found."];
}

function changeLines(
  { changes, changedCounts, last }: StatusReport,
): string[] {
  if (!last) return [];
  const counts = countLine(changedCounts);
  if (changes === undefined) return counts;
  // Not every change is logged.
  if (changes === 0) return counts.length > 0 ? counts : ["No changes since."];
  return [`${counted(changes, "change")} since.`, ...counts];
}

function countLine(changed: readonly TableCounts[]): string[] {
  const words = inListedOrder([...changed])
    .filter(({ name }) => name !== LOG_TABLE)
    .map(({ name, before, now }) => {
      const difference = countedRows(name, Math.abs(now - before));
      return difference.replace(" ", now > before ? " more " : " fewer ");
    });
  if (words.length === 0) return [];
  const more = words.length - namedChanges;
  const shown = words.slice(0, namedChanges).join(", ");
  return [
    `Since the newest backup: ${shown}` +
    `${more > 0 ? ` and changes in ${counted(more, "more table")}` : ""}.`,
  ];
}
