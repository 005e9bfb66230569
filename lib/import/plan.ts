/**
 * Which tables of a backup come in, and what must be made for them first.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  describeTable,
  schemaEntries,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { TableSpan } from "../format/contents.ts";
import { INSTALLATION_TABLES, REMADE_TABLES } from "../soy/tables.ts";
import {
  createObject,
  existingNames,
  isForeignModule,
} from "./schema_objects.ts";
import { restoreOrder } from "./order.ts";
import type { LeftOut } from "./report.ts";

/** A table of the backup and its counterpart here. */
export interface PlannedTable {
  table: Table;
  span: TableSpan;
  created: boolean;
}

/** What to restore. */
export interface Plan {
  /** The tables in order. */
  tables: PlannedTable[];
  /** Tables that were made, by name here. */
  created: string[];
  skipped: string[];
  leftOut: LeftOut[];
  /** Objects of the schema that come after the rows. */
  later: SchemaObject[];
}

/** What to plan for. */
export interface PlanOptions {
  /**
   * Whether to make all that the backup's schema holds, for a database that is
   * new.
   */
  whole: boolean;
  /** Whether also the tables come in that an import leaves alone. */
  everything: boolean;
  /** Whether to make tables that are missing here. */
  create: boolean;
  /** Which tables are wanted, by the name in the backup. */
  wants: (table: string) => boolean;
}

/**
 * Plans an import, and makes the tables that it needs.
 *
 * @param db The database, in a transaction.
 * @param backup The backup.
 * @throws {BackupError} where the schema is not one that SQLite takes.
 */
export function planImport(
  db: Database,
  backup: BackupFile,
  { whole, everything, create, wants }: PlanOptions,
): Plan {
  const schema = backup.members.schema ?? [];
  const asked = backup.tables.filter(({ name }) => wants(name));
  const skips = (span: TableSpan) => !everything && isSkipped(span.name, whole);
  const wanted = asked.filter((span) => !skips(span));
  const makes = whole ? () => true : create ? isAmong(wanted) : () => false;
  const { created, foreign } = createTables(db, schema.filter(makes));
  const leftOut = foreign.map((name) => foreignTable(name, wanted));
  const tables = new Map(
    schemaEntries(db)
      .filter((entry) => entry.type === "table")
      .map((entry) => [foldName(entry.name), entry]),
  );
  const known = new Map(
    wanted
      .filter(({ name }) => tables.has(foldName(name)))
      .map((span) => [foldName(span.name), span]),
  );
  const strangers = wanted.filter(({ name, rows }) =>
    rows > 0 && !known.has(foldName(name)) && !isLeftOut(leftOut, name)
  );
  return {
    tables: restoreOrder(db, [...known.keys()]).map((name) => ({
      table: describeTable(db, tables.get(name)!),
      span: known.get(name)!,
      created: created.has(name),
    })),
    created: [...created].map((name) => tables.get(name)?.name ?? name),
    skipped: asked.filter(skips).map(({ name }) => name),
    leftOut: [
      ...leftOut,
      ...strangers.map((span) => unknownTable(span, create)),
    ],
    later: schema.filter((object) => comesLater(object, created, whole)),
  };
}

// A database that is made of the backup's schema has had the migrations that the
// backup says; without that list the application would run them all again, and
// they set modules back.
function isSkipped(name: string, whole: boolean): boolean {
  const table = foldName(name);
  return REMADE_TABLES.includes(table) ||
    (!whole && INSTALLATION_TABLES.includes(table));
}

function isAmong(tables: TableSpan[]): (object: SchemaObject) => boolean {
  const names = new Set(tables.map(({ name }) => foldName(name)));
  return ({ name }) => names.has(foldName(name));
}

function isLeftOut(leftOut: LeftOut[], name: string): boolean {
  return leftOut.some(({ table }) => foldName(table) === foldName(name));
}

function unknownTable({ name, rows }: TableSpan, create: boolean): LeftOut {
  const reason = "there is no such table here" +
    (create ? ", and none in the backup's schema" : "");
  return { table: name, count: rows, reason };
}

function createTables(db: Database, schema: SchemaObject[]) {
  const existing = existingNames(db);
  const created = new Set<string>();
  const foreign: string[] = [];
  for (const object of schema) {
    const name = foldName(object.name);
    if (object.type !== "table" || existing.has(name)) continue;
    if (isForeignModule(object)) {
      foreign.push(object.name);
      continue;
    }
    createObject(db, object);
    created.add(name);
  }
  return { created, foreign };
}

function foreignTable(name: string, wanted: TableSpan[]): LeftOut {
  const span = wanted.find((span) => foldName(span.name) === foldName(name));
  return {
    table: name,
    count: span?.rows ?? 0,
    reason: "it is a virtual table of a module that is not SQLite's",
  };
}

// Indexes are faster made at once, and a trigger must not run for the rows.
function comesLater(
  object: SchemaObject,
  created: Set<string>,
  whole: boolean,
): boolean {
  if (object.type === "index") return created.has(foldName(object.table));
  return whole && (object.type === "view" || object.type === "trigger");
}

/**
 * Makes sure that the backup can make a database.
 *
 * @throws {BackupError} where it has no schema, as the old form has none.
 */
export function mustHaveSchema(backup: BackupFile): void {
  if (backup.members.schema?.some(({ type }) => type === "table")) return;
  throw new BackupError(
    "there is no database here yet, and the file has no schema to make one " +
      "of (it is of the old hand-made form); start Software of You once, so " +
      "that it makes its tables, then import again",
  );
}
