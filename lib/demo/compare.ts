/**
 * Two databases row by row, by means of SQLite's own `typeof()` and `hex()`, apart
 * from the code that made the one out of the other.
 *
 * @module
 */
import { Database, type Statement } from "@db/sqlite";

/** What a comparison found. */
export interface Comparison {
  tables: number;
  rows: number;
  values: number;
  /** Tables with a difference, and what it is. */
  differences: string[];
}

/**
 * Compares every table of two databases, every value and its type.
 *
 * @param before The path of the one.
 * @param after The path of the other.
 * @param only What to compare of a table, as a `WHERE` clause, where not all.
 */
export function compareDatabases(
  before: string,
  after: string,
  only: Record<string, string> = {},
): Comparison {
  const options = { readonly: true, int64: true, parseJson: false } as const;
  const [a, b] = [new Database(before, options), new Database(after, options)];
  const found: Comparison = { tables: 0, rows: 0, values: 0, differences: [] };
  try {
    for (const table of tablesOf(a)) {
      compareTable(a, b, table, only[table] ?? "", found);
    }
  } finally {
    a.close();
    b.close();
  }
  return found;
}

function tablesOf(db: Database): string[] {
  return db.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' " +
      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  ).values<[string]>().flat();
}

function compareTable(
  a: Database,
  b: Database,
  table: string,
  where: string,
  found: Comparison,
): void {
  const columns = a.prepare("SELECT name FROM pragma_table_info(?)")
    .values<[string]>(table).flat();
  const sql = exactRows(table, columns, where);
  const [left, right] = [a.prepare(sql), b.prepare(sql)];
  const rows = sameRows(left, right);
  if (rows === undefined) found.differences.push(table);
  found.tables++;
  found.rows += rows ?? 0;
  found.values += (rows ?? 0) * columns.length;
}

function exactRows(table: string, columns: string[], where: string): string {
  const cells = columns.map((name) =>
    `typeof("${name}") || ' ' || iif(typeof("${name}") IN ('text', 'blob'), ` +
    `hex(CAST("${name}" AS BLOB)), quote("${name}"))`
  );
  return `SELECT ${cells.join(" || ',' || ")} AS line FROM "${table}" ` +
    `${where} ORDER BY 1`;
}

/** The number of rows where all are the same in both, else `undefined`. */
function sameRows(left: Statement, right: Statement): number | undefined {
  const others = right.iter();
  let rows = 0;
  for (const { line } of left.iter()) {
    if (others.next().value?.line !== line) return undefined;
    rows++;
  }
  return others.next().done ? rows : undefined;
}
