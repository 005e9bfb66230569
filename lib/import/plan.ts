/**
 * Which tables of a backup are imported, in which order, and what must be created
 * for them first.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import type { Lacking } from "../database/definitions.ts";
import {
  describeTable,
  schemaEntries,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import {
  FIRST_TABLES,
  INSTALLATION_TABLES,
  REMADE_TABLES,
} from "../soy/tables.ts";
import { noTable } from "../record/key.ts";
import { mustFitLocal } from "./parents.ts";
import { type LeftOut, notCreated } from "./report.ts";
import { createTables } from "./schema_objects.ts";

/** Which tables a person asked for; all of them unless told. */
export interface TableChoice {
  /** Only these. */
  only?: string[] | undefined;
  /** All but these. */
  except?: string[] | undefined;
}

/** A table of the backup, and the one in the database that its rows go into. */
export interface PlannedTable {
  /** The table in the database. */
  table: Table;
  /** Where its rows are in the backup. */
  span: TableSpan;
  /** Whether this import created the table. */
  created: boolean;
}

/** What to restore. */
export interface Plan {
  /** The tables in order. */
  tables: PlannedTable[];
  /** Names of the tables that were created. */
  created: string[];
  /** Names of tables that an import doesn't change. */
  skipped: string[];
  leftOut: LeftOut[];
  /** Tables of the backup's schema that can't be created here. */
  lacking: Lacking[];
  /** Objects of the schema to create after the rows are in. */
  later: SchemaObject[];
}

/** What to plan for. */
export interface PlanOptions {
  /** Whether the database is new, so that everything in the schema is created. */
  newDatabase: boolean;
  /** Whether to restore also the tables that an import doesn't change. */
  allTables: boolean;
  /** Whether to create tables that the database doesn't have. */
  create: boolean;
  /** Which tables are wanted, by their names in the backup. */
  wants: (table: string) => boolean;
}

/**
 * Makes a test of which tables are asked for.
 *
 * @param names The names of the tables that there are.
 * @param lacking What lacks a table that is asked for, as in `the backup has no`.
 * @throws {BackupError} if there is no table of a given name.
 */
export function tableFilter(
  names: readonly string[],
  { only, except }: TableChoice,
  lacking = "it has no",
): (table: string) => boolean {
  for (const asked of [...only ?? [], ...except ?? []]) {
    mustBeTable(asked, names, lacking);
  }
  const wanted = only && new Set(only.map(foldName));
  const unwanted = new Set((except ?? []).map(foldName));
  return (table) => {
    const name = foldName(table);
    return (!wanted || wanted.has(name)) && !unwanted.has(name);
  };
}

function mustBeTable(
  asked: string,
  names: readonly string[],
  lacking: string,
): void {
  if (names.some((name) => foldName(name) === foldName(asked))) return;
  const hint = "show lists the tables of a backup";
  throw noTable(names, asked, lacking, hint);
}

/**
 * Plans an import, and creates the tables that it needs.
 *
 * @param db The database, in a transaction.
 * @param backup The backup.
 * @throws {BackupError} if SQLite doesn't take the backup's schema.
 */
export function planImport(
  db: Database,
  backup: BackupFile,
  options: PlanOptions,
): Plan {
  const { newDatabase, create } = options;
  const schema = backup.members.schema ?? [];
  const { wanted, skipped } = chooseTables(backup, options);
  const spans = new Map(wanted.map((span) => [foldName(span.name), span]));
  const isNeeded = ({ name }: SchemaObject) =>
    newDatabase || (create && spans.has(foldName(name)));
  const { created, lacking } = createTables(db, schema.filter(isNeeded));
  const lost = new Set(lacking.map(({ object }) => foldName(object.name)));
  if (!newDatabase) mustFitLocal(db, created);
  const tables = tablesByName(db);
  const known = [...spans.keys()].filter((name) => tables.has(name));
  return {
    tables: restoreOrder(db, known).map((name) => ({
      table: describeTable(db, tables.get(name)!),
      span: spans.get(name)!,
      created: created.has(name),
    })),
    created: [...created].map((name) => tables.get(name)?.name ?? name),
    skipped,
    leftOut: [
      ...lacking.map(({ object: { name }, reason }) => ({
        table: name,
        count: spans.get(foldName(name))?.rows ?? 0,
        reason,
      })),
      ...unknownTables(wanted, [...tables.keys(), ...lost], create),
      ...(newDatabase ? [] : triggersLeftOut(schema, created)),
    ],
    lacking,
    later: schema.filter((object) =>
      !lost.has(foldName(object.table)) &&
      comesLater(object, created, newDatabase)
    ),
  };
}

