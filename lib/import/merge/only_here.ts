/**
 * Rows that only the table here has, for an import that makes it exactly what the
 * backup says.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../../database/connection.ts";
import { balanced, foldName, identifier, literal } from "../../database/sql.ts";
import { isInstallationKey, META_TABLE } from "../../soy/meta.ts";
import { CLAIMED, REFUSED, STAGE, type Stage } from "./stage.ts";

/** How many rows the table has, but for those that are this installation's. */
export function rowsHere(db: Database, stage: Stage): number {
  const main = `main.${identifier(stage.table.name)} AS t`;
  return count(db, `${main} WHERE 1${installationRows(db, stage)}`);
}

/**
 * Removes the rows with a key that the backup does not have.
 *
 * @returns How many went.
 */
export function removeKeyed(db: Database, stage: Stage): number {
  if (!stage.key) return 0;
  const before = rowsHere(db, stage);
  const cells = stage.keyCells().map((cell, i) =>
    `${cell} COLLATE ${identifier(stage.key!.collations[i]!)}`
  );
  db.exec(`CREATE INDEX temp.soy_stage_key ON soy_stage (${cells.join(", ")})`);
  db.exec(
    `DELETE FROM main.${identifier(stage.table.name)} AS t ` +
      `WHERE ${keyedHere(stage)} AND NOT EXISTS (SELECT 1 FROM ${STAGE} AS s ` +
      `WHERE ${stage.sameKey()} UNION ALL SELECT 1 FROM ${REFUSED} AS s ` +
      `WHERE ${stage.sameKey()})${installationRows(db, stage)}`,
  );
  return before - rowsHere(db, stage);
}

/**
 * Removes the rows without a key that serve no row of the backup.
 *
 * @returns How many went.
 */
export function removeUnkeyed(db: Database, stage: Stage): number {
  const { rowid, name } = stage.table;
  if (!rowid) return 0;
  const before = rowsHere(db, stage);
  db.exec(
    `DELETE FROM main.${identifier(name)} AS t WHERE NOT ${keyedHere(stage)} ` +
      `AND t.${rowid} NOT IN (SELECT r FROM ${CLAIMED})`,
  );
  return before - rowsHere(db, stage);
}

function count(db: Database, from: string): number {
  return scalar(db, `SELECT count(*) FROM ${from}`) as number;
}

function keyedHere({ key }: Stage): string {
  const terms = (key?.columns ?? [])
    .map((name) => `t.${identifier(name)} IS NOT NULL`);
  return terms.length > 0 ? balanced(terms, "AND") : "0";
}

// The state of this installation is nobody's to remove.
function installationRows(db: Database, { table }: Stage): string {
  if (foldName(table.name) !== META_TABLE) return "";
  const keys = rowsOf<[string]>(db, `SELECT key FROM main.${META_TABLE}`)
    .flat().filter((key) => typeof key === "string" && isInstallationKey(key));
  return ` AND (t.key IS NULL OR t.key NOT IN (${
    keys.map(literal).join(", ")
  }))`;
}
