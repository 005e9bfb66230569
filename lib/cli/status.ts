/**
 * The command `status`.
 *
 * @module
 */
import { basename } from "@std/path";
import { EXIT } from "../errors.ts";
import { utcSeconds } from "../store/names.ts";
import { type AgeLimits, type Concern, concernsIn } from "../store/concerns.ts";
import type { StatusReport } from "../store/status.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import type { SecondStatus } from "../second/look.ts";
import { hasSecondPlace, type Installation } from "../store/installation.ts";
import { secondJson, secondLines, secondWarnings } from "./second.ts";
import { concernWords, emptiedTables } from "./concerns.ts";
import { duration } from "./options.ts";
import {
  mainCounts,
  statusLines,
  statusWarnings,
  utcOrNull,
} from "./status_report.ts";

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
  return {
    exitCode: report.faults.length > 0 ? EXIT.incomplete : EXIT.done,
    json: jsonOf(report),
    lines: statusLines(report, now),
    warnings: statusWarnings(report),
  };
}

function jsonOf(report: StatusReport): Record<string, unknown> {
  const { last, catalog, proofs, changes, losses, faults } = report;
  return {
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
  };
}

// Most people have none; then nothing of it is loaded.
async function secondPlace(
  installation: Installation,
): Promise<SecondStatus | undefined> {
  if (!hasSecondPlace(installation)) return undefined;
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
