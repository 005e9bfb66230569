/**
 * Opening a backup in whatever form: what comes out is a plain, seekable file in this
 * program's own format, read through once.
 *
 * @module
 */
import { structuralDamage } from "../database/integrity.ts";
import { dirname, join } from "@std/path";
import { BackupError, EXIT } from "../errors.ts";
import { addContext, COPY_IT, withContext } from "../faults.ts";
import { openFile, statFile } from "../file.ts";
import { writeMoment } from "../export/moment.ts";
import type { Omission } from "../export/selection.ts";
import { BackupFile } from "../format/backup_file.ts";
import type { InspectOptions } from "../format/inspect.ts";
import { FileSink } from "../format/writer.ts";
import type { Session } from "../session.ts";
import type { Source } from "../store/catalog.ts";
import { copyFault, momentOfCopy, withCopy } from "../store/copies.ts";
import { createUnnamed } from "../store/files.ts";
import type { Installation } from "../store/installation.ts";
import { isAgeName } from "../store/names.ts";
import { printable, quoted } from "../text.ts";

/** A backup that is open. */
export interface OpenedSource {
  backup: BackupFile;
  /** What the source has and the plain file can't carry. */
  omitted: Omission[];
}

/** How to read a backup. */
export type ReadOptions = Pick<InspectOptions, "force">;

/**
 * Opens a backup. One that is not a plain file is decoded into a file without a name,
 * which is gone when it is closed.
 *
 * @param installation Where that file is made.
 * @throws {BackupError} if it can't be read, is not a backup, is damaged or locked, or
 * is newer than this program.
 */
export async function openSource(
  source: Source,
  { scratch }: Pick<Installation, "scratch">,
  session: Session,
  options: ReadOptions = {},
): Promise<OpenedSource> {
  const inspecting = { ...options, checkpoint: session.checkpoint };
  if (source.form === "json" && !source.encrypted) {
    const backup = await BackupFile.open(source.path, inspecting);
    return { backup, omitted: [] };
  }
  const file = createUnnamed(scratch);
  const omitted = await decode(source, file, scratch, session)
    .catch((error) => {
      file.close();
      throw withSourceContext(source, error);
    });
  try {
    const backup = await BackupFile.of(file, pathOf(source), inspecting);
    return { backup, omitted };
  } catch (error) {
    throw await damageOf(source, scratch, session, error) ?? error;
  }
}

// That a part of the pack is damaged says more than what has become of the text in it.
async function damageOf(
  source: Source,
  scratch: string,
  session: Session,
  error: unknown,
): Promise<unknown> {
  const { form, path, name } = source;
  const isOfOne = error instanceof BackupError &&
    error.exitCode === EXIT.failed;
  if (form !== "packed" || !isOfOne) return undefined;
  const { isPartDamaged, partDamage } = await import("../pack/unpack.ts");
  const onBytes = () => session.checkpoint();
  const isDamaged = await withPack(
    path,
    scratch,
    session,
    (pack) => isPartDamaged(pack, path, name, onBytes),
  );
  return isDamaged ? withSourceContext(source, partDamage(path)) : undefined;
}

async function decode(
  source: Source,
  file: Deno.FsFile,
  scratch: string,
  session: Session,
): Promise<Omission[]> {
  const { path, name, form } = source;
  if (form === "sqlite") return decodeDatabase(source, file, scratch, session);
  if (form === "json") {
    await decryptFile(path, file, session);
    return [];
  }
  const { unpack } = await import("../pack/unpack.ts");
  const onBytes = () => session.checkpoint();
  await withPack(
    path,
    scratch,
    session,
    (pack) => unpack(pack, path, name, file, onBytes),
  );
  return [];
}

async function decryptFile(
  path: string,
  into: Deno.FsFile,
  { keys, checkpoint }: Session,
): Promise<void> {
  const { decrypt } = await import("../age/age.ts");
  using file = openFile(path);
  await decrypt(file, into, keys, checkpoint);
}

/**
 * Does a step with a packed month, which is open for it. An encrypted one is decrypted
 * into a file without a name, so that nothing of it is left, however the program ends.
 *
 * @param scratch Where that file is made.
 * @throws {BackupError} if it can't be opened, no key opens it, or it is damaged.
 */
export async function withPack<T>(
  path: string,
  scratch: string,
  session: Session,
  step: (pack: Deno.FsFile) => Promise<T>,
): Promise<T> {
  if (!isAgeName(path)) {
    using pack = await withContext(
      `Cannot read ${quoted(path)}`,
      () => openFile(path),
      COPY_IT,
    );
    return await step(pack);
  }
  using pack = createUnnamed(scratch);
  await decryptFile(path, pack, session);
  return await step(pack);
}

// A packed day is named as it would be if it were plain.
function pathOf({ path, name, form }: Source): string {
  return form === "packed" ? join(dirname(path), name) : path;
}

// A database becomes what an export of it would write, with the moment of the copy.
async function decodeDatabase(
  { path }: Source,
  file: Deno.FsFile,
  scratch: string,
  session: Session,
): Promise<Omission[]> {
  const { size } = statFile(path);
  // To SQLite that is a database without tables; to a person it is a loss.
  if (size === 0) throw new BackupError("it is empty");
  return await withCopy(path, scratch, async (db) => {
    const damage = structuralDamage(db);
    if (damage) throw new BackupError(`it is damaged: ${damage}`);
    const now = () => momentOfCopy(path);
    const reading = { ...session, now };
    return (await writeMoment(db, new FileSink(file), reading)).omitted;
  });
}

// An error says what to do about a person's own database, which is no advice for a
// copy of it.
function withSourceContext(source: Source, error: unknown): unknown {
  const path = source.form === "packed"
    ? join(source.path, source.name)
    : source.path;
  const isOther = error instanceof BackupError &&
    error.exitCode !== EXIT.failed;
  if (isOther) return error;
  if (source.form !== "sqlite") {
    const doing = `Cannot read backup ${quoted(path)}`;
    return addContext(doing, error, COPY_IT);
  }
  const reason = printable(copyFault(error));
  return new BackupError(`Cannot read ${quoted(path)}: ${reason}`, {
    cause: error,
  });
}
