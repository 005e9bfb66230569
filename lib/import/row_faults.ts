/**
 * Why a row of a backup can't be imported, in words.
 *
 * @module
 */
import { BackupError, messageOf } from "../errors.ts";
import { rowPlace } from "../format/contents.ts";
import { faultOf } from "../faults.ts";
import { counted, printable } from "../text.ts";

// SQLite's messages, which are the same with both engines.
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
  [/datatype mismatch/, () => "its id is not a whole number"],
  [
    /cannot store (\w+) value in (\w+) column (.*)/,
    ([, value, type, what]) =>
      `${columnOf(what)} takes ${type} and has ${value}`,
  ],
  [
    /no such table: (.*)/,
    ([, what]) =>
      `a rule of the table needs ${printable(what!)}, which doesn't exist`,
  ],
];

function columnOf(what: string | undefined): string {
  return `column "${printable(what!.replace(/^.*?\./, ""))}"`;
}

/**
 * Says what SQLite means when it refuses a row.
 *
 * @param error What was thrown, or SQLite's message.
 */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  for (const [pattern, words] of reasons) {
    const found = pattern.exec(message);
    if (found) return words(found);
  }
  return faultOf(error) ?? printable(message);
}

/**
 * Whether an error means that the table refuses the row (by a rule, an index or a
 * generated column), and not that the disk, a lock or this program is at fault.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof BackupError) return true;
  if (error instanceof TypeError || error instanceof RangeError) return false;
  return !faultOf(error) || /too big/.test(messageOf(error));
}

/** A row that can't be imported. */
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

/**
 * The fault of a row with a NULL that SQLite itself would replace: by a new rowid,
 * or by the column's default.
 *
 * @param column The column's name.
 */
export function nullFault(
  table: string,
  row: number,
  column: string,
): RowFault {
  const refusal = `NOT NULL constraint failed: ${table}.${column}`;
  return new RowFault(table, row, reasonOf(refusal));
}

const mending = "fix it in a copy of the file and import that with --force";
const wayOut = `${mending}, or leave such rows out with --skip-invalid`;

/** How many of the refused rows a message names. */
const namedFaults = 20;

/**
 * One error for all rows that can't be imported.
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
    `${counted(faults.length, "row")} can't be imported; ${wayOut}:` +
      named.join(""),
  );
}

/**
 * The error for a row that no option can leave out, since the backup contradicts
 * itself or doesn't fit the database.
 *
 * @param row Its number in the backup, from 1.
 */
export function contradiction(
  table: string,
  row: number,
  reason: string,
): BackupError {
  return new BackupError(`${rowPlace(table, row)}: ${reason}; ${mending}`);
}
