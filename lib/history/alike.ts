/**
 * Tables that are evidently the same in two moments: an export of either would write
 * the same bytes. They need not be restored to be compared.
 *
 * @module
 */
import { sameBytes } from "../bytes.ts";
import { countRows } from "../database/connection.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { ByteSource } from "../format/byte_source.ts";
import type { TableSpan } from "../format/contents.ts";
import { isUnchanged } from "../import/merge/unchanged.ts";
import type { Checkpoint } from "../session.ts";
import { type Moment, readableTables } from "./moment.ts";

/** A table of a moment. */
interface Seen {
  sql: string | undefined;
  span?: TableSpan;
  table?: Table;
}

/**
 * Finds the tables that are the same, by their folded names. One that is not among them
 * may be the same nevertheless.
 */
export async function alikeTables(
  before: Moment,
  after: Moment,
  checkpoint: Checkpoint,
): Promise<Set<string>> {
  const [first, second] = [seenIn(before), seenIn(after)];
  const alike = new Set<string>();
  for (const [name, a] of first) {
    const b = second.get(name);
    if (!b || a.sql === undefined || a.sql !== b.sql) continue;
    const isAlike = await areAlike([before, a], [after, b], checkpoint);
    if (isAlike) alike.add(name);
  }
  return alike;
}

function seenIn({ backup, now }: Moment): Map<string, Seen> {
  if (now) {
    return new Map(
      readableTables(now).map((table) => [
        foldName(table.name),
        { sql: table.sql, table },
      ]),
    );
  }
  const sql = new Map(
    (backup!.members.schema ?? []).map((object) => [
      foldName(object.name),
      object.sql,
    ]),
  );
  return new Map(
    backup!.tables.map((span) => {
      const name = foldName(span.name);
      return [name, { sql: sql.get(name), span }];
    }),
  );
}

async function areAlike(
  [before, a]: [Moment, Seen],
  [after, b]: [Moment, Seen],
  checkpoint: Checkpoint,
): Promise<boolean> {
  if (a.table && b.table) return true;
  if (a.span && b.span) {
    return await sameSpans(
      [before.backup!, a.span],
      [after.backup!, b.span],
      checkpoint,
    );
  }
  return a.span
    ? await isAsBackedUp([before.backup!, a.span], [after, b], checkpoint)
    : await isAsBackedUp([after.backup!, b.span!], [before, a], checkpoint);
}

async function isAsBackedUp(
  [backup, span]: [BackupFile, TableSpan],
  [{ now: db }, { table }]: [Moment, Seen],
  checkpoint: Checkpoint,
): Promise<boolean> {
  const rows = countRows(db!, table!.name);
  if (rows !== span.rows || rows === 0) return rows === span.rows;
  if (backup.members.database?.encoding !== encodingOf(db!)) return false;
  return await isUnchanged(db!, table!, backup, span, checkpoint);
}

// Only of rows in this program's own layout it is known where they end.
async function sameSpans(
  [backup, { rows, uniform }]: [BackupFile, TableSpan],
  [other, span]: [BackupFile, TableSpan],
  checkpoint: Checkpoint,
): Promise<boolean> {
  if (rows !== span.rows || rows === 0) return rows === span.rows;
  if (!uniform || !span.uniform) return false;
  const length = uniform.end - uniform.start;
  if (span.uniform.end - span.uniform.start !== length) return false;
  const sources = [
    backup.bytesFrom(uniform.start),
    other.bytesFrom(span.uniform.start),
  ] as const;
  try {
    return await haveSameBytes(sources, length, checkpoint);
  } finally {
    for (const source of sources) source.release();
  }
}

async function haveSameBytes(
  [a, b]: readonly [ByteSource, ByteSource],
  length: number,
  checkpoint: Checkpoint,
): Promise<boolean> {
  for (let left = length; left > 0;) {
    if (!a.fill() || !b.fill()) return false;
    const size = Math.min(left, a.end - a.pos, b.end - b.pos);
    const next = ({ bytes, pos }: ByteSource) =>
      bytes.subarray(pos, pos + size);
    if (!sameBytes(next(a), next(b))) return false;
    a.pos += size;
    b.pos += size;
    left -= size;
    await checkpoint();
  }
  return true;
}
