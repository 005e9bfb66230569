/**
 * Which backups were verified, and when: a small file in the folder of the backups.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { isDate } from "../format/members.ts";
import type { FileSummary } from "../format/summary.ts";
import { printable } from "../text.ts";
import { VERSION } from "../version.ts";
import { replaceText } from "./files.ts";
import { utcSeconds } from "./names.ts";

/**
 * How a backup is known again, whatever its name: by its checksum, and by its size, in
 * case that it was edited and the checksum left as it was.
 */
export type Fingerprint = Pick<FileSummary, "sha256" | "size">;

/** The results of verifications. */
export interface Proofs {
  /** When a backup was last verified; `undefined`: never, or it failed since. */
  of(backup: Fingerprint): Date | undefined;
  /** When a backup failed its last verification. */
  failureOf(backup: Fingerprint): Date | undefined;
}

/** The last verification of a backup, as the file has it. */
interface Note {
  /** When it was, in UTC with seconds. */
  date: string;
  ok: boolean;
  /** The version of the program. */
  version: string;
}

/** The name of the file. */
export const PROOFS_NAME = ".backup-proofs.json";

/**
 * Reads the results.
 *
 * @param folder The folder of the backups.
 * @returns No results if the file is missing or damaged.
 */
export function readProofs(folder: string): Proofs {
  const notes = readNotes(folder);
  const dateOf = (backup: Fingerprint, ok: boolean) => {
    const note = notes.get(keyOf(backup));
    return note?.ok === ok ? new Date(note.date) : undefined;
  };
  return {
    of: (backup) => dateOf(backup, true),
    failureOf: (backup) => dateOf(backup, false),
  };
}

/**
 * Notes the result of a verification in place of an earlier one. Of two runs that do so
 * at the same moment without the folder's lock, one note is lost and nothing else.
 *
 * @param folder The folder of the backups.
 * @param backup What was verified; a backup without a checksum is not noted.
 * @param date The moment.
 * @param ok Whether it restores.
 * @returns Warnings: what was found holds whether it is noted or not.
 */
export function noteProof(
  folder: string,
  backup: Fingerprint,
  date: Date,
  ok: boolean,
): string[] {
  try {
    if (backup.sha256 === undefined) return [];
    const notes = readNotes(folder);
    const note: Note = { date: utcSeconds(date), ok, version: VERSION };
    notes.set(keyOf(backup), note);
    const text = JSON.stringify(Object.fromEntries(notes), undefined, 1);
    replaceText(folder, PROOFS_NAME, text + "\n");
    return [];
  } catch (error) {
    const reason = faultOf(error) ?? printable(messageOf(error));
    return [`That it was verified could not be noted for status: ${reason}`];
  }
}

function keyOf({ sha256, size }: Fingerprint): string {
  return `${sha256} ${size}`;
}

function readNotes(folder: string): Map<string, Note> {
  try {
    const path = join(folder, PROOFS_NAME);
    // Opening what is no file, such as a pipe, could wait forever.
    if (!Deno.statSync(path).isFile) return new Map();
    const notes: Record<string, Note> = JSON.parse(Deno.readTextFileSync(path));
    return new Map(
      Object.entries(notes).filter(([, note]) => isDate(note?.date)),
    );
  } catch {
    return new Map();
  }
}
