/**
 * What was copied to the second place: a small file in the folder of the backups. An
 * encrypted copy does not tell of what it is one.
 *
 * @module
 */
import { join } from "@std/path";
import { isDate } from "../format/members.ts";
import { replaceText } from "../store/files.ts";
import { utcSeconds } from "../store/names.ts";
import { isCopyName, type Print } from "./place.ts";

/** The name of the file. */
const LEDGER_NAME = ".backup-second-place.json";

/** A copy in the second place. */
export interface Copy {
  /** What it is a copy of. */
  source: Print;
  /** The copy itself; another one if it is encrypted. */
  copy: Print;
  /** The SHA-256 of all its bytes, in hexadecimal digits. */
  sha256: string;
  /** The names of the backups in it if it is a packed month. */
  days?: string[];
}

/** All copies, and when the second place was last complete. */
export interface Ledger {
  /** The copies by their names in the second place. */
  copies: Map<string, Copy>;
  completeAt: Date | undefined;
  /** Whether it was on another disk than the backups are. */
  elsewhere: boolean;
}

/** Reads the ledger; an empty one if it is missing or damaged. */
export function readLedger(folder: string): Ledger {
  try {
    const path = join(folder, LEDGER_NAME);
    // Opening what is no file, such as a pipe, could wait forever.
    if (!Deno.statSync(path).isFile) throw new Deno.errors.NotFound();
    const { copies, complete, elsewhere } = JSON.parse(
      Deno.readTextFileSync(path),
    );
    return {
      copies: new Map(
        Object.entries(copies as Record<string, Copy>)
          .filter(([name, copy]) => isCopyName(name) && isCopy(copy)),
      ),
      completeAt: isDate(complete) ? new Date(complete) : undefined,
      elsewhere: elsewhere === true,
    };
  } catch {
    return { copies: new Map(), completeAt: undefined, elsewhere: false };
  }
}

// Someone may have edited the file; what is not known is copied anew.
function isCopy(copy: Copy | null): boolean {
  const days = copy?.days;
  return isPrint(copy?.source) && isPrint(copy?.copy) &&
    typeof copy?.sha256 === "string" &&
    (days === undefined || Array.isArray(days));
}

function isPrint(print: Print | null | undefined): boolean {
  return typeof print?.size === "number" && typeof print.tail === "string";
}

/**
 * Writes the ledger.
 *
 * @throws {Error} if the disk does not take it.
 */
export function writeLedger(
  folder: string,
  { copies, completeAt, elsewhere }: Ledger,
): void {
  const text = JSON.stringify(
    {
      complete: completeAt ? utcSeconds(completeAt) : null,
      elsewhere,
      copies: Object.fromEntries(copies),
    },
    undefined,
    1,
  );
  replaceText(folder, LEDGER_NAME, text + "\n");
}
