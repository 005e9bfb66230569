/**
 * The command `status`.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { EXIT } from "../errors.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { localMinutes, utcSeconds } from "../store/names.ts";
import type { Proofs } from "../store/proofs.ts";
import { type AgeLimits, type Concern, concernsIn } from "../store/concerns.ts";
import type { StatusReport } from "../store/status.ts";
import { countedRows, inListedOrder, MAIN_TABLES } from "../soy/tables.ts";
import type { TableCounts } from "../store/losses.ts";
import { ago, counted, fileSize, printable } from "../text.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import type { SecondStatus } from "../second/look.ts";
import type { Installation } from "../store/installation.ts";
import { secondJson, secondLines, secondWarnings } from "./second.ts";
import { concernWords, emptiedTables, lossWarnings } from "./concerns.ts";
import { duration } from "./options.ts";
import type { Line } from "./layout.ts";

/** How many tables with another number of rows are named. */
const namedChanges = 5;

/** Shows when the last backup was made, and all backups. */
export const statusCommand: Command = defineCommand({
  name: "status",
  alias: "list",
  summary: "Show when the last backup was made, and all backups",
  details: "Changes are the entries of the activity log since the newest " +
    "backup. Only the beginning and the end of each file are read.",
  arguments: [],
  options: {
    "max-age": duration(
      "exit with 4 if the newest backup is older, if there is none, or if data " +
        "was lost since",
    ),
    "max-unproved": duration(
      "exit with 4 if no backup was verified for longer, or if data was lost",
    ),
  },
  async run({ options }, { installation, session }) {
    const { readStatus } = await import("../store/status.ts");
    const report = await readStatus(installation, session);
    const limits = {
      maxAge: options["max-age"],
      maxUnproved: options["max-unproved"],
    };
    const now = session.now();
    const second = await secondPlace(installation);
    const concerns = concernsIn(report, second, limits, now);
    const said = withSecondPlace(answer(report, now), second, now);
    return watched(said, concerns, limits, now);
  },
});

function answer(report: StatusReport, now: Date): Answer {
  const { last, catalog, proofs, changes, losses, faults } = report;
  return {
    exitCode: faults.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      last_backup: utcOrNull(last),
      database: report.hasDatabase,
      changes_since: changes ?? null,
      backups: catalog.backups.map((entry) => ({
        name: entry.name,
        bytes: entry.size,
        date: utcSeconds(entry.date!),
        checksum: entry.sha256 !== undefined,
        encrypted: entry.encrypted ?? false,
        proved: utcOrNull(proofs.of(entry)),
        failed: utcOrNull(proofs.failureOf(entry)),
        packed: entry.form === "packed" ? basename(entry.path) : null,
        rows: Object.fromEntries(mainCounts(entry)),
      })),
      strange: catalog.unrecognized,
      copies: report.copies.readable.map(({ name, size, date, counts }) => ({
        name,
        bytes: size,
        date: utcSeconds(date),
        rows: Object.fromEntries(counts),
      })),
      strange_copies: report.copies.unreadable,
      emptied: emptiedTables(losses),
      losses,
      reference: report.reference ?? null,
      changed_counts: report.changedCounts,
      warnings: faults,
    },
    lines: [
      headline(report, now),
      ...fileLines(report, now),
      ...packLines(report),
      ...catalog.unrecognized.map(({ name, fault }) =>
        `Not counted: ${printable(name)}: ${printable(fault)}`
      ),
      ...copyLines(report),
      ...changeLines(report),
      ...missingLine(report),
    ],
    warnings: [
      ...lossWarnings(losses, report.reference),
      ...(last && catalog.backups.length === 0
        ? ["WARNING: a backup was made, but its file is no longer in output/."]
        : []),
      ...faults.map((fault) => `Warning: ${fault}`),
    ],
  };
}

// Most people have none; then nothing of it is loaded.
async function secondPlace(
  installation: Installation,
): Promise<SecondStatus | undefined> {
  try {
    Deno.lstatSync(join(installation.backups, "second-place"));
  } catch {
    return undefined;
  }
  const { lookAtSecond } = await import("../second/look.ts");
  return await lookAtSecond(installation);
}

function withSecondPlace(
  answer: Answer,
  second: SecondStatus | undefined,
  now: Date,
): Answer {
  return {
    ...answer,
    json: { ...answer.json, second_place: secondJson(second) },
    lines: [...answer.lines, ...secondLines(second, now)],
    warnings: [...answer.warnings, ...secondWarnings(second)],
  };
}

// For monitors: without limits of age there is nothing to exit with 4 for.
function watched(
  answer: Answer,
  concerns: Concern[],
  limits: AgeLimits,
  now: Date,
): Answer {
  const json = {
    ...answer.json,
    concerns: concerns.map(({ kind, since }) => ({
      kind,
      since: utcOrNull(since),
    })),
  };
  const isWatched = limits.maxAge !== undefined ||
    limits.maxUnproved !== undefined;
  if (!isWatched || concerns.length === 0) return { ...answer, json };
  // A loss has its own line already.
  const words = concerns.filter(({ kind }) => kind !== "loss")
    .map((concern) => `WARNING: ${concernWords(concern, now)}`);
  return {
    ...answer,
    json,
    exitCode: EXIT.unsafe,
    warnings: [...answer.warnings, ...words],
  };
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

function utcOrNull(date: Date | undefined): string | null {
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
function mainCounts({ counts }: BackupEntry): [string, number][] {
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
    .filter(({ name }) => name !== "activity_log")
    .map(({ name, before, now }) => {
      const difference = countedRows(name, Math.abs(now - before));
      return difference.replace(" ", now > before ? " more " : " fewer ");
    });
  if (words.length === 0) return [];
  const more = words.length - namedChanges;
  const shown = words.slice(0, namedChanges).join(", ");
  return [
    `Since the newest backup: ${shown}` +
    `${more > 0 ? ` and ${counted(more, "more table")}` : ""}.`,
  ];
}
