/**
 * Rows that only the local table has, for an import that makes it exactly what the
 * backup says.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../../database/connection.ts";
import type { Table } from "../../database/schema.ts";
import { balanced, foldName, identifier, literal } from "../../database/sql.ts";
import { isInstallationKey, META_TABLE } from "../../soy/meta.ts";
import {
  CLAIMED,
  type DisplacedRows,
  REFUSED,
  STAGE,
  type Stage,
} from "./stage.ts";

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
  if (stage.key) {
    stage.indexKey();
    displaced.remove(isKeyedLocalOnly(stage));
  }
  // A row without a key stays if it is the match of a row of the backup.
  const { rowid } = stage.table;
  if (rowid) {
    displaced.remove(
      `NOT ${isKeyed(stage)} AND t.${rowid} NOT IN (SELECT r FROM ${CLAIMED})`,
    );
  }
  return before - countLocal(stage);
}

function isKeyedLocalOnly(stage: Stage): string {
  return `${isKeyed(stage)} AND NOT EXISTS (SELECT 1 FROM ${STAGE} AS s ` +
    `WHERE ${stage.sameKey()} UNION ALL SELECT 1 FROM ${REFUSED} AS s ` +
    `WHERE ${stage.sameKey()})${exceptInstallation(stage.db, stage.table)}`;
}

function isKeyed({ key }: Stage): string {
  const terms = (key?.columns ?? [])
    .map((name) => `t.${identifier(name)} IS NOT NULL`);
  return terms.length > 0 ? balanced(terms, "AND") : "0";
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
