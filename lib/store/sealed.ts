/**
 * What is known of encrypted backups, since they tell nothing of themselves without a
 * key: a small file in the folder of the backups. It holds no key.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, dirname, join } from "@std/path";
import { messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import { readText } from "../file.ts";
import { isDate } from "../format/members.ts";
import { printable } from "../text.ts";
import { replaceText } from "./files.ts";
import { utcSeconds } from "./names.ts";

/** The name of the file. */
const SEALED_NAME = ".backup-encrypted.json";

/** What an encrypted backup holds. */
export interface SealedBackup {
  /** The size of the encrypted file, in bytes. */
  size: number;
  /** The moment of the backup. */
  date: Date;
  /** The checksum and the size of the plain backup. */
  sha256: string | undefined;
  plainSize: number;
  /** Its rows by table. */
  counts: Map<string, bigint> | undefined;
  /** A digest of what it holds that is a person's, if that is known. */
  content?: string | undefined;
  /** For whom it was encrypted: the fingerprint of their public keys. */
  recipients: string;
}

/** A backup as the file has it. */
interface Note extends Omit<SealedBackup, "date" | "sha256" | "counts"> {
  date: string;
  sha256: string | null;
  counts: Record<string, number> | null;
}

/** What is in the file. */
interface Notes {
  backups: Record<string, Note>;
  /** When a key was shown to open what was encrypted for these recipients. */
  opened: Record<string, string>;
}

/** What is known of encrypted backups. */
export interface Sealed {
  /** What a file holds, if it is still the one that was noted. */
  of(name: string, size: number): SealedBackup | undefined;
  /** Whether a key was shown to open a file. */
  wasOpened(name: string, size: number): boolean;
  /** Whether a key was shown to open what is encrypted for these recipients. */
  canOpen(recipients: string): boolean;
}

/**
 * Reads what is known.
 *
 * @param folder The folder of the backups.
 * @returns Nothing is known if the file is missing or damaged.
 */
export function readSealed(folder: string): Sealed {
  const { backups, opened } = readNotes(folder);
  const noteOf = (name: string, size: number) => {
    const note = Object.hasOwn(backups, name) ? backups[name] : undefined;
    return note?.size === size && isDate(note.date) ? note : undefined;
  };
  return {
    of: (name, size) => {
      const note = noteOf(name, size);
      return note && backupOf(note);
    },
    wasOpened: (name, size) => {
      const key = noteOf(name, size)?.recipients ?? unknownKey(name, size);
      return isDate(opened[key]);
    },
    canOpen: (recipients) => isDate(opened[recipients]),
  };
}

/**
 * Notes what an encrypted backup holds.
 *
 * @param folder The folder of the backups.
 * @param name The name of the encrypted file, seen from there.
 * @returns Warnings: the backup is complete whether this works or not.
 */
export function noteSealed(
  folder: string,
  name: string,
  { date, sha256, counts, ...rest }: SealedBackup,
): string[] {
  return change(folder, (notes) => {
    notes.backups[name] = {
      ...rest,
      date: utcSeconds(date),
      sha256: sha256 ?? null,
      counts: counts
        ? Object.fromEntries(counts.entries().map(([t, n]) => [t, Number(n)]))
        : null,
    };
  });
}

/** Notes that a file has got another name. */
export function noteRenamed(folder: string, from: string, to: string): void {
  change(folder, ({ backups }) => {
    const note = Object.hasOwn(backups, from) ? backups[from] : undefined;
    if (!note) return;
    backups[to] = note;
    delete backups[from];
  });
}

/**
 * Notes that a key opened a file, and so all that was encrypted for the same recipients.
 *
 * @returns Warnings, as {@linkcode noteSealed} does.
 */
export function noteOpened(
  folder: string,
  name: string,
  size: number,
  date: Date,
): string[] {
  return change(folder, ({ backups, opened }) => {
    const note = Object.hasOwn(backups, name) ? backups[name] : undefined;
    const isKnown = note?.size === size;
    opened[isKnown ? note.recipients : unknownKey(name, size)] = utcSeconds(
      date,
    );
  });
}

/** The name of a file seen from a folder; its last part if it is elsewhere. */
export function nameIn(folder: string, path: string): string {
  const start = join(folder, "/");
  return path.startsWith(start) ? path.slice(start.length) : basename(path);
}

// Of a file that came from elsewhere nothing is known but this.
function unknownKey(name: string, size: number): string {
  return `${name} ${size}`;
}

function backupOf({ date, sha256, counts, ...rest }: Note): SealedBackup {
  return {
    ...rest,
    date: new Date(date),
    sha256: sha256 ?? undefined,
    counts: counts
      ? new Map(
        Object.entries(counts).filter(([, n]) => Number.isSafeInteger(n))
          .map(([t, n]) => [t, BigInt(n)]),
      )
      : undefined,
  };
}

function change(folder: string, step: (notes: Notes) => void): string[] {
  try {
    const notes = readNotes(folder);
    step(notes);
    for (const name of Object.keys(notes.backups)) {
      if (isGone(folder, name)) delete notes.backups[name];
    }
    const text = JSON.stringify(notes, undefined, 1);
    replaceText(folder, SEALED_NAME, text + "\n");
    return [];
  } catch (error) {
    const reason = faultOf(error) ?? printable(messageOf(error));
    return [`What is encrypted could not be noted for status: ${reason}`];
  }
}

// What is in another folder is gone only if that folder is there.
function isGone(folder: string, name: string): boolean {
  try {
    const path = join(folder, name);
    return existsSync(dirname(path)) && !existsSync(path);
  } catch {
    return false;
  }
}

function readNotes(folder: string): Notes {
  try {
    const notes: Notes = JSON.parse(readText(join(folder, SEALED_NAME)));
    return { backups: { ...notes.backups }, opened: { ...notes.opened } };
  } catch {
    return { backups: {}, opened: {} };
  }
}
