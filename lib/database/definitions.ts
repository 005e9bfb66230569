/**
 * Creating what a backup's schema defines.
 *
 * The schema in a file can't be trusted: nothing runs but a `CREATE` of the forms
 * that SQLite itself stores, without a query that it would run at once, and what it
 * created must read as it was asked for.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { BackupError, messageOf } from "../errors.ts";
import { faultOf, isFullDisk } from "../faults.ts";
import { printable, quoted } from "../text.ts";
import { release } from "./bind.ts";
import { rowsOf } from "./connection.ts";
import { MOST_DEPTH, parserDepth } from "./nesting.ts";
import type { SchemaObject, Table } from "./schema.ts";
import { balanced, foldName, identifier } from "./sql.ts";
import { isReadOnlyModule, isStorageModule, moduleOf } from "./virtual.ts";

// How sqlite_schema.sql begins, whatever the statement looked like
// (https://sqlite.org/schematab.html).
const beginnings: Record<string, RegExp> = {
  table: /^CREATE (VIRTUAL )?TABLE /,
  index: /^CREATE (UNIQUE )?INDEX /,
  view: /^CREATE VIEW /,
  trigger: /^CREATE TRIGGER /,
};

// What SQLite says if a definition needs something that the program which made the
// database has added to it.
const additions: [RegExp, string][] = [
  [/(?:no such|unknown) function: (.*)/s, "the function"],
  [/no such collation sequence: (.*)/s, "the collation"],
  [/(?:no such|unknown) tokenizer: (.*)/s, "the tokenizer"],
];

const elsewhere = "which only the program that made it has";

/** A definition that can't be created, and why. */
export interface Lacking {
  object: SchemaObject;
  reason: string;
}

/**
 * What an error says of an addition to SQLite that only the application has.
 *
 * @returns As in `it uses the function "f", which …`; `undefined` for other errors.
 */
export function additionIn(error: unknown): string | undefined {
  for (const [pattern, what] of additions) {
    const found = pattern.exec(messageOf(error));
    if (!found) continue;
    const name = quoted(found[1]!.replace(/\(\)$/, ""));
    return `it uses ${what} ${name}, ${elsewhere}`;
  }
}

/**
 * Why a definition can't be created here, judged by itself: its module is not
 * SQLite's own, or other versions of SQLite couldn't read it.
 *
 * @returns `undefined` if it can be tried.
 */
export function reasonAgainst({ sql }: SchemaObject): string | undefined {
  const module = moduleOf(sql);
  if (module && isReadOnlyModule(module)) {
    return "it has no rows of its own (a virtual table that shows those of others)";
  }
  if (module && !isStorageModule(module)) {
    return `it is a virtual table of ${quoted(module)}, a module that is not ` +
      "part of SQLite";
  }
  if (parserDepth(sql) <= MOST_DEPTH) return undefined;
  return "its definition is nested so deeply that SQLite 3.40 could not read " +
    "the database any more";
}

/**
 * Creates an object.
 *
 * @param db The database.
 * @param object What to create.
 * @returns Why it can't be created, if it needs what only the application has or
 * other versions of SQLite couldn't read it; nothing is changed then.
 * @throws {BackupError} if the statement is not one that a schema can hold, or
 * SQLite refuses it.
 */
export function createObject(
  db: Database,
  object: SchemaObject,
): string | undefined {
  const what = `Cannot make ${printable(object.type)} ${quoted(object.name)}`;
  const reason = reasonAgainst(object);
  if (reason) return reason;
  const { type, sql } = object;
  if (!beginnings[type]?.test(sql) || moduleOf(sql) === "") {
    throw new BackupError(
      `${what}: the backup's schema holds another statement`,
    );
  }
  try {
    if (type === "table" && mayQuery.test(sql) && runsQuery(db, sql)) {
      throw new BackupError("it would run a query");
    }
    run(db, sql);
  } catch (error) {
    const addition = additionIn(error);
    if (addition) return addition;
    if (isFullDisk(error)) throw error;
    const fault = faultOf(error) ?? printable(messageOf(error));
    throw new BackupError(`${what} of the backup's schema: ${fault}`);
  }
  if (isAsAsked(db, object)) return undefined;
  throw new BackupError(`${what}: its statement does more than that`);
}

