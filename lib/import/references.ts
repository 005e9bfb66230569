/**
 * References that an import has orphaned: they lead to rows that it displaced.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { scalar } from "../database/connection.ts";
import { tablesOf } from "../database/schema.ts";
import { balanced, foldName, identifier } from "../database/sql.ts";
import { type Reference, referencesTo } from "../record/reference.ts";
import type { DisplacedRows } from "./merge/displaced.ts";
import type { OrphanedReferences } from "./report.ts";

/**
 * Finds the references to displaced rows that no row of the backup succeeds.
 *
 * @param displaced The displaced rows, a table each.
 */
export function findOrphaned(
  db: Database,
  displaced: DisplacedRows[],
): OrphanedReferences[] {
  if (displaced.length === 0) return [];
  const tables = tablesOf(db);
  return displaced.flatMap((parent) =>
    referencesTo(db, parent.table, tables)
      .map((reference) => countOrphaned(db, parent, reference))
      .filter(({ rows }) => rows > 0)
  );
}

function countOrphaned(
  db: Database,
  { table, rows: displaced }: DisplacedRows,
  { table: child, columns, only }: Reference,
): OrphanedReferences {
  const names = table.columns.map(({ name }) => foldName(name));
  const lost = columns.map(([from, to]) =>
    `v.v${names.indexOf(foldName(to))} = c.${identifier(from)}`
  );
  const found = columns.map(([from, to]) =>
    `p.${identifier(to)} = c.${identifier(from)}`
  );
  const sql = `SELECT count(*) FROM main.${identifier(child)} AS c ` +
    `WHERE ${only ?? "1"} AND EXISTS (SELECT 1 FROM ${displaced} AS v ` +
    `WHERE ${balanced(lost, "AND")}) AND NOT EXISTS (SELECT 1 FROM ` +
    `main.${identifier(table.name)} AS p WHERE ${balanced(found, "AND")})`;
  return {
    table: child,
    column: columns.map(([from]) => from).join(", "),
    parent: table.name,
    rows: scalar(db, sql) as number,
  };
}