function triggersLeftOut(
  schema: SchemaObject[],
  created: Set<string>,
): LeftOut[] {
  const reason = "an import creates triggers in a new database only";
  return schema
    .filter(({ type, table }) =>
      type === "trigger" && created.has(foldName(table))
    )
    .map((object) => notCreated({ object, reason }));
}

function chooseTables(
  { tables }: BackupFile,
  { newDatabase, allTables, wants }: PlanOptions,
): { wanted: TableSpan[]; skipped: string[] } {
  const asked = tables.filter(({ name }) => wants(name));
  const isSkipped = ({ name }: TableSpan) =>
    !allTables && isLeftAlone(foldName(name), newDatabase);
  return {
    wanted: asked.filter((span) => !isSkipped(span)),
    skipped: asked.filter(isSkipped).map(({ name }) => name),
  };
}

// A database that is created from the backup's schema has had the migrations that
// the backup lists; without the list the application would run them all again, and
// they reset modules.
function isLeftAlone(name: string, newDatabase: boolean): boolean {
  return REMADE_TABLES.includes(name) ||
    (!newDatabase && INSTALLATION_TABLES.includes(name));
}

function tablesByName(db: Database) {
  return new Map(
    schemaEntries(db)
      .filter(({ type }) => type === "table")
      .map((entry) => [foldName(entry.name), entry]),
  );
}

function unknownTables(
  wanted: TableSpan[],
  known: string[],
  create: boolean,
): LeftOut[] {
  const names = new Set(known.map(foldName));
  const reason = "the database has no such table" +
    (create ? ", nor has the backup's schema" : "");
  return wanted
    .filter(({ name, rows }) => rows > 0 && !names.has(foldName(name)))
    .map(({ name, rows }) => ({ table: name, count: rows, reason }));
}

// An index is created faster after the rows, and a trigger must not run for them.
function comesLater(
  object: SchemaObject,
  created: Set<string>,
  newDatabase: boolean,
): boolean {
  if (object.type === "index") return created.has(foldName(object.table));
  return newDatabase && (object.type === "view" || object.type === "trigger");
}

// Modules, contacts, then the others, each after the tables that it refers to. Tables
// of a cycle stay in the order in which they came. Takes and gives folded names.
function restoreOrder(db: Database, names: string[]): string[] {
  const known = new Set(names);
  const ordered = new Set<string>();
  const entered = new Set<string>();
  // A stack of its own, since a chain of tables may be too long for recursion.
  const path: { name: string; parents: string[] }[] = [];
  const enter = (name: string) => {
    if (!known.has(name) || entered.has(name)) return;
    entered.add(name);
    path.push({ name, parents: parentsOf(db, name).reverse() });
  };
  for (const name of [...FIRST_TABLES, ...names]) {
    enter(name);
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const parent = last.parents.pop();
      if (parent !== undefined) enter(parent);
      else ordered.add(path.pop()!.name);
    }
  }
  return [...ordered];
}

function parentsOf(db: Database, table: string): string[] {
  return rowsOf<[string]>(
    db,
    `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?, 'main')`,
    table,
  ).flat().map(foldName);
}
