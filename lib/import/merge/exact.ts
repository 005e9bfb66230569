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
import { CLAIMED, REFUSED, STAGE, type Stage } from "./stage.ts";

/** How many rows the table has, apart from those that describe the installation. */
export function countLocal({ db, table }: Stage): number {
  const sql = `SELECT count(*) FROM main.${identifier(table.name)} AS t ` +
    `WHERE 1${exceptInstallation(db, table)}`;
  return scalar(db, sql) as number;
}

/**
 * Removes the rows that the backup doesn't have.
 *
 * @returns How many there were.
 */
export function removeLocalOnly(stage: Stage): number {
  const before = countLocal(stage);
  if (stage.key) removeKeyed(stage);
  if (stage.table.rowid) removeUnkeyed(stage);
  return before - countLocal(stage);
}

function removeKeyed(stage: Stage): void {
  const { db, table } = stage;
  stage.indexKey();
  db.exec(
    `DELETE FROM main.${identifier(table.name)} AS t ` +
      `WHERE ${isKeyed(stage)} AND NOT EXISTS (SELECT 1 FROM ${STAGE} AS s ` +
      `WHERE ${stage.sameKey()} UNION ALL SELECT 1 FROM ${REFUSED} AS s ` +
      `WHERE ${stage.sameKey()})${exceptInstallation(db, table)}`,
  );
}

// A row without a key stays if it is the match of a row of the backup.
function removeUnkeyed(stage: Stage): void {
  const { rowid, name } = stage.table;
  stage.db.exec(
    `DELETE FROM main.${identifier(name)} AS t WHERE NOT ${isKeyed(stage)} ` +
      `AND t.${rowid} NOT IN (SELECT r FROM ${CLAIMED})`,
  );
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
