/**
 * The answer of `verify --all`.
 *
 * @module
 */
import type { VerifiedBackup } from "../compare/verify_all.ts";
import { EXIT } from "../errors.ts";
import { utcSeconds } from "../store/names.ts";
import { counted, printable } from "../text.ts";
import type { Answer } from "./command.ts";
import { lackingJson, lackingLines } from "./proof.ts";

/** What is said of all backups. */
export function answerAll(backups: VerifiedBackup[]): Answer {
  const failed = backups.filter(({ problem }) => problem !== undefined);
  const isWhole = backups.every(({ lacking }) => lacking.length === 0);
  const warnings = [...new Set(backups.flatMap(({ warnings }) => warnings))];
  return {
    exitCode: failed.length > 0
      ? EXIT.failed
      : isWhole
      ? EXIT.done
      : EXIT.incomplete,
    json: {
      proved: failed.length === 0,
      backups: backups.map(jsonOf),
      warnings,
    },
    lines: [verdict(backups.length, failed.length)],
    warnings: [
      ...failed.map(failedLine),
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

function failedLine({ name, packed, problem }: VerifiedBackup): string {
  const place = packed ? ` in ${packed}` : "";
  return `FAILED: ${printable(name)}${place}: ${printable(problem!)}`;
}
