/**
 * Indexes that other versions of SQLite take for damaged: they hold the text of a REAL
 * value, which SQLite writes with 17 digits since 3.53, and with 15 before.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import {
  describeTable,
  schemaEntries,
  type Table,
} from "../database/schema.ts";
import { foldName, identifier, sqlTokens } from "../database/sql.ts";

/** An index that holds the text of a REAL value, or is chosen by it. */
export interface RealTextIndex {
  table: string;
  index: string;
}

/**
 * Finds the indexes for which it matters how SQLite writes a REAL value as text.
 *
 * @param db The database.
 * @param written Folded names of the tables that were written to.
 */
export function findRealTexts(
  db: Database,
  written: ReadonlySet<string>,
): RealTextIndex[] {
  const entries = schemaEntries(db);
  const sqlOf = new Map(entries.map(({ name, sql }) => [name, sql]));
  return entries
    .filter(({ type, name }) => type === "table" && written.has(foldName(name)))
    .flatMap((entry) => {
      const computed = computedIndexes(db, entry.name);
      if (computed.length === 0) return [];
      const table = describeTable(db, entry);
      return computed
        .filter((index) =>
          makesText(db, index) &&
          columnsIn(sqlOf.get(index), table)
            .some((column) => hasLongReal(db, table, column))
        )
        .map((index) => ({ table: table.name, index }));
    });
}

// Those over an expression, with a condition, or of a table with generated columns.
function computedIndexes(db: Database, table: string): string[] {
  const sql = "SELECT name FROM pragma_index_list(?1, 'main') AS i " +
    "WHERE partial OR EXISTS (SELECT 1 FROM " +
    "pragma_index_xinfo(i.name, 'main') WHERE cid = -2) OR EXISTS (SELECT 1 " +
    "FROM pragma_table_xinfo(?1, 'main') WHERE hidden > 1)";
  return rowsOf<[string]>(db, sql, table).flat();
}

// What SQLite would do to fill the index again shows whether it makes text or calls a
// function, which may (https://sqlite.org/opcode.html). EXPLAIN does nothing.
function makesText(db: Database, index: string): boolean {
  try {
    return rowsOf<[number, string]>(
      db,
      `EXPLAIN REINDEX main.${identifier(index)}`,
    ).some(([, code]) => /^(Cast|Concat|(Pure)?Func\w*|Affinity)$/.test(code));
  } catch {
    // It needs what only the application has, and holds nothing of this import.
    return false;
  }
}

// A generated column may stand for any other; the index of a constraint has no SQL.
function columnsIn(sql: string | undefined, table: Table): string[] {
  const names = table.columns.map(({ name }) => name);
  if (sql === undefined || table.generated.length > 0) return names;
  const words = new Set(
    [...sqlTokens(sql)].map(({ text }) =>
      text.replace(/^["'`[]|["'`\]]$/g, "")
    ),
  );
  // A quote in a name is written twice.
  return names.filter((name) =>
    words.has(name.toLowerCase()) || /["'`\]]/.test(name)
  );
}

function hasLongReal(db: Database, { name }: Table, column: string): boolean {
  const cell = identifier(column);
  const sql = `SELECT 1 FROM main.${identifier(name)} WHERE ` +
    `typeof(${cell}) = 'real' AND ` +
    `CAST(printf('%!.15g', ${cell}) AS REAL) <> ${cell} LIMIT 1`;
  return rowsOf(db, sql).length > 0;
}