function run(db: Database, sql: string): void {
  const statement = db.prepare(sql);
  try {
    statement.run();
  } finally {
    release(statement);
  }
}

/** Without one of these words there is no query, whatever else a text says. */
const mayQuery = /select|values/i;

// The program that SQLite makes of `CREATE TABLE … AS` reads its query through a
// coroutine; no other definition of a table has one (sqlite3EndTable() in build.c,
// https://sqlite.org/opcode.html). EXPLAIN runs nothing.
function runsQuery(db: Database, sql: string): boolean {
  return rowsOf<[number, string]>(db, `EXPLAIN ${sql}`)
    .some(([, opcode]) => opcode === "InitCoroutine");
}

// From the end, where a new object is: names in the schema have no index.
function isAsAsked(db: Database, object: SchemaObject): boolean {
  const [found] = rowsOf<[string, string]>(
    db,
    "SELECT tbl_name, sql FROM main.sqlite_schema WHERE type = ? AND name = ? " +
      "ORDER BY rowid DESC LIMIT 1",
    object.type,
    object.name,
  );
  return found?.[0] === object.table && found[1] === object.sql;
}

/**
 * What stands in the way of writing into a table, if its definition uses what only the
 * application has: SQLite reads such a definition, and refuses statements that need it.
 *
 * @param db The database, in a transaction, without triggers.
 * @param compares Whether values of the table will be compared, too.
 * @returns The reason; `undefined` if rows can be written.
 */
export function obstacleTo(
  db: Database,
  table: Table,
  compares: boolean,
): string | undefined {
  try {
    if (table.kind === "virtual") tryRow(db, table);
    else release(db.prepare(copying(table, compares)));
  } catch (error) {
    // All that FTS4 says of a function that it can't find.
    const isUnsaid = /SQL logic error/.test(messageOf(error));
    return additionIn(error) ??
      (isUnsaid ? `it uses a function, ${elsewhere}` : undefined);
  }
}

// To compile a statement that writes and compares every column is enough.
function copying({ name, columns }: Table, compares: boolean): string {
  const table = `main.${identifier(name)}`;
  const cells = columns.map((column) => identifier(column.name));
  const list = cells.join(", ");
  const same = cells.map((cell) => `${cell} IS ${cell}`);
  return `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${table}` +
    (compares ? ` WHERE ${balanced(same, "AND")}` : "");
}

// A virtual table compiles its own statements when it has a row to write.
function tryRow(db: Database, { name }: Table): void {
  db.exec("SAVEPOINT soy_try");
  try {
    db.exec(`INSERT INTO main.${identifier(name)} DEFAULT VALUES`);
  } finally {
    db.exec("ROLLBACK TO soy_try; RELEASE soy_try");
  }
}

/** So many tables are tried in one database: SQLite gets slower with each. */
const triedAtOnce = 200;

/**
 * What of a database's schema this program could not create again: tried in empty
 * databases in memory.
 *
 * @param schema The objects, in creation order.
 * @returns Those that it could not create. What belongs to a table among them is not
 * listed by itself.
 */
export function lackingIn(schema: SchemaObject[]): Lacking[] {
  const groups = [...Map.groupBy(schema, ({ table }) => foldName(table))]
    .map(([, objects]) => objects);
  const lacking: Lacking[] = [];
  for (let i = 0; i < groups.length; i += triedAtOnce) {
    const db = new Database(":memory:", { int64: true, parseJson: false });
    try {
      const tried = groups.slice(i, i + triedAtOnce);
      lacking.push(...tried.flatMap((group) => lackingOf(db, group)));
    } finally {
      db.close();
    }
  }
  return lacking;
}

function lackingOf(db: Database, [first, ...others]: SchemaObject[]) {
  const reason = tryToCreate(db, first!);
  if (reason) return [{ object: first!, reason }];
  return others.flatMap((object) => {
    const reason = tryToCreate(db, object);
    return reason ? [{ object, reason }] : [];
  });
}

function tryToCreate(db: Database, object: SchemaObject): string | undefined {
  try {
    return createObject(db, object);
  } catch (error) {
    return messageOf(error);
  }
}
