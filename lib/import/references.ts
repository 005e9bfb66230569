/**
 * References that lead nowhere, since the rows that they led to were displaced.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../database/connection.ts";
import {
  describeTable,
  schemaEntries,
  type SchemaEntry,
  type Table,
} from "../database/schema.ts";
import { balanced, foldName, identifier, literal } from "../database/sql.ts";
import type { DisplacedRows } from "./merge/stage.ts";
import type { OrphanedReferences } from "./report.ts";

interface Reference {
  table: string;
  /** Pairs of a column that refers and the one referred to. */
  columns: [string, string][];
  /** SQL for which rows refer there; `undefined`: all. */
  only: string | undefined;
}

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
  const tables = schemaEntries(db).filter(({ type }) => type === "table");
  return displaced.flatMap((parent) =>
    tables
      .flatMap((entry) => referencesOf(db, entry, parent.table))
      .map((reference) => count(db, parent, reference))
      .filter(({ rows }) => rows > 0)
  );
}

function referencesOf(
  db: Database,
  entry: SchemaEntry,
  parent: Table,
): Reference[] {
  const keys = rowsOf<[number, string, string, string | null]>(
    db,
    `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?, 'main') ` +
      "ORDER BY id, seq",
    entry.name,
  ).filter(([, table]) => foldName(table) === foldName(parent.name));
  const primary = parent.columns
    .filter((column) => column.key > 0)
    .sort((a, b) => a.key - b.key);
  const references = new Map<number, Reference>();
  for (const [id, , from, to] of keys) {
    const reference = references.get(id) ??
      { table: entry.name, columns: [], only: undefined };
    const target = to ?? primary[reference.columns.length]?.name;
    if (target) reference.columns.push([from, target]);
    references.set(id, reference);
  }
  const stored = new Set(parent.columns.map(({ name }) => foldName(name)));
  const known = [...references.values()].filter(({ columns }) =>
    columns.length > 0 && columns.every(([, to]) => stored.has(foldName(to)))
  );
  return [...known, ...entityReferences(db, entry, parent)];
}

// The application's own kind of reference: a type and an id, without a foreign key.
function entityReferences(
  db: Database,
  entry: SchemaEntry,
  parent: Table,
): Reference[] {
  const names = describeTable(db, entry).columns.map(({ name }) => name);
  if (!names.includes("entity_type") || !names.includes("entity_id")) return [];
  if (!parent.columns.some(({ name, key }) => name === "id" && key === 1)) {
    return [];
  }
  const words = [parent.name, singular(parent.name)].map(literal).join(", ");
  const only = `c."entity_type" IN (${words})`;
  return [{ table: entry.name, columns: [["entity_id", "id"]], only }];
}

function singular(table: string): string {
  return table.replace(/ies$/, "y").replace(/s$/, "");
}

function count(
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
