/**
 * Rowids that no column shows, as the rows of a backup had them.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hiddenRowid } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import { parseRowids, type Run } from "../../format/rowids.ts";
import type { PlannedTable } from "../plan.ts";

/** The runs: the number in the backup, `k`, and the rowid, `r`, of the first row. */
const rowids = "temp.soy_rowids";

/** The rowids of one table's rows, in a temporary table. */
export class HiddenRowids {
  private constructor(
    readonly db: Database,
    /** The name of the rowid. */
    readonly column: string,
    runs: Run[],
  ) {
    db.exec(`CREATE TABLE ${rowids} (k INTEGER PRIMARY KEY, r INTEGER)`);
    // As text, since an engine can't bind the lowest rowid.
    const insert = db.prepare(
      `INSERT INTO ${rowids} VALUES (?, CAST(? AS INTEGER))`,
    );
    try {
      let k = 1n;
      for (const { first, rows } of runs) {
        insert.run(k, String(first));
        k += rows;
      }
    } finally {
      insert.finalize();
    }
  }

  /**
   * The rowids that a backup has for a table.
   *
   * @returns `undefined` if there are none, or not those of the rows in the file, as
   * after it was edited.
   */
  static of(
    db: Database,
    { members }: BackupFile,
    { table, span }: PlannedTable,
  ): HiddenRowids | undefined {
    const column = hiddenRowid(table);
    const text = Object.entries(members.database?.rowids ?? {})
      .find(([name]) => foldName(name) === foldName(span.name))?.[1];
    const runs = column && text && parseRowids(text);
    if (!runs) return undefined;
    const all = runs.reduce((sum, { rows }) => sum + rows, 0n);
    return all === BigInt(span.rows)
      ? new HiddenRowids(db, column, runs)
      : undefined;
  }

  /**
   * SQL for the rowid of a row.
   *
   * @param n SQL for its number in the backup.
   */
  of(n: string): string {
    return `(SELECT r + (${n} - k) FROM ${rowids} WHERE k <= ${n} ` +
      "ORDER BY k DESC LIMIT 1)";
  }

  /** Drops the temporary table. */
  drop(): void {
    this.db.exec(`DROP TABLE ${rowids}`);
  }
}
