/**
 * Folders that are gone after a test.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { type Session, sessionOf } from "../../lib/session.ts";

/** Runs a test in a folder of its own, which is removed afterwards. */
export async function inScratch(
  test: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "soy backup " });
  try {
    await test(folder);
  } finally {
    await removeFolder(folder);
  }
}

// The processes of a browser that was killed still write for a moment.
async function removeFolder(folder: string): Promise<void> {
  for (let left = 20;; left--) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      const isFilled = error instanceof Error &&
        error.message.startsWith("Directory not empty");
      if (!isFilled || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Runs a test at an installation with a database made by `sql`. */
export async function atInstallation(
  sql: string,
  test: (installation: Installation) => void | Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    if (sql) withDb(installation.database, (db) => db.exec(sql));
    await test(installation);
  });
}

/** Makes an installation without a database. */
export function makeInstallation(folder: string, name: string): Installation {
  const root = join(folder, name);
  Deno.mkdirSync(join(root, "data"), { recursive: true });
  Deno.mkdirSync(join(root, "output"));
  return installationAt(root);
}

/** Opens a database, made where it is missing, for one step. */
export function withDb<T>(path: string, step: (db: Database) => T): T {
  const db = new Database(path, { int64: true, parseJson: false });
  try {
    hasten(db, path);
    return step(db);
  } finally {
    db.close();
  }
}

// Each statement of a test would be synced; what a test makes survives no power cut.
function hasten(db: Database, path: string): void {
  try {
    db.exec("PRAGMA synchronous = OFF");
    // A new file is not in WAL mode, which this would end.
    const { size } = Deno.statSync(path);
    if (size === 0) db.exec("PRAGMA journal_mode = MEMORY");
  } catch { /* The step meets what is wrong with the database. */ }
}

/** All rows of a query, as lists. */
export function rowsIn(path: string, sql: string): unknown[][] {
  return withDb(path, (db) => db.prepare(sql).values());
}

/** A session that nobody stops. */
export function session(): Session {
  return sessionOf(new AbortController().signal);
}

/** Makes a backup that says that it is some hours old. */
export async function exportAged(
  installation: Installation,
  hours: number,
): Promise<void> {
  const now = () => new Date(Date.now() - hours * 3_600_000);
  await exportBackup(installation, { ...session(), now });
}
