/**
 * New numbers for local rows, so that the backup's rows can have theirs. What refers to
 * a row follows it: foreign keys, pairs of a type and an id, and the lists of ids that
 * the application writes.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hasTable, rowsOf, scalar } from "../../database/connection.ts";
import { rowidColumn, type Table, tablesOf } from "../../database/schema.ts";
import { foldName, HIGHEST_INTEGER, identifier } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import { type Reference, referencesTo } from "../../record/reference.ts";
import { LIST_REFERENCES, singularOf } from "../../soy/references.ts";
import { quoted } from "../../text.ts";
import type { Unfollowed } from "../report.ts";
import type { TableConflicts } from "./identity.ts";
import { numbersTable } from "./temporary.ts";

/** Rows with new numbers. */
interface Renumbered {
  table: Table;
  /** The temporary table of the numbers, `old` and `new`. */
  numbers: string;
}

/**
 * Gives local rows numbers above all that either side has.
 *
 * @param db The database, in a transaction, without triggers of its own.
 * @param conflicts The rows, a table each.
 * @param counters The backup's AUTOINCREMENT counters by table, in lower case.
 * @returns References that could not follow.
 * @throws {BackupError} if there are no numbers left.
 */
export function renumber(
  db: Database,
  conflicts: readonly TableConflicts[],
  counters: ReadonlyMap<string, bigint>,
): Unfollowed[] {
  if (conflicts.length === 0) return [];
  const renumbered = conflicts.map((conflict, i) =>
    chooseNumbers(db, conflict, counters, numbersTable(i))
  );
  const tables = tablesOf(db);
  const unfollowed = renumbered.flatMap((rows) => findOthers(db, rows, tables));
  for (const rows of renumbered) applyNumbers(db, rows);
  const failed = renumbered.flatMap((rows) => {
    for (const reference of referencesTo(db, rows.table, tables)) {
      follow(db, rows, reference);
    }
    return followLists(db, rows, tables);
  });
  for (const { numbers } of renumbered) db.exec(`DROP TABLE ${numbers}`);
  return [...unfollowed, ...failed];
}

function chooseNumbers(
  db: Database,
  { table, rows, count, highest }: TableConflicts,
  counters: ReadonlyMap<string, bigint>,
  numbers: string,
): Renumbered {
  const key = identifier(rowidColumn(table)!.name);
  const local = `SELECT max(${key}) FROM main.${identifier(table.name)}`;
  const known = [
    BigInt(scalar(db, local) as number | bigint),
    BigInt(highest),
    localCounter(db, table.name),
    counters.get(foldName(table.name)) ?? 0n,
  ];
  const first = known.reduce((a, b) => a > b ? a : b);
  if (first > HIGHEST_INTEGER - BigInt(count)) {
    throw new BackupError(
      `table ${quoted(table.name)} has no numbers left to keep both; use ` +
        "--replace, or import into an empty database",
    );
  }
  db.exec(
    `CREATE TABLE ${numbers} (old INTEGER PRIMARY KEY, new INTEGER);` +
      `INSERT INTO ${numbers} ` +
      `SELECT k, ${first} + row_number() OVER (ORDER BY k) FROM ${rows}`,
  );
  return { table, numbers };
}

function localCounter(db: Database, table: string): bigint {
  if (!hasTable(db, "sqlite_sequence")) return 0n;
  const counter = rowsOf<[number | bigint | null]>(
    db,
    "SELECT max(seq) FROM main.sqlite_sequence " +
      "WHERE name = ? COLLATE NOCASE AND typeof(seq) = 'integer'",
    table,
  )[0]?.[0];
  return BigInt(counter ?? 0);
}

function applyNumbers(db: Database, { table, numbers }: Renumbered): void {
  const key = rowidColumn(table)!.name;
  setNumbers(db, numbers, table.name, key);
  if (!hasTable(db, "sqlite_sequence")) return;
  // SQLite raises the counter for inserted rows only.
  db.exec(
    "UPDATE main.sqlite_sequence SET seq = max(seq, " +
      `(SELECT max(new) FROM ${numbers})) WHERE name = ? COLLATE NOCASE`,
    table.name,
  );
}

