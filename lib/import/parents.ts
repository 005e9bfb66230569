/**
 * Foreign keys that lead to columns which are no key: with one of them, SQLite refuses
 * every change of the table that it leads to ("foreign key mismatch").
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { keysOf } from "../database/keys.ts";
import { type Table, tablesOf } from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import { printable, quoted } from "../text.ts";

/** A foreign key that leads to no key. */
export interface KeylessReference {
  /** The table that has it. */
  table: string;
  /** The table that it leads to. */
  parent: string;
}

/**
 * Finds the foreign keys that lead to no key.
 *
 * @param db The database.
 * @param children Folded names of the tables whose foreign keys are looked at.
 */
export function keylessReferences(
  db: Database,
  children: Iterable<string>,
): KeylessReference[] {
  const names = [...children];
  if (names.length === 0) return [];
  const tables = new Map(
    tablesOf(db).map((table) => [foldName(table.name), table]),
  );
  return names.flatMap((child) => {
    const table = tables.get(child);
    if (!table) return [];
    return foreignKeys(db, table).filter(({ parent, columns }) => {
      const target = tables.get(foldName(parent));
      return target && !isKey(db, target, columns);
    }).map(({ parent }) => ({ table: table.name, parent }));
  });
}

/**
 * Makes sure that new tables leave the local ones as useful as they are.
 *
 * @param db The database, with the new tables.
 * @param created Their folded names.
 * @throws {BackupError} if one of them has such a foreign key to a local table.
 */
export function mustFitLocal(db: Database, created: Set<string>): void {
  const found = keylessReferences(db, created)
    .find(({ parent }) => !created.has(foldName(parent)));
  if (!found) return;
  const [table, parent] = [quoted(found.table), quoted(found.parent)];
  throw new BackupError(
    `its table ${table} refers to columns of ${parent} that are no key in this ` +
      `database; with it, SQLite would refuse to delete from ${parent}; leave ` +
      `it out with --except ${printable(found.table)}`,
  );
}

/**
 * What a person should know of such foreign keys in a new database, which has them from
 * the backup.
 *
 * @param names The tables that were created.
 */
export function keylessWarnings(db: Database, names: string[]): string[] {
  return keylessReferences(db, names.map(foldName)).map(({ table, parent }) =>
    `The table ${quoted(table)} refers to columns of ${quoted(parent)} that ` +
    "are no key, as it did in the database that was backed up; while foreign " +
    `keys are on, SQLite refuses to delete from ${quoted(parent)}`
  );
}

interface ForeignKey {
  parent: string;
  /** The columns that it leads to; NULL: those of the primary key. */
  columns: (string | null)[];
}

function foreignKeys(db: Database, { name }: Table): ForeignKey[] {
  const rows = rowsOf<[number, string, string | null]>(
    db,
    `SELECT id, "table", "to" FROM pragma_foreign_key_list(?, 'main')`,
    name,
  );
  return [...Map.groupBy(rows, ([id]) => id).values()].map((parts) => ({
    parent: parts[0]![1],
    columns: parts.map(([, , column]) => column),
  }));
}

function isKey(
  db: Database,
  table: Table,
  columns: (string | null)[],
): boolean {
  if (columns.includes(null)) {
    const primary = table.columns.filter(({ key }) => key > 0);
    return primary.length === columns.length;
  }
  const wanted = columns.map((column) => foldName(column!)).sort().join("\0");
  return keysOf(db, table).some((key) =>
    key.columns.map(foldName).sort().join("\0") === wanted
  );
}
