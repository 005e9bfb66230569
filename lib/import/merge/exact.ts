/**
 * Rows that only the local table has, for an import that makes it exactly what the
 * backup says.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../../database/connection.ts";
import type { Table } from "../../database/schema.ts";
import { foldName, identifier, literal } from "../../database/sql.ts";
import { isInstallationKey, META_TABLE } from "../../soy/meta.ts";
import type { DisplacedRows } from "./displaced.ts";
import type { Stage } from "./stage.ts";
import { CLAIMED, REFUSED, STAGE } from "./temporary.ts";

/** How many rows the table has, apart from those that describe the installation. */
export function countLocal({ db, table }: Stage): number {
  const sql = `SELECT count(*) FROM main.${identifier(table.name)} AS t ` +
    `WHERE 1${exceptInstallation(db, table)}`;
  return scalar(db, sql) as number;
}

/**
 * Removes the rows that the backup doesn't have.
 *
 * @param displaced Records them.
 * @returns How many there were.
 */
export function removeLocalOnly(
  stage: Stage,
  displaced: DisplacedRows,
): number {
  const before = countLocal(stage);
  removeUnkeyed(stage, displaced);
  if (stage.key) {
    stage.indexKey();
    displaced.remove(
      `${stage.keyedLocal()} AND NOT EXISTS (SELECT 1 FROM ${STAGE} AS s ` +
        `WHERE ${stage.sameKey()} UNION ALL SELECT 1 FROM ${REFUSED} AS s ` +
        `WHERE ${stage.sameKey()})${exceptInstallation(stage.db, stage.table)}`,
    );
  }
  return before - countLocal(stage);
}

// A row without a key stays if it is the match of a row of the backup.
function removeUnkeyed(stage: Stage, displaced: DisplacedRows): void {
  const { kind, rowid } = stage.table;
  const unkeyed = `NOT ${stage.keyedLocal()}`;
  const claimed = `IN (SELECT r FROM ${CLAIMED})`;
  if (rowid) displaced.remove(`${unkeyed} AND NOT t.${rowid} ${claimed}`);
  else if (kind === "rowid") {
    // Columns have taken all names of the rowid, so rows are known by their order.
    displaced.remove(unkeyed);
    displaced.putBack(`rowid ${claimed}`);
  }
}

// No backup may remove the state of this installation.
function exceptInstallation(db: Database, table: Table): string {
  if (foldName(table.name) !== META_TABLE) return "";
  const keys = rowsOf<[string]>(db, `SELECT key FROM main.${META_TABLE}`)
    .flat().filter((key) => typeof key === "string" && isInstallationKey(key));
  return ` AND (t.key IS NULL OR t.key NOT IN (${
    keys.map(literal).join(", ")
  }))`;
}
