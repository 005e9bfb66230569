/**
 * What a test restore found: problems, and what any restore would lack.
 *
 * @module
 */
import type { Lacking } from "../database/definitions.ts";
import { counted, printable, quoted } from "../text.ts";

/** How many problems are named. */
const namedProblems = 20;

/** A line for each of the first problems. */
export function problemLines(problems: string[]): string[] {
  const more = problems.length - namedProblems;
  return [
    ...problems.slice(0, namedProblems).map((one) => `Problem: ${one}`),
    ...(more > 0 ? [`and ${counted(more, "problem")} more`] : []),
  ];
}

/** One line for each definition that a restore could not create. */
export function lackingLines(lacking: Lacking[]): string[] {
  return lacking.map(({ object, reason }) =>
    `A restore would lack ${printable(object.type)} ${quoted(object.name)}: ` +
    reason
  );
}

/** The same for `--json`. */
export function lackingJson(lacking: Lacking[]): Record<string, string>[] {
  return lacking.map(({ object: { type, name, table }, reason }) => ({
    type,
    name,
    table,
    reason,
  }));
}
