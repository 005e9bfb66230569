/**
 * Full-text indexes after an import: no trigger ran, so those that triggers keep up to
 * date are made again from their text, or named if their text is nowhere.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, tableNames } from "../database/connection.ts";
import { schemaEntries, type SchemaObject } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { contentOf, isFullText } from "../database/virtual.ts";
import { messageOf } from "../errors.ts";
import { printable, quoted } from "../text.ts";
import { LOG_TABLE } from "../soy/tables.ts";
import type { StaleIndex, TableReport } from "./report.ts";

/** Which tables an import has written to. */
export interface Written {
  /** Folded names of the tables with rows that are new, changed or gone. */
  touched: ReadonlySet<string>;
  /** Those where more happened than the backup shows: rows are gone or have new numbers. */
  displaced: ReadonlySet<string>;
  /** Folded names of the imported tables. */
  imported: ReadonlySet<string>;
}

/**
 * Which tables an import has written to.
 *
 * @param tables What was done to the imported ones.
 */
export function writtenTables(
  db: Database,
  tables: TableReport[],
  { isLogged, isRenumbered }: { isLogged: boolean; isRenumbered: boolean },
): Written {
  const namesOf = (wanted: TableReport[]) =>
    new Set(wanted.map(({ name }) => foldName(name)));
  const all = new Set(tableNames(db).map(foldName));
  const displaced = namesOf(tables.filter(({ replaced }) => replaced > 0));
  const touched = namesOf(
    tables.filter(({ added, changed, replaced, removed }) =>
      added + changed + replaced + removed > 0
    ),
  );
  if (isLogged) {
    touched.add(LOG_TABLE);
    displaced.add(LOG_TABLE);
  }
  // What refers to a row with a new number may be in any table.
  return {
    imported: namesOf(tables),
    touched: isRenumbered ? all : touched,
    displaced: isRenumbered ? all : displaced,
  };
}

/**
 * Rebuilds the full-text indexes over other tables that were written to.
 *
 * @returns The indexes that SQLite can't rebuild.
 */
export function rebuildFullText(
  db: Database,
  { touched }: Written,
): StaleIndex[] {
  const entries = schemaEntries(db);
  const isTouched = touchTest(entries, touched);
  return entries.filter(isIndex)
    .filter(({ sql }) => isTouched(contentOf(sql) ?? ""))
    .flatMap(({ name }) => {
      const table = identifier(name);
      try {
        db.exec(`INSERT INTO main.${table} (${table}) VALUES ('rebuild')`);
        return [];
      } catch (error) {
        const why = printable(messageOf(error));
        return [{ table: name, reason: `it was not rebuilt: ${why}` }];
      }
    });
}

/**
 * Finds the full-text indexes that triggers fill and that lack what the triggers would
 * have written.
 *
 * @param db The database, with its triggers.
 */
export function findUnfilled(
  db: Database,
  { touched, displaced, imported }: Written,
): StaleIndex[] {
  const entries = schemaEntries(db);
  const triggers = rowsOf<[string, string]>(
    db,
    "SELECT tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger'",
  );
  return entries.filter(isIndex).flatMap(({ name, sql }) => {
    if (contentOf(sql)) return [];
    // An index with text of its own is in the backup, with what belongs to its rows.
    const isBackedUp = contentOf(sql) === undefined &&
      imported.has(foldName(name));
    const isTouched = touchTest(entries, isBackedUp ? displaced : touched);
    const sources = triggers.filter(([table, body]) =>
      isTouched(table) && mentions(body, name)
    ).map(([table]) => quoted(table));
    if (sources.length === 0) return [];
    const tables = [...new Set(sources)].join(", ");
    const reason = `triggers of ${tables} fill it, and no trigger runs ` +
      "during an import; let the application fill it again";
    return [{ table: name, reason }];
  });
}

function isIndex({ type, sql }: SchemaObject): boolean {
  return type === "table" && isFullText(sql);
}

// A view may show any table, but the import's own entry in the log is no reason to make
// every index over a view again.
function touchTest(
  entries: readonly SchemaObject[],
  touched: ReadonlySet<string>,
): (name: string) => boolean {
  const isOther = [...touched].some((name) => name !== LOG_TABLE);
  const views = new Set(
    entries.filter(({ type, sql }) =>
      type === "view" && touched.size > 0 &&
      (isOther || mentions(sql, LOG_TABLE))
    ).map(({ name }) => foldName(name)),
  );
  return (name) => touched.has(foldName(name)) || views.has(foldName(name));
}

function mentions(sql: string, name: string): boolean {
  const word = RegExp.escape(foldName(name));
  return new RegExp(`(?<![\\w$])${word}(?![\\w$])`).test(foldName(sql));
}
