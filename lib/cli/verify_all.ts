/**
 * The answer of `verify --all`.
 *
 * @module
 */
import type { VerifiedBackup } from "../compare/verify_all.ts";
import { EXIT } from "../errors.ts";
import type { VerifiedCopy } from "../second/verify.ts";
import { utcSeconds } from "../store/names.ts";
import { counted, printable } from "../text.ts";
import type { Answer } from "./command.ts";
import { lackingJson, lackingLines } from "./proof.ts";

/** What is said of all backups. */
export function answerAll(
  backups: VerifiedBackup[],
  copies: VerifiedCopy[],
): Answer {
  const failed = backups.filter(({ problem }) => problem !== undefined);
  const badCopies = copies.filter(({ problem }) => problem !== undefined);
  const isWhole = backups.every(({ lacking }) => lacking.length === 0);
  const warnings = [...new Set(backups.flatMap(({ warnings }) => warnings))];
  return {
    exitCode: failed.length + badCopies.length > 0
      ? EXIT.failed
      : isWhole
      ? EXIT.done
      : EXIT.incomplete,
    json: {
      proved: failed.length + badCopies.length === 0,
      backups: backups.map(jsonOf),
      copies: copies.map(({ name, problem }) => ({
        name,
        proved: problem === undefined,
        problem: problem ?? null,
      })),
      warnings,
    },
    lines: [
      verdict(backups.length, failed.length),
      ...copyLines(copies.length, badCopies.length),
    ],
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

function copyLines(all: number, bad: number): string[] {
  if (all === 0) return [];
  const copies = counted(all, "copy", "copies");
  return [
    bad === 0
      ? `The second place: ${copies}, each as it was written.`
      : `The second place: ${bad} of ${copies} FAILED.`,
  ];
}

function failedLine({ name, packed, problem }: VerifiedBackup): string {
  const place = packed ? ` in ${packed}` : "";
  return `FAILED: ${printable(name)}${place}: ${printable(problem!)}`;
}
