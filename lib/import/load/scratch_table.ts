/**
 * Tables in memory, to see how the definitions of tables treat rows.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { inUtf8, type RawRow, readCells } from "../../database/cells.ts";
import { openForWriting } from "../../database/connection.ts";
import { createObject } from "../../database/definitions.ts";
import {
  type Column,
  describeTable,
  type SchemaObject,
  type Table,
} from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import { RowFault } from "../row_faults.ts";
import type { MappedRow } from "./columns.ts";
import { DirectInserter } from "./direct.ts";

/** The columns of a table of the backup; none if it can't be created. */
export function definedColumns(entry: SchemaObject): Column[] {
  const db = openForWriting(":memory:", { create: true });
  try {
    return isCreated(db, entry) ? describeTable(db, entry).columns : [];
  } finally {
    db.close();
  }
}

// That a definition is not one that can be made again says nothing about the rows.
function isCreated(db: Database, entry: SchemaObject): boolean {
  try {
    return createObject(db, entry) === undefined;
  } catch (error) {
    if (error instanceof BackupError) return false;
    throw error;
  }
}

/** A table in memory that is defined as the local one. */
export class ScratchTable {
  /** Whether it has the computed columns, too. */
  readonly computes: boolean;
  #db: Database;
  #inserter: DirectInserter;

  constructor(readonly table: Table, readonly encoding: string) {
    this.#db = openForWriting(":memory:", { create: true });
    this.#db.exec(
      `PRAGMA encoding = '${encoding}'; PRAGMA ignore_check_constraints = ON`,
    );
    const { name, sql } = table;
    const entry = { type: "table", name, table: name, sql };
    this.computes = isCreated(this.#db, entry);
    // Without what the application adds to SQLite, types alone must do.
    if (!this.computes) this.#db.exec(plainSql(table));
    this.#inserter = new DirectInserter(this.#db, table, encoding);
  }

  /**
   * What the table makes of a row.
   *
   * @param names The columns to read back.
   * @returns Their values; `undefined` if the table refuses the row.
   */
  store(n: number, row: MappedRow, names: string[]): RawRow | undefined {
    const main = `main.${identifier(this.table.name)}`;
    try {
      this.#inserter.add(n, row);
    } catch (error) {
      if (error instanceof RowFault) return undefined;
      throw error;
    }
    const [stored] = readCells(this.#db, names, main);
    this.#db.exec(`DELETE FROM ${main}`);
    return inUtf8(stored!, this.encoding);
  }

  /** Frees it. */
  close(): void {
    this.#inserter.finalize();
    this.#db.close();
  }
}

function plainSql({ name, columns }: Table): string {
  const defined = columns
    .map(({ name, affinity }) => `${identifier(name)} ${affinity}`);
  return `CREATE TABLE ${identifier(name)} (${defined.join(", ")})`;
}
