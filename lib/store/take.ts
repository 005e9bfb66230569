/**
 * Copies of the database by SQLite's online backup, which is right while other
 * programs use it.
 *
 * @module
 */
import { join } from "@std/path";
import { openForReading, openTarget } from "../database/connection.ts";
import { copyOver } from "../database/copy.ts";
import { createTemp, discardTemp, syncFolder, type TempFile } from "./files.ts";
import type { Session } from "../session.ts";
import { KEPT_SNAPSHOTS, listSnapshots, nextStamp } from "./snapshots.ts";

/**
 * Copies a database into a new file that nobody else knows of.
 *
 * @param path The database.
 * @param folder Where the copy is made.
 * @param session Is told that there is something to wait for, and may stop it.
 * @throws {Error} with SQLite's or the system's message; no file is left then.
 */
export async function copyDatabase(
  path: string,
  folder: string,
  session: Session,
): Promise<TempFile> {
  const doing = "Copying the database";
  await session.checkpoint({ doing, table: "", rows: 0, bytes: 0, total: 0 });
  const temp = createTemp(folder);
  try {
    await copyInto(path, temp.path, session);
    temp.file.syncSync();
    return temp;
  } catch (error) {
    discardTemp(temp);
    throw error;
  }
}

async function copyInto(
  path: string,
  copy: string,
  session: Session,
): Promise<void> {
  const source = openForReading(path);
  const target = openTarget(copy);
  try {
    await copyOver(source, target, session);
    // In WAL mode the copy would grow files of its own beside it.
    target.exec("PRAGMA journal_mode = DELETE");
  } finally {
    target.close();
    source.close();
  }
}

/**
 * Makes a copy a snapshot.
 *
 * @param copy The copy; its path is another one afterwards.
 * @param folder The folder of the backups, with its lock held.
 * @param reason What is about to happen.
 * @param now The present moment.
 * @param of The stamp of the snapshot that an undo is about to put back.
 * @returns The name of the snapshot.
 */
export function nameSnapshot(
  copy: TempFile,
  folder: string,
  reason: "import" | "undo",
  now: Date,
  of?: string,
): string {
  const stamp = nextStamp(listSnapshots(folder), now);
  const name = `before-${reason}-${stamp}${of ? `-of-${of}` : ""}.db`;
  copy.file.close();
  Deno.renameSync(copy.path, join(folder, name));
  syncFolder(folder);
  return name;
}

/** Lets the oldest snapshots go. */
export function pruneSnapshots(folder: string): void {
  for (const { path } of listSnapshots(folder).slice(KEPT_SNAPSHOTS)) {
    Deno.removeSync(path);
  }
}
