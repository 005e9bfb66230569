/**
 * Which import a snapshot belongs to, and whether the database knows of it: an import
 * notes its snapshot in the application's log.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hasTable, openForReading, rowsOf } from "../database/connection.ts";
import { LOG_TABLE } from "../soy/tables.ts";
import { type Snapshot, stampOf, timeOf } from "../store/snapshots.ts";

/** The imports that a database has noted: each snapshot, and the file imported. */
export function importsIn(path: string): [snapshot: string, source: string][] {
  let db: Database | undefined;
  try {
    db = openForReading(path);
    if (!hasTable(db, LOG_TABLE)) return [];
    return rowsOf<[string, string]>(
      db,
      "SELECT json_extract(details, '$.snapshot') AS snapshot, " +
        `json_extract(details, '$.source') FROM main.${LOG_TABLE} ` +
        "WHERE action = 'backup_imported' AND json_valid(details) " +
        "AND snapshot IS NOT NULL",
    );
  } catch {
    // That a file can't be read is told where it is used.
    return [];
  } finally {
    db?.close();
  }
}

/**
 * Whether a snapshot belongs to an import that the database knows of. After an undo
 * only the state that it replaced knows: that is the undo's own snapshot.
 *
 * A database whose log names no snapshot at all, or that has no log, knows of every one
 * whose date has come.
 *
 * @param database The path of the database; it need not be there.
 * @param now The present moment.
 */
export function isKnown(
  snapshot: Snapshot,
  database: string,
  now: Date,
): boolean {
  const known = originsIn(database);
  const { kind, origin, path } = snapshot;
  if (origin !== undefined) {
    if (known.has(origin)) return true;
    if (kind === "undo" && originsIn(path).has(origin)) return true;
  }
  return known.size === 0 && hasCome(snapshot, now);
}

function originsIn(path: string): ReadonlySet<string | undefined> {
  return new Set(importsIn(path).map(([name]) => stampOf(name)));
}

const day = 24 * 3_600_000;

// A clock may have been set back since, or the time zone be another.
function hasCome({ path, stamp }: Snapshot, now: Date): boolean {
  const written = Deno.statSync(path).mtime ?? now;
  return timeOf(stamp) <= Math.max(Number(now), Number(written)) + day;
}
