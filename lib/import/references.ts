/**
 * Which rows refer to which: by foreign keys, by pairs of a type and an id, and by
 * columns that the application is known to use so.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../database/connection.ts";
import {
  describeTable,
  schemaEntries,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
import { balanced, foldName, identifier, literal } from "../database/sql.ts";
import { entityWords, PLAIN_REFERENCES } from "../soy/references.ts";
import type { DisplacedRows } from "./merge/stage.ts";
import type { OrphanedReferences } from "./report.ts";

/** Columns of a table that refer to those of another. */
export interface Reference {
  /** The table whose rows refer. */
  table: string;
  /** Pairs of a column that refers and the one referred to. */
  columns: [string, string][];
  /** SQL for which rows `c` of the table refer there; `undefined`: all. */
  only: string | undefined;
}

/**
 * All references to the rows of a table.
 *
 * @param tables The tables that may refer, as the schema has them.
 */
export function referencesTo(
  db: Database,
  parent: Table,
  tables: readonly SchemaObject[],
): Reference[] {
  return tables.flatMap((child) => [
    ...foreignKeys(db, child.name, parent),
    ...plainReferences(db, child, parent),
  ]);
}

function foreignKeys(
  db: Database,
  child: string,
  parent: Table,
): Reference[] {
  const keys = rowsOf<[number, string, string, string | null]>(
    db,
    `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?, 'main') ` +
      "ORDER BY id, seq",
    child,
  ).filter(([, table]) => foldName(table) === foldName(parent.name));
  const primary = parent.columns
    .filter((column) => column.key > 0)
    .sort((a, b) => a.key - b.key);
  const references = new Map<number, Reference>();
  for (const [id, , from, to] of keys) {
    const reference = references.get(id) ??
      { table: child, columns: [], only: undefined };
    const target = to ?? primary[reference.columns.length]?.name;
    if (target) reference.columns.push([from, target]);
    references.set(id, reference);
  }
  const stored = new Set(parent.columns.map(({ name }) => foldName(name)));
  return [...references.values()].filter(({ columns }) =>
    columns.length > 0 && columns.every(([, to]) => stored.has(foldName(to)))
  );
}

// The application's own kinds of reference, without a foreign key.
function plainReferences(
  db: Database,
  child: SchemaObject,
  parent: Table,
): Reference[] {
  if (!parent.columns.some(({ name, key }) => name === "id" && key === 1)) {
    return [];
  }
  const names = describeTable(db, child).columns.map(({ name }) => name);
  const [table, target] = [foldName(child.name), foldName(parent.name)];
  const known = PLAIN_REFERENCES
    .filter((one) => one.table === table && one.parent === target)
    .filter(({ column }) => names.includes(column))
    .map(({ column }) => refersTo(child.name, column));
  if (!names.includes("entity_type") || !names.includes("entity_id")) {
    return known;
  }
  const words = entityWords(target).map(literal).join(", ");
  const only = `c."entity_type" COLLATE NOCASE IN (${words})`;
  return [...known, refersTo(child.name, "entity_id", only)];
}

function refersTo(table: string, column: string, only?: string): Reference {
  return { table, columns: [[column, "id"]], only };
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
