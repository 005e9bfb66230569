/**
 * The answer of `verify --all`.
 *
 * @module
 */
import type { VerifiedBackup } from "../compare/verify_all.ts";
import { EXIT } from "../errors.ts";
import type { VerifiedCopy, VerifiedPlace } from "../second/verify.ts";
import { utcSeconds } from "../store/names.ts";
import { counted, printable } from "../text.ts";
import type { Answer } from "./command.ts";
import { lackingJson, lackingLines } from "./proof.ts";

/** What is said of all backups, and of their copies if these were looked at, too. */
export function answerAll(
  backups: VerifiedBackup[],
  place: VerifiedPlace = { copies: [] },
): Answer {
  const failed = backups.filter(({ problem }) => problem !== undefined);
  const badCopies = place.copies.filter(isBad);
  const isWhole = backups.every(({ lacking }) => lacking.length === 0);
  const isLeftOut = place.fault !== undefined ||
    place.copies.some(({ locked }) => locked);
  const hasFailed = failed.length + badCopies.length > 0;
  const warnings = [
    ...new Set(backups.flatMap(({ warnings }) => warnings)),
    ...leftOut(place),
  ];
  return {
    exitCode: hasFailed
      ? EXIT.failed
      : isWhole && !isLeftOut
      ? EXIT.done
      : EXIT.incomplete,
    json: {
      proved: !hasFailed && !isLeftOut,
      backups: backups.map(jsonOf),
      copies: place.copies.map(copyJson),
      warnings,
    },
    lines: [verdict(backups.length, failed.length), ...copyLines(place.copies)],
    warnings: [
      ...failed.map(failedLine),
      ...badCopies.map(({ name, problem }) =>
        `FAILED: ${printable(name)}: ${printable(problem!)}`
      ),
      ...backups.flatMap(({ name, lacking }) =>
        lackingLines(lacking).map((line) => `${printable(name)}: ${line}`)
      ),
      ...warnings.map((warning) => `Warning: ${warning}`),
    ],
  };
}

function isBad({ problem, locked }: VerifiedCopy): boolean {
  return problem !== undefined && !locked;
}

// That nobody could look says nothing about a copy.
function leftOut({ copies, fault }: VerifiedPlace): string[] {
  const locked = copies.filter(({ locked }) => locked)
    .map(({ name }) => printable(name));
  return [
    ...fault ? [`the second place could not be verified: ${fault}`] : [],
    ...locked.length > 0
      ? [
        "not written by this installation, and no key that was given opens " +
        `them: ${locked.join(", ")}`,
      ]
      : [],
  ];
}

function copyJson({ name, problem, locked }: VerifiedCopy) {
  return {
    name,
    proved: problem === undefined,
    problem: problem ?? null,
    locked: locked ?? false,
  };
}

function jsonOf(
  { name, date, packed, problem, lacking }: VerifiedBackup,
): Record<string, unknown> {
  return {
    name,
    date: date ? utcSeconds(date) : null,
    packed: packed ?? null,
    proved: problem === undefined,
    problem: problem ?? null,
    lacking: lackingJson(lacking),
  };
}

function verdict(all: number, failed: number): string {
  if (failed === 0) {
    return all === 1
      ? "Verified: the only backup restores, every value matches."
      : `Verified: all ${counted(all, "backup")} restore, every value matches.`;
  }
  const others = failed < all ? " The others restore." : "";
  return `NOT VERIFIED: ${failed} of ${counted(all, "backup")}.${others}`;
}

function copyLines(copies: VerifiedCopy[]): string[] {
  const looked = copies.filter(({ locked }) => !locked);
  if (looked.length === 0) return [];
  const bad = looked.filter(isBad).length;
  const words = counted(looked.length, "copy", "copies");
  return [
    bad === 0
      ? `The second place: ${words}, each as it was written.`
      : `The second place: ${bad} of ${words} FAILED.`,
  ];
}

function failedLine({ name, packed, problem }: VerifiedBackup): string {
  const place = packed ? ` in ${packed}` : "";
  return `FAILED: ${printable(name)}${place}: ${printable(problem!)}`;
}
