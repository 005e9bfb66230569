/**
 * Which rows refer to which: by foreign keys, by pairs of a type and an id, and by
 * columns that the application is known to use so.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import type { Table } from "../database/schema.ts";
import { foldName, literal } from "../database/sql.ts";
import { entityWords, PLAIN_REFERENCES } from "../soy/references.ts";

/** Columns of a table that refer to those of another. */
export interface Reference {
  /** The table whose rows refer. */
  table: string;
  /** Pairs of a column that refers and the one referred to. */
  columns: [string, string][];
  /** SQL for which rows `c` of the table refer there; `undefined`: all. */
  only: string | undefined;
  /**
   * Whether the rows are nothing without the one that they refer to: it takes them
   * along if it is deleted, or they must name one.
   */
  bound: boolean;
}

/**
 * All references to the rows of a table.
 *
 * @param tables The tables that may refer.
 */
export function referencesTo(
  db: Database,
  parent: Table,
  tables: readonly Table[],
): Reference[] {
  return tables.flatMap((child) => [
    ...foreignKeys(db, child, parent),
    ...plainReferences(child, parent),
  ]);
}

type KeyPart = [
  id: number,
  table: string,
  from: string,
  to: string | null,
  onDelete: string,
];

function foreignKeys(db: Database, child: Table, parent: Table): Reference[] {
  const parts = rowsOf<KeyPart>(
    db,
    `SELECT id, "table", "from", "to", on_delete ` +
      "FROM pragma_foreign_key_list(?, 'main') ORDER BY id, seq",
    child.name,
  ).filter(([, table]) => foldName(table) === foldName(parent.name));
  const primary = parent.columns
    .filter((column) => column.key > 0)
    .sort((a, b) => a.key - b.key);
  const references = new Map<number, Reference>();
  for (const [id, , from, to, onDelete] of parts) {
    const reference = references.get(id) ??
      refersBy(child, onDelete === "CASCADE");
    const target = to ?? primary[reference.columns.length]?.name;
    if (target) reference.columns.push([from, target]);
    reference.bound ||= isRequired(child, from);
    references.set(id, reference);
  }
  const stored = new Set(parent.columns.map(({ name }) => foldName(name)));
  return [...references.values()].filter(({ columns }) =>
    columns.length > 0 && columns.every(([, to]) => stored.has(foldName(to)))
  );
}

function refersBy({ name }: Table, bound: boolean): Reference {
  return { table: name, columns: [], only: undefined, bound };
}

function isRequired({ columns }: Table, column: string): boolean {
  return columns.some(({ name, notNull }) =>
    notNull && foldName(name) === foldName(column)
  );
}

// The application's own kinds of reference, without a foreign key.
function plainReferences(child: Table, parent: Table): Reference[] {
  if (!parent.columns.some(({ name, key }) => name === "id" && key === 1)) {
    return [];
  }
  const names = child.columns.map(({ name }) => name);
  const [table, target] = [foldName(child.name), foldName(parent.name)];
  const known = PLAIN_REFERENCES
    .filter((one) => one.table === table && one.parent === target)
    .filter(({ column }) => names.includes(column))
    .map(({ column }): Reference => ({
      ...refersBy(child, false),
      columns: [[column, "id"]],
    }));
  if (!names.includes("entity_type") || !names.includes("entity_id")) {
    return known;
  }
  const words = entityWords(target).map(literal).join(", ");
  const pair: Reference = {
    table: child.name,
    columns: [["entity_id", "id"]],
    only: `c."entity_type" COLLATE NOCASE IN (${words})`,
    bound: true,
  };
  return [...known, pair];
}
