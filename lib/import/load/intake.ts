/**
 * The rows of a backup on their way into a table: by the hundred where that can be
 * done, else one by one.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { decodeText, type Row } from "../../database/cells.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import { batchRows } from "../../format/batches.ts";
import type { UniformRows } from "../../format/contents.ts";
import { isInstallationKey, META_TABLE } from "../../soy/meta.ts";
import type { ColumnMapper, MappedRow } from "./columns.ts";
import { contradiction, RowFault } from "../faults.ts";
import { LineInserter, type LineTarget, takesLines } from "./line_inserter.ts";
import type { TableOptions, TableTask } from "../table.ts";

/** Takes the rows of a backup, by number, or by the hundred in their order. */
export interface RowTarget extends LineTarget {
  add(n: number, row: MappedRow): void;
}

/** Rows between two looks at whether to stop. */
const checkEvery = 1000;

/** The intake of one table. */
export class Intake {
  #n = 0;
  #taken = 0;
  #bytes = 0;
  #refused: RowFault[] = [];
  /** Whether rows that describe this installation stay as they are here. */
  #keepsState: boolean;

  constructor(
    readonly db: Database,
    readonly task: TableTask,
    readonly mapper: ColumnMapper,
    readonly target: RowTarget,
    readonly options: TableOptions,
  ) {
    const { table, created } = task;
    this.#keepsState = foldName(table.name) === META_TABLE && !created;
  }

  /**
   * Hands every row to the target.
   *
   * @param refused Gets the rows that the table refuses.
   * @returns How many rows the target took.
   * @throws {BackupError} where a row cannot come in for another reason.
   */
  async run(refused: RowFault[]): Promise<number> {
    this.#refused = refused;
    const { backup, span } = this.task;
    const { uniform } = span;
    const inserter = uniform && this.#lineInserter(uniform);
    if (inserter) {
      await this.#takeBlocks(backup.batches(uniform), inserter);
    } else await this.#take(backup.rows(span));
    return this.#taken;
  }

  #lineInserter({ columns }: UniformRows): LineInserter | undefined {
    if (this.#keepsState || this.task.table.kind === "virtual") return;
    if (!takesLines(this.db, this.options.encoding)) return;
    return LineInserter.into(this.db, this.target, columns, this.mapper);
  }

  async #takeBlocks(
    blocks: Iterable<Uint8Array>,
    inserter: LineInserter,
  ): Promise<void> {
    try {
      for (const block of blocks) {
        const rows = inserter.insert(block);
        this.#n += rows ?? 0;
        this.#taken += rows ?? 0;
        // Which row it is and what is wrong with it shows one by one.
        if (rows === undefined) await this.#take(batchRows(block));
        this.#bytes += block.length;
        await this.#checkpoint();
      }
    } finally {
      inserter.finalize();
    }
  }

  async #take(rows: Iterable<Row>): Promise<void> {
    for (const row of rows) {
      this.#n++;
      if (this.#n % checkEvery === 0) await this.#checkpoint();
      if (this.#keepsState && describesInstallation(row)) continue;
      this.#refuseForeignText(row);
      try {
        this.target.add(this.#n, this.#mapped(row));
        this.#taken++;
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        this.#refused.push(error);
      }
    }
  }

  async #checkpoint(): Promise<void> {
    const { backup, span } = this.task;
    await this.options.checkpoint({
      doing: "Importing",
      table: span.name,
      rows: this.#n,
      bytes: span.offset + this.#bytes,
      total: backup.size,
    });
  }

  // Text that is not valid Unicode has a meaning in one encoding only.
  #refuseForeignText({ kinds }: Row): void {
    const { encoding, backupEncoding } = this.options;
    if (encoding === backupEncoding || !kinds.includes("x")) return;
    const reason =
      `it has text that only a database in ${backupEncoding} can hold`;
    throw contradiction(this.task.table.name, this.#n, reason);
  }

  #mapped(row: Row): MappedRow {
    try {
      return this.mapper.map(row);
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      throw new RowFault(this.task.table.name, this.#n, error.message);
    }
  }
}

function describesInstallation({ columns, kinds, values }: Row): boolean {
  const place = columns.findIndex((name) => foldName(name) === "key");
  if (place < 0 || kinds[place] !== "t") return false;
  return isInstallationKey(decodeText(values[place] as Uint8Array));
}
