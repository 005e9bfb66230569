/**
 * Why a row cannot come in, in words.
 *
 * @module
 */
import { BackupError, messageOf } from "../errors.ts";
import { rowPlace } from "../format/inspect.ts";
import { faultOf } from "../io_errors.ts";
import { printable } from "../text.ts";

const reasons: [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /NOT NULL constraint failed: (.*)/,
    ([, what]) => `${columnOf(what)} is empty and must not be (NOT NULL)`,
  ],
  [
    /CHECK constraint failed: (.*)/s,
    ([, rule]) => `it breaks the rule CHECK ${printable(rule!)}`,
  ],
  [
    /UNIQUE constraint failed: (.*)/,
    ([, what]) => `another row of the backup has the same ${printable(what!)}`,
  ],
  [/datatype mismatch/, () => "its id is no whole number"],
  [
    /cannot store (\w+) value in (\w+) column (.*)/,
    ([, value, type, what]) =>
      `${columnOf(what)} takes ${type} and has ${value}`,
  ],
  [
    /no such table: (.*)/,
    ([, what]) =>
      `a rule of the table needs ${printable(what!)}, which is not there`,
  ],
];

function columnOf(what: string | undefined): string {
  return `column "${printable(what!.replace(/^.*?\./, ""))}"`;
}

/** What SQLite's refusal of a row means. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  for (const [pattern, words] of reasons) {
    const found = pattern.exec(message);
    if (found) return words(found);
  }
  return faultOf(error) ?? printable(message);
}

/** Whether an error is the refusal of a row, and not of the disk or a lock. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof BackupError) return true;
  return /constraint failed|datatype mismatch|cannot store|too big/.test(
    messageOf(error),
  );
}

/**
 * The fault of a row.
 *
 * @param table Its table.
 * @param row Its number in the backup, from 1.
 * @param reason What is wrong with it.
 */
export function rowFault(
  table: string,
  row: number,
  reason: string,
): BackupError {
  return new BackupError(
    `${rowPlace(table, row)}: ${reason}; mend the row in a copy of the file ` +
      "and import that with --force",
  );
}
