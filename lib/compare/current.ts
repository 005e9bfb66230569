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
import type { NeedCheck } from "../export/export.ts";
import { selectTables } from "../export/selection.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import { ROW_SEPARATOR } from "../format/version1.ts";
import { TableRows } from "../format/table_rows.ts";
import { isUnchanged } from "../import/merge/unchanged.ts";
import { newestBefore } from "../store/concerns.ts";
import type { BackupEntry } from "../store/catalog.ts";
import type { Installation } from "../store/installation.ts";
import { noteCurrent } from "../store/proofs.ts";
import { openSource } from "../source/open.ts";
import type { Checkpoint, Session } from "../session.ts";
import { isInstallationKey, META_TABLE } from "../soy/meta.ts";
import { INSTALLATION_TABLES, REMADE_TABLES } from "../soy/tables.ts";

const decoder = new TextDecoder();
const separator = decoder.decode(ROW_SEPARATOR);

/** When a backup is needed; all conditions that are given must hold. */
export interface Conditions {
  /** If the newest backup is older than this, in milliseconds. */
  ifOlder?: number | undefined;
  /** If the database doesn't hold just what the newest backup holds. */
  ifChanged?: boolean;
}

/**
 * Makes the check whether a backup is needed. A backup that turns out to be what the
 * database holds is noted as current.
 */
export function needCheck(
  { ifOlder, ifChanged }: Conditions,
  installation: Installation,
  session: Session,
): NeedCheck {
  return async (db, backups) => {
    const now = session.now();
    const newest = newestBefore(backups, now);
    if (!newest) return undefined;
    const age = now.getTime() - newest.date!.getTime();
    if (ifOlder !== undefined && age <= ifOlder) {
      return { unneeded: "recent", newest };
    }
    if (!ifChanged || !await matches(db, newest, installation, session)) {
      return undefined;
    }
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
 * Whether the backup is what an export would write now, but for its date and for what
 * the application notes about an installation (an export itself notes its time).
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
  const sameSchema = JSON.stringify(schema) ===
    JSON.stringify(backup.members.schema);
  if (!sameSchema) return false;
  const spans = new Map(
    backup.tables.map((span) => [foldName(span.name), span]),
  );
  for (const table of selectTables(db, schema).tables) {
    const name = foldName(table.name);
    if ([...INSTALLATION_TABLES, ...REMADE_TABLES].includes(name)) continue;
    const span = spans.get(name);
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
  if (foldName(table.name) === META_TABLE) {
    return sameLines(settingsIn(db, table), settingsOf(backup, span));
  }
  if (countRows(db, table.name) !== span.rows) return false;
  return span.rows === 0 ||
    await isUnchanged(db, table, backup, span, checkpoint);
}

// A row is one line of JSON, and JSON has no line breaks in its strings.
function settingsIn(db: Database, table: Table): string[] {
  const lines: string[] = [];
  for (const { pieces } of new TableRows(db).read(table)) {
    let text = "";
    for (const piece of pieces) text += decoder.decode(piece, { stream: true });
    lines.push(...text.split(separator));
  }
  return lines.filter(isUserSetting);
}

function settingsOf(backup: BackupFile, span: TableSpan): string[] {
  // Rows that are not a line each were not written by an export.
  if (!span.uniform) return [];
  const lines: string[] = [];
  for (const batch of backup.batches(span)) {
    if ("json" in batch) {
      lines.push(...decoder.decode(batch.json).split(separator));
    }
  }
  return lines.filter(isUserSetting);
}

function isUserSetting(line: string): boolean {
  return !isInstallationKey(String(JSON.parse(line).key));
}

function sameLines(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
