/**
 * The members of a backup beside its rows: what they are and whether they are
 * well formed.
 *
 * @module
 */
import type { SchemaObject } from "../database/schema.ts";
import { HIGHEST_INTEGER, LOWEST_INTEGER } from "../database/sql.ts";
import { parseRowids } from "./rowids.ts";

/** The names of the members. */
export const MEMBER = {
  date: "backup_date",
  version: "format_version",
  database: "database",
  schema: "schema",
  sequences: "sequences",
  tables: "tables",
  counts: "counts",
  checksum: "sha256",
} as const;

/** What a restore needs to know of the database that was backed up. */
export interface DatabaseFacts {
  /** The application's `PRAGMA user_version`. */
  user_version: number;
  /** The application's `PRAGMA application_id`. */
  application_id: number;
  /** `UTF-8`, `UTF-16le` or `UTF-16be`. */
  encoding: string;
  /** The SQLite that wrote the backup. */
  sqlite_version: string;
  /** Rowids that no column shows, by table, if they are not 1, 2, 3 and so on. */
  rowids?: Rowids;
}

/** Rowids by table, as `hiddenRowids()` writes them. */
export interface Rowids {
  [table: string]: string;
}

/** The members of a backup that are not rows; all but the tables may be absent. */
export interface Members {
  backup_date?: string;
  format_version?: number;
  database?: DatabaseFacts;
  schema?: SchemaObject[];
  sequences?: Map<string, bigint>;
  counts?: Map<string, bigint>;
  sha256?: string;
}

/** What a backup says before its rows. */
export interface Preamble {
  /** The moment of the backup, in UTC with seconds. */
  date: string;
  database: DatabaseFacts;
  schema: SchemaObject[];
  /** Table and number, in the order of `sqlite_sequence`. */
  sequences: [string, number | bigint][];
}

type Fields = { [key: string]: unknown };
/** Makes each member of its JSON value; gives `undefined` if it is malformed. */
export type MemberReaders = {
  [K in keyof Members]-?: (value: unknown) => Members[K];
};

const encodings = ["UTF-8", "UTF-16le", "UTF-16be"];
const utcDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Makes each member of its JSON value; gives `undefined` if it is malformed. */
export const memberReaders: MemberReaders = {
  backup_date: (value) => isDate(value) ? value : undefined,
  format_version: (value) =>
    typeof value === "bigint" && value >= 1n ? Number(value) : undefined,
  database: (value) => databaseFacts(value),
  schema: (value) => schemaObjects(value),
  sequences: (value) => integers(value, LOWEST_INTEGER),
  counts: (value) => integers(value, 0n),
  sha256: (value) =>
    typeof value === "string" && /^[0-9a-f]{64}$/.test(value)
      ? value
      : undefined,
};

/** Whether a name is that of a member of the format, `tables` left out. */
export function isMember(name: string): name is keyof Members {
  return Object.hasOwn(memberReaders, name);
}

/**
 * Makes a value of JSON text, integers as bigint.
 *
 * @throws {SyntaxError} if it is not JSON.
 */
export function parseExact(text: string): unknown {
  // Reading numbers from their source keeps all 64 bits.
  const revive = (_key: string, value: unknown, context?: unknown) => {
    const source = (context as { source?: string } | undefined)?.source;
    return typeof value === "number" && source && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value;
  };
  return JSON.parse(text, revive);
}

/** Whether a value is the date of a backup, ours or the old hand-made form's. */
export function isDate(value: unknown): value is string {
  if (typeof value !== "string" || value.length > 40) return false;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return false;
  // Date() takes the 31st of February for a day in March.
  return !utcDate.test(value) ||
    date.toISOString().slice(0, 19) + "Z" === value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function databaseFacts(value: unknown): DatabaseFacts | undefined {
  if (!isFields(value)) return undefined;
  const { user_version, application_id, encoding, sqlite_version, rowids } =
    value;
  if (!isInt32(user_version) || !isInt32(application_id)) return undefined;
  if (typeof sqlite_version !== "string") return undefined;
  if (!encodings.includes(encoding as string)) return undefined;
  if (rowids !== undefined && !areRowids(rowids)) return undefined;
  return {
    user_version: Number(user_version),
    application_id: Number(application_id),
    encoding: encoding as string,
    sqlite_version,
    ...(rowids ? { rowids } : {}),
  };
}

function areRowids(value: unknown): value is Rowids {
  return isFields(value) &&
    Object.values(value).every((text) =>
      typeof text === "string" && parseRowids(text) !== undefined
    );
}

function isInt32(value: unknown): value is bigint {
  return typeof value === "bigint" && BigInt.asIntN(32, value) === value;
}

function schemaObjects(value: unknown): SchemaObject[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const objects: SchemaObject[] = [];
  for (const item of value) {
    if (!isFields(item)) return undefined;
    const { type, name, table, sql } = item;
    const texts = [type, name, table, sql];
    if (texts.some((text) => typeof text !== "string")) return undefined;
    const [t, n, b, s] = texts as [string, string, string, string];
    objects.push({ type: t, name: n, table: b, sql: s });
  }
  return objects;
}

function integers(
  value: unknown,
  lowest: bigint,
): Map<string, bigint> | undefined {
  if (!isFields(value)) return undefined;
  const entries = Object.entries(value);
  for (const [, n] of entries) {
    if (typeof n !== "bigint" || n < lowest || n > HIGHEST_INTEGER) {
      return undefined;
    }
  }
  return new Map(entries as [string, bigint][]);
}
