/**
 * The files that a benchmark works with: a sample database, a backup of it, and
 * what the peers read.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { join } from "@std/path";
import { exportBackup } from "../export/export.ts";
import { makeSample } from "../demo/sample.ts";
import { installationAt } from "../store/installation.ts";
import { sessionOf } from "../session.ts";
import type { Tool } from "./tool.ts";

/** A table of the sample. */
export interface BenchTable {
  name: string;
  /** The columns of its primary key. */
  key: string[];
  /** A file with its rows as `sqlite3 -json` writes them. */
  rows: string;
  /** Whether it has no rows. */
  empty: boolean;
}

/** The files. */
export interface Workshop {
  tool: Tool;
  /** A script that does next to nothing. */
  script: string;
  /** An installation with the sample. */
  root: string;
  /** Where its backups go. */
  output: string;
  /** The sample. */
  database: string;
  /** Its size in bytes. */
  size: number;
  tables: BenchTable[];
  /** A backup of it. */
  backup: string;
  /** The same in other layouts. */
  oneLine: string;
  pretty: string;
  /** What `.dump` made of it; not there without `sqlite3`. */
  dump: string;
  /** A file that ways may write. */
  scratch: string;
  /** An installation without a database, and where its database would be. */
  emptyRoot: string;
  emptyDatabase: string;
}

/** Megabytes of a sample database of scale 1. */
export const megabytesPerScale = 2.95;

/**
 * Makes the files.
 *
 * @param folder An empty folder.
 * @param megabytes How large the database is to be.
 * @param tool Goes with them.
 */
export async function makeWorkshop(
  folder: string,
  megabytes: number,
  tool: Tool,
): Promise<Workshop> {
  const here = installationAt(join(folder, "here"));
  const there = installationAt(join(folder, "there"));
  for (const installation of [here, there]) {
    Deno.mkdirSync(installation.data, { recursive: true });
    Deno.mkdirSync(installation.backups);
  }
  makeSample(here.database, { scale: megabytes / megabytesPerScale });
  const session = sessionOf(new AbortController().signal);
  const { path } = await exportBackup(here, session);
  // Exporting stamps the database, and a second one would set this one aside.
  const backup = join(folder, "backup.json");
  Deno.renameSync(path, backup);
  const script = join(folder, "empty.js");
  Deno.writeTextFileSync(script, "console.log('done');\n");
  return {
    tool,
    script,
    root: here.root,
    output: here.backups,
    database: here.database,
    size: Deno.statSync(here.database).size,
    tables: tablesOf(here.database, folder),
    backup,
    oneLine: join(folder, "one-line.json"),
    pretty: join(folder, "pretty.json"),
    dump: join(folder, "dump.sql"),
    scratch: join(folder, "scratch"),
    emptyRoot: there.root,
    emptyDatabase: there.database,
  };
}

/** Makes what the `sqlite3` shell reads. */
export function makeDump({ database, dump }: Workshop): void {
  shell(database, `.output ${dump}`, ".dump");
}

/** Makes what `sqlite-utils` reads. */
export function makeRowFiles({ database, tables }: Workshop): void {
  for (const { name, rows } of tables) {
    shell(database, ".mode json", `.output ${rows}`, `SELECT * FROM "${name}"`);
  }
}

function shell(...args: string[]): void {
  const { success } = new Deno.Command("sqlite3", { args }).outputSync();
  if (!success) throw new Error(`Cannot run sqlite3 ${args.join(" ")}`);
}

function tablesOf(path: string, folder: string): BenchTable[] {
  const db = new Database(path, { int64: true, readonly: true });
  try {
    const rows = db.prepare(
      "SELECT m.name, group_concat(p.name) FROM sqlite_schema AS m " +
        "LEFT JOIN pragma_table_info(m.name) AS p ON p.pk > 0 " +
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' GROUP BY m.name",
    ).values<[string, string | null]>();
    return rows.map(([name, key]) => ({
      name,
      key: key?.split(",") ?? [],
      rows: join(folder, `${name}.json`),
      empty: db.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).values().length < 1,
    }));
  } finally {
    db.close();
  }
}

/** Removes the files of a folder. */
export function emptied(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) {
    Deno.removeSync(join(folder, name));
  }
}

/** Makes sure that a file is not there. */
export function removed(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
