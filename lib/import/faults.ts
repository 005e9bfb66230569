/**
 * Why a row cannot come in, in words.
 *
 * @module
 */
import { BackupError, messageOf } from "../errors.ts";
import { rowPlace } from "../format/contents.ts";
import { faultOf } from "../faults.ts";
import { counted, printable } from "../text.ts";

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

/**
 * Whether an error of putting one row in is the refusal of that row, by whatever
 * rule, index or computed column, and not a fault of the disk, a lock or ours.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof BackupError) return true;
  if (error instanceof TypeError || error instanceof RangeError) return false;
  return !faultOf(error) || /too big/.test(messageOf(error));
}

/** A row that cannot come in. */
export class RowFault extends BackupError {
  override name = "RowFault";

  /**
   * @param table Its table.
   * @param row Its number in the backup, from 1.
   * @param reason What is wrong with it.
   */
  constructor(
    readonly table: string,
    readonly row: number,
    readonly reason: string,
  ) {
    super(`${rowPlace(table, row)}: ${reason}; ${wayOut}`);
  }
}

const mending = "mend it in a copy of the file and import that with --force";
const wayOut = `${mending}, or leave such rows out with --skip-invalid`;

/** How many of the rows that cannot come in are named. */
const namedFaults = 20;

/**
 * One fault for all rows that cannot come in.
 *
 * @param faults At least one.
 */
export function allFaults(faults: RowFault[]): BackupError {
  if (faults.length === 1) return faults[0]!;
  const named = faults.slice(0, namedFaults).map(({ table, row, reason }) =>
    `\n  ${rowPlace(table, row)}: ${reason}`
  );
  const more = faults.length - named.length;
  if (more > 0) named.push(`\n  and ${counted(more, "row")} more`);
  return new BackupError(
    `${counted(faults.length, "row")} cannot come in; ${wayOut}:` +
      named.join(""),
  );
}

/**
 * The fault of a row that no option can leave out, since the backup contradicts
 * itself or the database there.
 */
export function contradiction(
  table: string,
  row: number,
  reason: string,
): BackupError {
  return new BackupError(`${rowPlace(table, row)}: ${reason}; ${mending}`);
}
