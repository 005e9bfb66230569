/**
 * Whether a backup holds just what the database holds now, so that another one would
 * say nothing new.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows } from "../database/connection.ts";
import { schemaEntries, type Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { InterruptedError } from "../errors.ts";
import {
  contentDigest,
  contentTables,
  linesIn,
  normalizedLines,
  schemaLines,
  splitLines,
} from "../export/content.ts";
import type { NeedCheck } from "../export/export.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import { isUnchanged } from "../import/merge/unchanged.ts";
import { newestBefore } from "../store/concerns.ts";
import type { BackupEntry } from "../store/catalog.ts";
import type { Installation } from "../store/installation.ts";
import { noteCurrent } from "../store/proofs.ts";
import { openSource } from "../source/open.ts";
import type { Checkpoint, Session } from "../session.ts";

const decoder = new TextDecoder();

/** When a backup is needed; all conditions that are given must hold. */
export interface Conditions {
  /** If the newest backup is older than this, in milliseconds. */
  ifOlder?: number | undefined;
  /** If the database doesn't hold just what the newest backup holds. */
  ifChanged?: boolean;
  /**
   * For whom the backup would be encrypted: the fingerprint of their public keys. Then
   * one that no key was shown to open yet counts, too: another one is worth no more.
   */
  recipients?: string | undefined;
}

/**
 * Makes the check whether a backup is needed. A backup that turns out to be what the
 * database holds is noted as current.
 */
export function needCheck(
  { ifOlder, ifChanged, recipients }: Conditions,
  installation: Installation,
  session: Session,
): NeedCheck {
  return async (db, backups) => {
    const now = session.now();
    const newest = newestBefore(backups, now, recipients !== undefined);
    if (!newest) return undefined;
    const age = now.getTime() - newest.date!.getTime();
    if (ifOlder !== undefined && age <= ifOlder) {
      return { unneeded: "recent", newest };
    }
    const isForOthers = recipients !== undefined &&
      newest.encrypted && newest.recipients !== recipients;
    if (
      !ifChanged || isForOthers ||
      !await matches(db, newest, installation, session)
    ) return undefined;
    noteCurrent(installation.backups, newest, now);
    return { unneeded: "unchanged", newest };
  };
}

// A backup that cannot be read is no reason to make none.
async function matches(
  db: Database,
  newest: BackupEntry,
  installation: Installation,
  session: Session,
): Promise<boolean> {
  if (newest.content) {
    return newest.content === await contentDigest(db, session.checkpoint);
  }
  let backup: BackupFile | undefined;
  try {
    backup = (await openSource(newest, installation, session)).backup;
    return await isCurrent(db, backup, session.checkpoint);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return false;
  } finally {
    backup?.close();
  }
}

/**
 * Whether the backup is what an export would write now, but for its date, for what the
 * application notes about an installation (an export itself notes its time), and for
 * what each start of the application writes again.
 *
 * @param db The database.
 * @param backup A backup in this program's own layout; any other is not current.
 * @param checkpoint Called now and then; throws to stop.
 */
export async function isCurrent(
  db: Database,
  backup: BackupFile,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const schema = schemaEntries(db);
  const before = schemaLines(backup.members.schema ?? []);
  if (!sameLines(schemaLines(schema), before)) return false;
  const spans = new Map(
    backup.tables.map((span) => [foldName(span.name), span]),
  );
  for (const table of contentTables(db, schema)) {
    const span = spans.get(foldName(table.name));
    if (!span || !await isSame(db, table, backup, span, checkpoint)) {
      return false;
    }
  }
  return true;
}

async function isSame(
  db: Database,
  table: Table,
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const now = normalizedLines(table.name, () => linesIn(db, table));
  if (now) {
    const before = normalizedLines(table.name, () => linesOf(backup, span));
    return sameLines(now, before ?? []);
  }
  if (countRows(db, table.name) !== span.rows) return false;
  return span.rows === 0 ||
    await isUnchanged(db, table, backup, span, checkpoint);
}

function linesOf(backup: BackupFile, span: TableSpan): string[] {
  // Rows that are not a line each were not written by an export.
  if (!span.uniform) return [];
  const lines: string[] = [];
  for (const batch of backup.batches(span)) {
    if ("json" in batch) {
      lines.push(...splitLines(decoder.decode(batch.json)));
    }
  }
  return lines;
}

function sameLines(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
