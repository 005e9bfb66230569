/**
 * Single records of a backup, with what belongs to them.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { openForReading, rowsOf } from "../database/connection.ts";
import { encodingOf, rowidColumn } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { Families } from "../record/family.ts";
import {
  findRecord,
  findRecords,
  findTableName,
  noTable,
  parseName,
  type TypedName,
} from "../record/key.ts";
import { idColumns, idText, isOneOf, type RecordRow } from "../record/row.ts";
import type { Session } from "../session.ts";
import { withFolder } from "../store/folder.ts";
import { hasDatabase, type Installation } from "../store/installation.ts";
import { quoted } from "../text.ts";
import { Belongings, byTable } from "./belongings.ts";
import {
  type ChosenRows,
  type KeyedRows,
  type NumberedRows,
  withRows,
} from "./part.ts";
import { borrowSchema, inScratchDatabase, leaveOutExtras } from "./scratch.ts";

/** A record that an import brings. */
export interface TakenRecord {
  table: string;
  /** Its key as a person types it, if it has one to show. */
  key: string | undefined;
  /** What a person calls it, or what it links, if anything. */
  label: string | undefined;
}

/** Records out of a backup. */
export interface TakenRecords {
  /** A backup that has their rows only; it is to be closed. */
  backup: BackupFile;
  records: TakenRecord[];
}

/**
 * Takes records out of a backup: those that are named, what belongs to them, theirs in
 * turn, and of what they refer to what the database doesn't have.
 *
 * @param typed How a person names them, as in `contacts:7,projects:3`.
 * @param force Whether the backup may have been edited by hand.
 * @throws {BackupError} if one of them is not there, or several are called so.
 */
export async function takeRecords(
  backup: BackupFile,
  typed: string,
  installation: Installation,
  session: Session,
  force: boolean,
): Promise<TakenRecords> {
  const { scratch } = installation;
  const { schema } = backup.members;
  borrowSchema(backup, installation);
  leaveOutExtras(backup);
  const chosen = await chooseRecords(backup, typed, installation, session);
  if (schema) backup.members.schema = schema;
  else delete backup.members.schema;
  return {
    backup: await withRows(backup, chosen.rows, scratch, session, force),
    records: chosen.records.map(({ table: { name }, key, label }) => ({
      table: name,
      key,
      label,
    })),
  };
}

async function chooseRecords(
  backup: BackupFile,
  typed: string,
  installation: Installation,
  session: Session,
): Promise<{ records: RecordRow[]; rows: ChosenRows }> {
  const { scratch } = installation;
  const options = {
    wants: () => true,
    doing: "Reading",
    checkpoint: session.checkpoint,
  };
  const local = openLocal(installation);
  const choose = (db: Database) => {
    const names = backup.tables.map(({ name }) => name);
    const roots = namedRecords(db, names, typed, backup.name);
    const records = new Belongings(db, local).of(roots);
    const rows = chosenRows(db, records, backup);
    const families = new Families(db);
    const known = records.map((record) => families.labelled(record));
    return Promise.resolve({ records: known, rows });
  };
  try {
    return await withFolder(
      scratch,
      session,
      () => inScratchDatabase(backup, scratch, options, choose),
    );
  } finally {
    local?.close();
  }
}

function openLocal(installation: Installation): Database | undefined {
  return hasDatabase(installation)
    ? openForReading(installation.database)
    : undefined;
}

function namedRecords(
  db: Database,
  names: string[],
  typed: string,
  source: string,
): RecordRow[] {
  const { tables } = new Families(db);
  const known = [...tables.values()].map(({ name }) => name);
  return splitNames(typed, names).flatMap(({ table: name, key }) => {
    const found = findTableName(known, name);
    const table = found && tables.get(foldName(found));
    if (!table) {
      const hint = `show ${source} lists them`;
      throw noTable(known, name, "it has no", hint);
    }
    return recordsOf(db, table, key!);
  });
}

/**
 * Takes names of records apart. A comma may also stand in a key or a label: only one
 * with a table behind it begins another name.
 */
function splitNames(typed: string, tables: string[]): TypedName[] {
  const parts: string[] = [];
  for (const part of typed.split(",")) {
    const { table, key } = parseName(part);
    const isName = key !== undefined && findTableName(tables, table);
    if (isName || parts.length === 0) parts.push(part);
    else parts.push(`${parts.pop()},${part}`);
  }
  return parts.map(parseName).map(({ table, key }) => {
    if (key !== undefined) return { table, key };
    throw new BackupError(
      `cannot tell which record ${quoted(typed)} is; name it with its table, ` +
        "as in contacts:7 or 'contacts:Sarah Chen'",
    );
  });
}

// What has commas is one record if there is one of that name, else a list of keys.
function recordsOf(
  db: Database,
  table: RecordRow["table"],
  key: string,
): RecordRow[] {
  const keys = key.split(",").map((part) => part.trim()).filter(Boolean);
  const isList = keys.length > 1 && findRecords(db, table, key).length === 0;
  return (isList ? keys : [key])
    .map((one) => findRecord(db, table, one, "it"));
}

/** Which rows of the backup some records are: by number, by key, or by place. */
function chosenRows(
  db: Database,
  records: RecordRow[],
  { intact }: BackupFile,
): ChosenRows {
  // The order of a file that no export wrote means nothing.
  const hasKeys = !intact && encodingOf(db) === "UTF-8";
  return new Map(
    byTable(records).map((some): [string, NumberedRows | KeyedRows] => {
      const { table } = some[0]!;
      if (hasKeys && !table.rowid) {
        const ids = new Set(some.map(idText));
        return [foldName(table.name), { key: idColumns(table), ids }];
      }
      const column = rowidColumn(table)?.name;
      const numbers = column === undefined
        ? some.flatMap((record) => placesOf(db, record))
        : some.map(({ id }) => BigInt(id[0] as number | bigint));
      return [foldName(table.name), { column, numbers: new Set(numbers) }];
    }),
  );
}

// The rows of a backup lie in the order in which their table stores them: that of the
// rowid, or of a primary key, which may descend or compare as its columns do not. Rows
// that only all their values tell may be several.
function placesOf(db: Database, record: RecordRow): bigint[] {
  const { table } = record;
  const { sql, params } = isOneOf([record]);
  const order = table.kind === "virtual" ? "" : " NOT INDEXED";
  const ids = idColumns(table).map((name) => identifier(name));
  const rows = rowsOf<[number]>(
    db,
    `SELECT place FROM (SELECT ${
      ids.join(", ")
    }, row_number() OVER () AS place ` +
      `FROM main.${identifier(table.name)}${order}) AS c WHERE ${sql}`,
    ...params,
  );
  return rows.map(([place]) => BigInt(place));
}
