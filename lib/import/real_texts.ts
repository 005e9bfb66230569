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
  return schemaEntries(db)
    .filter(({ type, name }) => type === "table" && written.has(foldName(name)))
    .flatMap((entry) => {
      const computed = computedIndexes(db, entry.name);
      if (computed.length === 0) return [];
      const table = describeTable(db, entry);
      return computed
        .filter(({ index, sql }) =>
          makesText(db, index) &&
          columnsIn(sql, table).some((column) => hasLongReal(db, table, column))
        )
        .map(({ index }) => ({ table: table.name, index }));
    });
}

interface ComputedIndex {
  index: string;
  /** Its definition; that of a constraint has none. */
  sql: string | null;
}

// Those over an expression, with a condition, or of a table with generated columns.
function computedIndexes(db: Database, table: string): ComputedIndex[] {
  const sql = "SELECT i.name, s.sql FROM pragma_index_list(?, 'main') AS i " +
    "JOIN main.sqlite_schema AS s ON s.name = i.name AND s.type = 'index' " +
    "WHERE i.partial OR EXISTS (SELECT 1 FROM " +
    "pragma_index_xinfo(i.name, 'main') WHERE cid = -2) OR EXISTS (SELECT 1 " +
    "FROM pragma_table_xinfo(s.tbl_name, 'main') WHERE hidden > 1)";
  return rowsOf<[string, string | null]>(db, sql, table)
    .map(([index, sql]) => ({ index, sql }));
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

// A generated column may stand for any other.
function columnsIn(sql: string | null, table: Table): string[] {
  const names = table.columns.map(({ name }) => name);
  if (sql === null || table.generated.length > 0) return names;
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
