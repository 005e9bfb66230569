/**
 * What an undo would do, and which snapshots there are to go back to.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { countRows, hasTable, openForReading } from "../database/connection.ts";
import { compareDatabases, savedTables } from "../compare/databases.ts";
import { countChanges, type RowChanges } from "../compare/row_changes.ts";
import { foldName } from "../database/sql.ts";
import { withContext } from "../faults.ts";
import type { Session } from "../session.ts";
import { MAIN_TABLES } from "../soy/tables.ts";
import { copyFault } from "../store/copies.ts";
import type { Installation } from "../store/installation.ts";
import { listSnapshots, type Snapshot, timeOf } from "../store/snapshots.ts";
import { quoted } from "../text.ts";
import { importsIn } from "./origin.ts";
import { chooseTarget, openSnapshot } from "./target.ts";
import { openState, type UndoneTable } from "./undo.ts";

/** A table that an undo would change. */
export interface PreviewedTable extends UndoneTable, RowChanges {}

/** What an undo would do. */
export interface UndoPreview {
  /** The name of the snapshot that would be put back. */
  restored: string;
  /** When it was taken, in local time, as in `2026-02-19-153000`. */
  stamp: string;
  /** The tables that would not stay as they are. */
  tables: PreviewedTable[];
}

/**
 * Says what an undo would do, and changes nothing.
 *
 * @param name The snapshot, by its name or path; the newest unless told.
 * @throws {BackupError} if there is no such snapshot, or it is damaged.
 */
export async function previewUndo(
  installation: Installation,
  session: Session,
  name?: string,
): Promise<UndoPreview> {
  const { root } = installation;
  return await withContext(`Cannot undo in ${quoted(root)}`, async () => {
    const { target } = chooseTarget(installation, session, name);
    const snapshot = await openSnapshot(
      target,
      installation.database,
      session,
    );
    try {
      const db = await openState(installation, session);
      try {
        const tables = await changedTables(db, snapshot, session);
        return { restored: target.name, stamp: target.stamp, tables };
      } finally {
        db.close();
      }
    } finally {
      snapshot.close();
    }
  });
}

async function changedTables(
  db: Database,
  snapshot: Database,
  { checkpoint }: Session,
): Promise<PreviewedTable[]> {
  const { tables } = await compareDatabases(db, snapshot, checkpoint);
  const [mine, others] = [savedTables(db), savedTables(snapshot)];
  const changed: PreviewedTable[] = [];
  for (const { name, before, after } of tables) {
    const [a, b] = [mine.get(foldName(name)), others.get(foldName(name))];
    const total = (before ?? 0) + (after ?? 0);
    const progress = (rows: number) =>
      checkpoint({
        doing: "Comparing rows",
        table: name,
        rows,
        bytes: 0,
        total: 0,
      });
    const changes = a && b && total > 0
      ? await countChanges([db, a], [snapshot, b], progress)
      : { added: after ?? 0, changed: 0, removed: before ?? 0 };
    changed.push({ name, before, after, ...changes });
  }
  return changed;
}

/** A snapshot, and what is in it. */
export interface SnapshotEntry extends Snapshot {
  /** The moment at which it was taken. */
  taken: Date;
  /** Its size in bytes. */
  size: number;
  /** Rows of the tables that matter most to a person, by table. */
  counts: [string, number][];
  /** The file that was imported after it, if the log has the import. */
  source: string | undefined;
  /** Why it cannot be read. */
  fault: string | undefined;
}

/**
 * Lists the snapshots, newest first, with what is in them.
 *
 * @throws {BackupError} if the folder cannot be read.
 */
export async function describeSnapshots(
  { snapshots, database }: Installation,
): Promise<SnapshotEntry[]> {
  const doing = `Cannot look into ${quoted(snapshots)}`;
  const found = await withContext(doing, () => listSnapshots(snapshots));
  // An import that was undone is in the log of a snapshot only.
  const sources = new Map(
    [database, ...found.map(({ path }) => path)].flatMap(importsIn),
  );
  return found.map((snapshot) => ({
    ...snapshot,
    taken: new Date(timeOf(snapshot.stamp)),
    size: Deno.statSync(snapshot.path).size,
    source: sources.get(snapshot.name),
    ...countsIn(snapshot),
  }));
}

function countsIn(
  { path }: Snapshot,
): Pick<SnapshotEntry, "counts" | "fault"> {
  try {
    const counts = reading(
      path,
      (db) =>
        MAIN_TABLES.filter((name) => hasTable(db, name))
          .map((name): [string, number] => [name, countRows(db, name)]),
    );
    return { counts, fault: undefined };
  } catch (error) {
    return { counts: [], fault: copyFault(error) };
  }
}

function reading<T>(path: string, step: (db: Database) => T): T {
  const db = openForReading(path);
  try {
    return step(db);
  } finally {
    db.close();
  }
}
