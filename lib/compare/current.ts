/**
 * Whether a backup holds just what the database holds now, so that another one would
 * say nothing new.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows } from "../database/connection.ts";
import {
  schemaEntries,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
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
import {
  INSTALLATION_TABLES,
  MODULES_TABLE,
  REMADE_TABLES,
} from "../soy/tables.ts";

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
  if (!isSameSchema(schema, backup.members.schema)) return false;
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

// The application's migrations make some views again at each start, in whatever order.
function isSameSchema(
  now: readonly SchemaObject[],
  before: readonly SchemaObject[] = [],
): boolean {
  const texts = (objects: readonly SchemaObject[]) =>
    objects.map((object) => JSON.stringify(object)).sort();
  return sameLines(texts(now), texts(before));
}

/** What a line says of a row of these tables; nothing if it has nothing to say. */
const sayings: Readonly<Record<string, (line: string) => string | undefined>> =
  {
    [META_TABLE]: (line) =>
      isInstallationKey(String(JSON.parse(line).key)) ? undefined : line,
    // Each start of the application puts the present time there.
    [MODULES_TABLE]: (line) => line.replace(/"installed_at":"[^"]*"/, ""),
  };

async function isSame(
  db: Database,
  table: Table,
  backup: BackupFile,
  span: TableSpan,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const say = sayings[foldName(table.name)];
  if (say) {
    const said = (lines: string[]) =>
      lines.flatMap((line) => say(line) ?? []).sort();
    return sameLines(said(linesIn(db, table)), said(linesOf(backup, span)));
  }
  if (countRows(db, table.name) !== span.rows) return false;
  return span.rows === 0 ||
    await isUnchanged(db, table, backup, span, checkpoint);
}

// A row is one line of JSON, and JSON has no line breaks in its strings.
function linesIn(db: Database, table: Table): string[] {
  const lines: string[] = [];
  for (const { pieces } of new TableRows(db).read(table)) {
    let text = "";
    for (const piece of pieces) text += decoder.decode(piece, { stream: true });
    lines.push(...text.split(separator));
  }
  return lines;
}

function linesOf(backup: BackupFile, span: TableSpan): string[] {
  // Rows that are not a line each were not written by an export.
  if (!span.uniform) return [];
  const lines: string[] = [];
  for (const batch of backup.batches(span)) {
    if ("json" in batch) {
      lines.push(...decoder.decode(batch.json).split(separator));
    }
  }
  return lines;
}

function sameLines(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
