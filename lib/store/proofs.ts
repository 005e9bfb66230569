/**
 * Which backups were verified, and when, and until when each was what the database
 * held: a small file in the folder of the backups.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { readText } from "../file.ts";
import { isDate } from "../format/members.ts";
import type { FileSummary } from "../format/summary.ts";
import { printable } from "../text.ts";
import { VERSION } from "../version.ts";
import { replaceText } from "./files.ts";
import { utcSeconds } from "./names.ts";

/**
 * How a backup is known again, whatever its name: by its checksum, by its size, and, if it
 * is a plain file, by when it was written. A file that was edited, or a copy that is
 * damaged, still has the checksum of the backup that was verified in it.
 */
export type Fingerprint = Pick<FileSummary, "sha256" | "size" | "mtime"> & {
  /** The size of the plain backup if it is encrypted. */
  plainSize?: number | undefined;
};

/** The results of verifications. */
export interface Proofs {
  /** When a backup was last verified; `undefined`: never, or it failed since. */
  of(backup: Fingerprint): Date | undefined;
  /** When a backup failed its last verification. */
  failureOf(backup: Fingerprint): Date | undefined;
  /** When the database was last found to hold just what a backup holds. */
  currentAt(backup: Fingerprint): Date | undefined;
}

/** What is known of a backup, as the file has it; moments in UTC with seconds. */
interface Note {
  /** When it was last verified. */
  date?: string;
  /** Whether it restored. */
  ok?: boolean;
  /** When the database last held just what it holds. */
  current?: string;
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
  const verified = lastVerified(notes);
  // What is packed or encrypted was compared with its checksum then, so a proof of any
  // plain file with the same one is a proof of it.
  const noteOf = (backup: Fingerprint) =>
    notes.get(keyOf(backup)) ??
      (backup.mtime ? undefined : verified.get(contentOf(backup)));
  const dateOf = (backup: Fingerprint, ok: boolean) => {
    const note = noteOf(backup);
    return note?.ok === ok ? dateIn(note.date) : undefined;
  };
  return {
    of: (backup) => dateOf(backup, true),
    failureOf: (backup) => dateOf(backup, false),
    currentAt: (backup) => dateIn(noteOf(backup)?.current),
  };
}

/** The last proof of each content, whichever file was verified. */
function lastVerified(notes: Map<string, Note>): Map<string, Note> {
  const proofs = [...notes].filter(([, { ok }]) => ok)
    .sort(([, a], [, b]) => a.date! < b.date! ? -1 : 1);
  return new Map(proofs.map(([key, note]) => [contentIn(key), note]));
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
  const what = "That it was verified";
  return note(folder, backup, { date: utcSeconds(date), ok }, what);
}

/**
 * Notes that the database holds just what a backup holds, so that the backup is as good
 * as one made now.
 *
 * @param folder The folder of the backups.
 * @param date The moment.
 * @returns Warnings, as {@linkcode noteProof} does.
 */
export function noteCurrent(
  folder: string,
  backup: Fingerprint,
  date: Date,
): string[] {
  const what = "That nothing has changed since";
  return note(folder, backup, { current: utcSeconds(date) }, what);
}

/** How long it is remembered what was noted of a backup that is gone, in milliseconds. */
const remembered = 365 * 86_400_000;

/**
 * Forgets what was noted of backups that are gone. They may be kept elsewhere, such as in
 * a second place that is away, so that happens only after a year.
 *
 * @param folder The folder of the backups.
 * @param backups The backups that are there.
 * @param now The present moment.
 */
export function forgetProofs(
  folder: string,
  backups: readonly Fingerprint[],
  now: Date,
): void {
  const notes = readNotes(folder);
  const known = new Set(backups.map(contentOf));
  const kept = [...notes].filter(([key, { date, current }]) =>
    known.has(contentIn(key)) ||
    [date, current].some((moment) =>
      now.getTime() - (dateIn(moment)?.getTime() ?? 0) <= remembered
    )
  );
  if (kept.length === notes.size) return;
  try {
    writeNotes(folder, new Map(kept));
  } catch { /* It is tried again the next time. */ }
}

function note(
  folder: string,
  backup: Fingerprint,
  news: Omit<Note, "version">,
  what: string,
): string[] {
  try {
    if (backup.sha256 === undefined) return [];
    const notes = readNotes(folder);
    const key = keyOf(backup);
    notes.set(key, { ...notes.get(key), ...news, version: VERSION });
    writeNotes(folder, notes);
    return [];
  } catch (error) {
    const reason = faultOf(error) ?? printable(messageOf(error));
    return [`${what} could not be noted for status: ${reason}`];
  }
}

function dateIn(text: unknown): Date | undefined {
  return isDate(text) ? new Date(text) : undefined;
}

// Some file systems and programs that copy files keep no parts of a second.
function keyOf(backup: Fingerprint): string {
  const content = contentOf(backup);
  return backup.mtime ? `${content} ${utcSeconds(backup.mtime)}` : content;
}

function contentOf({ sha256, size, plainSize }: Fingerprint): string {
  return `${sha256} ${plainSize ?? size}`;
}

function contentIn(key: string): string {
  return key.split(" ", 2).join(" ");
}

function writeNotes(folder: string, notes: Map<string, Note>): void {
  const text = JSON.stringify(Object.fromEntries(notes), undefined, 1);
  replaceText(folder, PROOFS_NAME, text + "\n");
}

function readNotes(folder: string): Map<string, Note> {
  try {
    const text = readText(join(folder, PROOFS_NAME));
    const notes: Record<string, Note> = JSON.parse(text);
    return new Map(
      Object.entries(notes).filter(([, note]) =>
        dateIn(note?.date) ?? dateIn(note?.current)
      ),
    );
  } catch {
    return new Map();
  }
}
