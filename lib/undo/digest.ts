/**
 * What a database holds, table by table, as numbers that can be compared.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { createHash } from "../bytes.ts";
import { selectTables } from "../export/selection.ts";
import { TableRows } from "../format/table_rows.ts";
import { ROW_SEPARATOR } from "../format/version1.ts";
import { besideRows, schemaEntries } from "../database/schema.ts";
import type { Checkpoint } from "../session.ts";

/** A table's rows. */
export interface TableDigest {
  rows: number;
  /** A checksum of all of them in the order in which they are stored. */
  checksum: string;
}

/** Digests by the table's name. */
export type Digests = Map<string, TableDigest>;

/** The name under which all stands that a database holds beside rows. */
export const BESIDE_ROWS = "";

/**
 * Reads every table through.
 *
 * @param checkpoint Called now and then; throws to stop.
 */
export async function digestTables(
  db: Database,
  checkpoint: Checkpoint,
): Promise<Digests> {
  const digests: Digests = new Map();
  const beside = JSON.stringify(besideRows(db));
  const checksum = createHash("sha256").update(beside).digest("hex");
  digests.set(BESIDE_ROWS, { rows: 0, checksum });
  const reader = new TableRows(db);
  for (const table of selectTables(db, schemaEntries(db)).tables) {
    const hash = createHash("sha256").update(table.sql);
    let rows = 0;
    for (const some of reader.read(table)) {
      for (const piece of some.pieces) hash.update(piece);
      hash.update(ROW_SEPARATOR);
      rows += some.rows;
      await checkpoint();
    }
    digests.set(table.name, { rows, checksum: hash.digest("hex") });
  }
  return digests;
}