function setNumbers(
  db: Database,
  numbers: string,
  table: string,
  column: string,
  only = "1",
): void {
  const cell = `c.${identifier(column)}`;
  db.exec(
    `UPDATE main.${identifier(table)} AS c SET ${identifier(column)} = ` +
      `(SELECT new FROM ${numbers} WHERE old = ${cell}) ` +
      `WHERE ${only} AND ${cell} IN (SELECT old FROM ${numbers})`,
  );
}

function follow(
  db: Database,
  { table, numbers }: Renumbered,
  { table: child, columns, only }: Reference,
): void {
  const key = foldName(rowidColumn(table)!.name);
  for (const [from, to] of columns) {
    if (foldName(to) === key) setNumbers(db, numbers, child, from, only);
  }
}

const idList = /^[\s\d,"'[\]]*$/;

function followLists(
  db: Database,
  { table, numbers }: Renumbered,
  tables: readonly Table[],
): Unfollowed[] {
  const parent = foldName(table.name);
  return LIST_REFERENCES.filter((list) => list.parent === parent)
    .flatMap(({ table: name, column }) => {
      const child = tables.find((entry) => foldName(entry.name) === name);
      if (!child || !hasColumn(child, column)) return [];
      const rows = followList(db, numbers, child.name, column);
      return rows > 0
        ? [{ table: child.name, column, parent: table.name, rows }]
        : [];
    });
}

function hasColumn({ columns }: Table, column: string): boolean {
  return columns.some(({ name }) => foldName(name) === column);
}

/** Rewrites the lists of a column; gives how many could not be read. */
function followList(
  db: Database,
  numbers: string,
  table: string,
  column: string,
): number {
  const [name, cell] = [identifier(table), identifier(column)];
  const lists = rowsOf<[string]>(
    db,
    `SELECT DISTINCT ${cell} FROM main.${name} ` +
      `WHERE typeof(${cell}) IN ('text', 'integer')`,
  );
  const number = db.prepare(`SELECT new FROM ${numbers} WHERE old = ?`);
  const newNumber = (id: string) => {
    // No row has a number beyond 64 bits, and no engine binds one.
    const old = BigInt(id);
    if (old > HIGHEST_INTEGER) return id;
    return String(number.value<[number | bigint]>(old)?.[0] ?? id);
  };
  let unread = 0;
  try {
    for (const [list] of lists) {
      const text = String(list);
      if (!idList.test(text)) {
        unread++;
        continue;
      }
      const changed = text.replace(/\d+/g, newNumber);
      if (changed === text) continue;
      db.exec(
        `UPDATE main.${name} SET ${cell} = ? WHERE ${cell} = ?`,
        changed,
        list,
      );
    }
  } finally {
    number.finalize();
  }
  return unread;
}

// Columns whose names say that they refer to the table, though nothing else does.
function findOthers(
  db: Database,
  { table, numbers }: Renumbered,
  tables: readonly Table[],
): Unfollowed[] {
  const known = new Set(
    referencesTo(db, table, tables).flatMap(({ table, columns }) =>
      columns.map(([from]) => `${foldName(table)}.${foldName(from)}`)
    ),
  );
  for (const { table: child, column, parent } of LIST_REFERENCES) {
    if (parent === foldName(table.name)) known.add(`${child}.${column}`);
  }
  const singular = singularOf(foldName(table.name));
  const one = new RegExp(`(^|_)${RegExp.escape(singular)}_id(_|$)`);
  const list = new RegExp(
    `(^|_)(${RegExp.escape(singular)}_ids|linked_${
      RegExp.escape(foldName(table.name))
    })(_|$)`,
  );
  return tables.flatMap((child) =>
    child.columns
      .map(({ name }) => name)
      .filter((name) => !known.has(`${foldName(child.name)}.${foldName(name)}`))
      .map((column) => {
        const folded = foldName(column);
        const where = one.test(folded)
          ? `${identifier(column)} IN (SELECT old FROM ${numbers})`
          : list.test(folded)
          ? `${identifier(column)} <> ''`
          : "0";
        const rows = where === "0" ? 0 : scalar(
          db,
          `SELECT count(*) FROM main.${identifier(child.name)} WHERE ${where}`,
        ) as number;
        return { table: child.name, column, parent: table.name, rows };
      })
      .filter(({ rows }) => rows > 0)
  );
}
