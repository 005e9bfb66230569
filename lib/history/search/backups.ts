/**
 * The moments that are backups: plain, packed or encrypted, the newest first.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { openForReading } from "../../database/connection.ts";
import { schemaEntries, type SchemaObject } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import { rowJson } from "../../format/row_json.ts";
import { ROW_SEPARATOR } from "../../format/version1.ts";
import { isDamage, readPack } from "../../pack/pack.ts";
import { streamAll, type StreamedDay } from "../../pack/unpack.ts";
import { release } from "../../pack/zstd.ts";
import { openSource, withPack } from "../../source/open.ts";
import {
  type BackupEntry,
  packedEntry,
  packNames,
} from "../../store/catalog.ts";
import { hasDatabase, type Installation } from "../../store/installation.ts";
import { isAgeName } from "../../store/names.ts";
import { printable } from "../../text.ts";
import type { Visit } from "./visit.ts";

/** How much of a file is read at once, in bytes. */
const readSize = 1 << 18;

/** Shows the backups that are files of their own. */
export async function showPlain<T>(
  visit: Visit<T>,
  backups: readonly BackupEntry[],
): Promise<void> {
  const canDecrypt = await hasKey(visit);
  for (const entry of backups) {
    if (visit.visitor.isDone()) return;
    if (entry.encrypted && !canDecrypt) locked(visit, entry.name);
    else {
      await visit.attempt(
        entry.name,
        () =>
          entry.ours && !entry.encrypted
            ? visit.scanBytes(entry, pieces(entry.path))
            : scanOpened(visit, entry),
      );
    }
  }
}

/**
 * Shows the backups in packed months.
 *
 * @param plain The names of those that are files of their own, too: a run of tidy that
 * was killed leaves a day twice.
 */
export async function showPacked<T>(
  visit: Visit<T>,
  plain: ReadonlySet<string>,
): Promise<void> {
  const { installation: { backups: folder, scratch }, session } = visit.place;
  const canDecrypt = await hasKey(visit);
  for (const name of packNames(folder)) {
    if (visit.visitor.isDone()) return;
    const path = join(folder, name);
    const scan = (pack: Deno.FsFile) => scanPack(visit, pack, path, plain);
    if (isAgeName(name) && !canDecrypt) locked(visit, name);
    else {
      await visit.attempt(name, () => withPack(path, scratch, session, scan));
    }
  }
}

async function hasKey<T>({ place }: Visit<T>): Promise<boolean> {
  const identities = await place.session.keys?.identities() ?? [];
  return identities.length > 0;
}

function locked<T>({ leftOut }: Visit<T>, name: string): void {
  leftOut.add(
    `Left out: ${printable(name)}: it is encrypted; --identity FILE names ` +
      "the key that opens it",
  );
}

async function scanPack<T>(
  visit: Visit<T>,
  pack: Deno.FsFile,
  path: string,
  plain: ReadonlySet<string>,
): Promise<void> {
  const onBytes = () => visit.place.session.checkpoint();
  const called = basename(path);
  const contents = await readPack(pack, path, onBytes);
  if (contents.damagedFrames > 0) {
    visit.leftOut.add(
      `Left out: a part of ${printable(called)}: it is damaged`,
    );
  }
  for await (const day of streamAll(pack, contents, onBytes)) {
    if (visit.visitor.isDone()) return;
    const { name } = day.backup;
    if (plain.has(name)) continue;
    // What is decoded of a damaged part may be another text.
    const scan = day.damaged && day.bytes
      ? () => scanOpened(visit, packedEntry(path, day.backup))
      : () => scanDay(visit, day, called);
    await visit.attempt(name, scan);
  }
}

async function scanDay<T>(
  visit: Visit<T>,
  { backup, bytes }: StreamedDay,
  pack: string,
): Promise<void> {
  const fault = `its part of ${printable(pack)} is damaged`;
  if (!bytes) throw new BackupError(fault);
  try {
    await visit.scanBytes(backup, bytes, release);
  } catch (error) {
    throw isDamage(error) ? new BackupError(fault) : error;
  }
}

// Of another layout, or encrypted: read through and checked first.
async function scanOpened<T>(
  visit: Visit<T>,
  entry: BackupEntry,
): Promise<void> {
  const { installation, session } = visit.place;
  const { backup } = await openSource(entry, installation, session);
  try {
    const seen = { name: entry.name, date: entry.date ?? new Date(0) };
    const scan = visit.scanOf(seen, schemaOf(backup, installation));
    for (const span of backup.tables) {
      if (!scan.table(span.name)) continue;
      let rows = 0;
      for (const row of backup.rows(span)) {
        const keys = row.columns.map((name) => JSON.stringify(name));
        for (const piece of rowJson(keys, row, "UTF-8")) scan.push(piece);
        scan.push(ROW_SEPARATOR);
        if (++rows % 1000 === 0) await visit.checkpoint(span.name, 0);
      }
    }
    scan.end();
  } finally {
    backup.close();
  }
  await visit.checkpoint(entry.name, entry.plainSize ?? entry.size);
}

// The old form has no definitions: the local ones say what the rows are.
function schemaOf(
  { members, tables }: BackupFile,
  installation: Installation,
): SchemaObject[] {
  if (members.schema?.length) return members.schema;
  if (!hasDatabase(installation)) return [];
  const db = openForReading(installation.database);
  try {
    const names = new Set(tables.map(({ name }) => foldName(name)));
    return schemaEntries(db).filter(({ name }) => names.has(foldName(name)));
  } finally {
    db.close();
  }
}

function* pieces(path: string): Generator<Uint8Array> {
  using file = Deno.openSync(path, { read: true });
  const buffer = new Uint8Array(readSize);
  for (;;) {
    const count = file.readSync(buffer);
    if (!count) return;
    yield buffer.subarray(0, count);
  }
}
