/**
 * Proof that a backup restores: it is restored, and what came of it compared with
 * the file, value by value and type by type.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { encodingOf, type Table } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { BackupError, EXIT } from "../errors.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { rowPlace, type TableSpan } from "../format/contents.ts";
import { createTemp, discardTemp } from "../store/files.ts";
import { ColumnMapper } from "../import/load/columns.ts";
import { inNewDatabase } from "../import/new_database.ts";
import { isUnchanged } from "../import/merge/unchanged.ts";
import { restoreBackup } from "../import/restore.ts";
import { printable, quoted } from "../text.ts";
import { type ComparedRow, compareInOrder, storedRows } from "./rows.ts";
import { compareUnordered } from "./fingerprints.ts";
import { SourceComparison } from "./source.ts";
import { tablesOf, teller } from "./tables.ts";
import type { Checkpoint } from "../session.ts";

/** What a verification found. */
export interface Verdict {
  /** The tables that were compared, with their rows. */
  tables: { name: string; rows: number }[];
  /** Why the backup does not restore to what it says; none: it does. */
  problems: string[];
  /** References that led nowhere in the database that was backed up, too. */
  dangling: number;
}

/**
 * Restores a backup into a scratch database and reads every row back.
 *
 * @param backup The backup; it needs a schema.
 * @param folder Where the scratch database is made, with the folder's lock held.
 * @param source The database that was backed up, at the same moment, where that
 * is at hand: what came back is then compared with it, too.
 */
export async function proveRestore(
  backup: BackupFile,
  folder: string,
  checkpoint: Checkpoint,
  source?: Database,
): Promise<Verdict> {
  const temp = createTemp(folder);
  try {
    return await inNewDatabase(temp.path, backup, async (db) => {
      const proof = new Proof(backup, db, checkpoint);
      return await proof.run(source);
    });
  } catch (error) {
    // What the file says cannot be had in a database.
    if (!(error instanceof BackupError)) throw error;
    if (error.exitCode !== EXIT.failed) throw error;
    return { tables: [], problems: [error.message], dangling: 0 };
  } finally {
    discardTemp(temp);
  }
}

class Proof {
  #problems: string[] = [];

  constructor(
    readonly backup: BackupFile,
    readonly db: Database,
    readonly checkpoint: Checkpoint,
  ) {}

  async run(source?: Database): Promise<Verdict> {
    const report = await restoreBackup(this.db, this.backup, {
      whole: true,
      everything: true,
      create: true,
      exact: false,
      skipInvalid: false,
      wants: () => true,
      checkpoint: this.checkpoint,
    });
    for (const { table, column, count, reason } of report.leftOut) {
      const what = column ? `column ${quoted(column)} of ` : "";
      if (count > 0) this.#fault(`${what}table ${quoted(table)}: ${reason}`);
    }
    this.#checkIntegrity();
    const tables = await this.#compareWithFile();
    if (source) {
      const { backup, db, checkpoint } = this;
      const rows = new SourceComparison(source, db, backup, checkpoint);
      this.#problems.push(...await rows.run());
    }
    return { tables, problems: this.#problems, dangling: danglingIn(this.db) };
  }

  #fault(problem: string): void {
    this.#problems.push(problem);
  }

  #checkIntegrity(): void {
    for (const [line] of rowsOf<[string]>(this.db, "PRAGMA integrity_check")) {
      if (line !== "ok") {
        this.#fault(`the restored database: ${printable(line)}`);
      }
    }
  }

  async #compareWithFile(): Promise<Verdict["tables"]> {
    const tables = tablesOf(this.db);
    const compared: Verdict["tables"] = [];
    for (const span of this.backup.tables) {
      const table = tables.get(foldName(span.name));
      if (!table) {
        if (span.rows > 0) this.#fault(`table ${quoted(span.name)}: missing`);
        continue;
      }
      await this.#compareTable(span, table);
      compared.push({ name: span.name, rows: span.rows });
    }
    return compared;
  }

  // A file of ours has its rows in the order in which they are stored; for any
  // other the order says nothing.
  async #compareTable(span: TableSpan, table: Table): Promise<void> {
    // What an export of the restored table would write is what the file says.
    if (await this.#isSame(span, table)) return;
    const expected = () => this.#fileRows(span, table);
    const found = () => storedRows(this.db, table, encodingOf(this.db));
    const names = table.columns.map(({ name }) => printable(name));
    const { difference } = await compareInOrder(
      expected(),
      found(),
      names,
      teller(this.backup, span, this.checkpoint),
    );
    if (!difference || !compareUnordered(this.db, expected, found)) return;
    this.#fault(`${rowPlace(span.name, difference.row)}: ${difference.what}`);
  }

  async #isSame(span: TableSpan, table: Table): Promise<boolean> {
    const { members: { database } } = this.backup;
    if (span.rows === 0 || database?.encoding !== encodingOf(this.db)) {
      return false;
    }
    return await isUnchanged(
      this.db,
      table,
      this.backup,
      span,
      this.checkpoint,
    );
  }

  *#fileRows(span: TableSpan, table: Table): Generator<ComparedRow> {
    const mapper = new ColumnMapper(table);
    for (const row of this.backup.rows(span)) yield mapper.map(row);
  }
}

function danglingIn(db: Database): number {
  try {
    return rowsOf(db, "PRAGMA foreign_key_check").length;
  } catch {
    // A foreign key to columns that are no key cannot be checked at all.
    return 0;
  }
}
