/**
 * What a file is that a person names by its path: a backup, a database, a packed month
 * or a day in one.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, dirname, join } from "@std/path";
import { headOf, isEncryptedHead } from "../age/header.ts";
import { BackupError } from "../errors.ts";
import type { Source } from "../store/catalog.ts";
import type { Installation } from "../store/installation.ts";
import { isBackupName, plainName } from "../store/names.ts";
import { isPackName, monthOfPack } from "../store/pack_index.ts";
import { printable, quoted } from "../text.ts";

/**
 * The source at a path; which form it has shows in its first bytes. A day of a packed
 * month has its name behind that of the month, as if that were a folder.
 *
 * @throws {BackupError} if it is a month of backups, or what is behind its name is not
 * the name of a backup.
 */
export function sourceAt(path: string): Source {
  const name = basename(path);
  const pack = dirname(path);
  if (isPackName(basename(pack))) {
    if (isBackupName(name)) {
      return { ...formOf(pack), name, path: pack, form: "packed" };
    }
    throw new BackupError(
      `Cannot find ${quoted(name)} in ${
        quoted(basename(pack))
      }: its days have ` +
        `names as in ${dayOf(basename(pack))}`,
    );
  }
  if (!isPackName(name)) return { name, path, ...formOf(path) };
  throw new BackupError(
    `Cannot take all of ${quoted(name)} at once: it holds a month of ` +
      `backups; name one of its days, as status lists them, or as in ${
        dayOf(name)
      }`,
  );
}

function dayOf(pack: string): string {
  return `${printable(pack)}/backup-${monthOfPack(plainName(pack))}-01.json`;
}

/** The path of a day whose packed month has its bare name: that is in `output/`. */
export function dayNamed({ backups }: Installation, words: string): string {
  const month = dirname(words);
  const listed = join(backups, month);
  const isNamed = isPackName(month) && existsSync(listed);
  return isNamed ? join(listed, basename(words)) : words;
}

/** The path of the packed month that a person names; of no other file. */
export function monthNamed(
  { backups }: Installation,
  words: string,
): string | undefined {
  if (!isPackName(basename(words))) return undefined;
  return basename(words) === words ? join(backups, words) : words;
}

type Form = Pick<Source, "form" | "encrypted">;

// A database says so in its first bytes, whatever its name is
// (https://sqlite.org/fileformat.html#the_database_header), and so does age.
function formOf(path: string): Form {
  try {
    if (!Deno.statSync(path).isFile) return { form: "json" };
    using file = Deno.openSync(path);
    const head = headOf(file);
    if (head.startsWith("SQLite format 3\0")) return { form: "sqlite" };
    if (isEncryptedHead(head)) return { form: "json", encrypted: true };
    return { form: formOfName(path) };
  } catch {
    // Opening it says why.
    return { form: formOfName(path) };
  }
}

function formOfName(path: string): Source["form"] {
  return path.endsWith(".db") ? "sqlite" : "json";
}
