/**
 * What is said of the second place.
 *
 * @module
 */
import { EXIT, InterruptedError } from "../errors.ts";
import type { SecondReport } from "../second/sync.ts";
import type { SecondStatus } from "../second/look.ts";
import type { Session } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import { utcSeconds } from "../store/names.ts";
import { ago, counted, printable } from "../text.ts";
import type { Answer } from "./command.ts";

/** How many files are named. */
const named = 3;

const interrupted =
  "Interrupted: the backups in output/ are done; the next run copies the rest " +
  "to the second place";

/**
 * Brings the second place up to date after a command that has changed the backups, and
 * adds to its answer what came of it: the backups here stand in any case.
 *
 * @throws {InterruptedError} if a signal asked to stop.
 */
export async function withSecond(
  answer: Answer,
  installation: Installation,
  session: Session,
): Promise<Answer> {
  const { bringUpToDate } = await import("../second/sync.ts");
  const report = await bringUpToDate(installation, session).catch((error) => {
    throw error instanceof InterruptedError
      ? new InterruptedError(interrupted)
      : error;
  });
  const json = { ...answer.json, second_place: report ? jsonOf(report) : null };
  if (!report) return { ...answer, json };
  const { copied, removed, fault } = report;
  const isFine = fault === undefined || answer.exitCode !== EXIT.done;
  return {
    ...answer,
    json,
    exitCode: isFine ? answer.exitCode : EXIT.incomplete,
    lines: [...answer.lines, ...doneLines(copied, removed)],
    warnings: [
      ...answer.warnings,
      ...fault === undefined
        ? []
        : [`Warning: the second place is not up to date: ${fault}`],
    ],
  };
}

function jsonOf({ copied, removed, fault }: SecondReport) {
  return { copied, removed, fault: fault ?? null };
}

function doneLines(copied: string[], removed: string[]): string[] {
  if (copied.length + removed.length === 0) return [];
  const went = removed.length > 0
    ? `, ${counted(removed.length, "copy", "copies")} removed that other ` +
      "copies there replace"
    : "";
  const made = copied.length === 1
    ? printable(copied[0]!)
    : counted(copied.length, "file");
  return [
    `Copied to the second place: ${copied.length ? made : "none"}${went}.`,
  ];
}

/** What `status` says of the second place. */
export function secondLines(
  status: SecondStatus | undefined,
  now: Date,
): string[] {
  if (!status) return [];
  const { path, fault, expected, missing, completeAt, unopened } = status;
  const last = fault || missing.length > 0 ? "last complete" : "complete";
  const since = completeAt ? `, ${last} ${ago(completeAt, now)}` : "";
  const place = `Second place (${printable(path)})`;
  // What to do about it is on standard error.
  if (fault) return [`${place}: ${fault.split("; ")[0]}${since}.`];
  const there = expected - missing.length;
  const key = unopened ? ", encrypted, never opened: they don't count yet" : "";
  return [
    `${place}: ${there} of ${counted(expected, "file")}${key}${since}.`,
  ];
}

/** What is wrong with the second place, for standard error. */
export function secondWarnings(status: SecondStatus | undefined): string[] {
  if (!status) return [];
  const { fault, missing, odd } = status;
  return [
    ...fault ? [`Warning: the second place can't be used: ${fault}`] : [],
    ...missing.length > 0
      ? [
        `Warning: the second place lacks ${listed(missing)}; the next backup ` +
        "brings it up to date",
      ]
      : [],
    ...odd.length > 0
      ? [
        "Warning: these files in the second place are no backups, but " +
        `conflicted or incomplete copies: ${listed(odd)}`,
      ]
      : [],
  ];
}

function listed(names: string[]): string {
  const shown = names.slice(0, named).map((name) => printable(name)).join(", ");
  const more = names.length - named;
  return more > 0 ? `${shown} and ${counted(more, "more file")}` : shown;
}

/** The second place in the answer of `status --json`. */
export function secondJson(
  status: SecondStatus | undefined,
): Record<string, unknown> | null {
  if (!status) return null;
  const { completeAt, fault, ...rest } = status;
  return {
    ...rest,
    fault: fault ?? null,
    complete: completeAt ? utcSeconds(completeAt) : null,
  };
}
