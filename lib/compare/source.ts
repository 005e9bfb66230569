/**
 * What was restored beside the database that was backed up.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { selectTables } from "../export/selection.ts";
import {
  besideRows,
  encodingOf,
  schemaEntries,
  type Table,
} from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { rowPlace, type TableSpan } from "../format/contents.ts";
import type { Checkpoint } from "../session.ts";
import { printable, quoted } from "../text.ts";
import { compareInOrder, storedRows } from "./rows.ts";
import { haveSameRows } from "./same_rows.ts";
import { lengthOf, tablesOf, teller } from "./tables.ts";

/** Compares two databases, value by value. */
export class SourceComparison {
  #problems: string[] = [];

  /**
   * @param source The database that was backed up, still at that moment.
   * @param restored What was restored.
   * @param backup The backup between the two.
   * @param checkpoint Called now and then; throws to stop.
   */
  constructor(
    readonly source: Database,
    readonly restored: Database,
    readonly backup: BackupFile,
    readonly checkpoint: Checkpoint,
  ) {}

  /** Compares all there is; gives what is not the same. */
  async run(): Promise<string[]> {
    this.#compareBesideRows();
    const restored = tablesOf(this.restored);
    const spans = this.backup.tables;
    const saved = new Map(spans.map((span) => [foldName(span.name), span]));
    const { tables } = selectTables(this.source, schemaEntries(this.source));
    for (const { name } of tables) {
      const span = saved.get(foldName(name));
      const table = restored.get(foldName(name));
      if (!table || !span) {
        this.#problems.push(`table ${quoted(name)} of the database is missing`);
      } else if (!await this.#isSame(table, span)) {
        await this.#findDifference(table, span);
      }
    }
    return this.#problems;
  }

  #compareBesideRows(): void {
    const restored = besideRows(this.restored);
    for (const [name, fact] of Object.entries(besideRows(this.source))) {
      if (restored[name] === fact) continue;
      const problem = `${printable(name)} is not as it is in the database`;
      this.#problems.push(problem);
    }
  }

  async #isSame(table: Table, span: TableSpan): Promise<boolean> {
    const databases: [Database, Database] = [this.source, this.restored];
    if (databases.some((db) => encodingOf(db) !== "UTF-8")) return false;
    const size = { bytes: lengthOf(this.backup, span), rows: span.rows };
    const tell = teller(this.backup, span, this.checkpoint);
    return await haveSameRows(databases, table, size, tell);
  }

  async #findDifference(table: Table, span: TableSpan): Promise<void> {
    const { difference } = await compareInOrder(
      storedRows(this.source, table, encodingOf(this.source)),
      storedRows(this.restored, table, encodingOf(this.restored)),
      table.columns.map(({ name }) => printable(name)),
      teller(this.backup, span, this.checkpoint),
    );
    if (!difference) return;
    const place = rowPlace(table.name, difference.row);
    this.#problems.push(
      `${place}, compared with the database: ${difference.what}`,
    );
  }
}
