/**
 * Rows as JSON: the SQL with which SQLite makes it of many rows at a time, and cell by
 * cell for the rows that SQLite has no exact JSON for.
 *
 * @module
 */
import { isUtf8 } from "../bytes.ts";
import { type CellValue, type Kind, type RawRow } from "../database/cells.ts";
import { keepsZeroSign } from "../database/affinity.ts";
import type { Engine } from "../database/engine.ts";
import { rowidColumn, type Table } from "../database/schema.ts";
import { balanced, identifier, literal } from "../database/sql.ts";
import { escaped } from "./values.ts";
import { BASE64, INFINITY, ROW_SEPARATOR } from "./version1.ts";

/**
 * The SQL that makes JSON of a range of rows: a line each, and how many they are. It
 * binds how many bytes a row's values may have, for engines that have no limit of their
 * own, and the first and the last rowid.
 *
 * A row that has no exact JSON stops the statement: BLOBs do so by themselves, but for
 * those that look like SQLite's own binary JSON. A range takes a third less time than a
 * LIMIT would, and gives the rows in the order of the tree.
 *
 * @param table A table with rowids.
 * @param engine What the engine can do.
 */
export function rangeSql(table: Table, engine: Engine): string {
  const { name, rowid, columns } = table;
  const members = columns.map((column) =>
    `${literal(column.name)}, ${identifier(column.name)}`
  );
  const json = `json_object(${members.join(", ")})`;
  const separator = new TextDecoder().decode(ROW_SEPARATOR);
  const stops = guards(table, engine);
  const row = stops.length === 0
    ? json
    : `iif(${balanced(stops, "OR")}, json_array(${rowid}, x'ff'), ${json})`;
  return `SELECT CAST(group_concat(${row}, ${literal(separator)}) AS BLOB), ` +
    `count(*) FROM main.${identifier(name)} NOT INDEXED ` +
    `WHERE ${rowid} BETWEEN ?2 AND ?3`;
}

function guards(table: Table, engine: Engine): string[] {
  const long = engine.lengthLimit ? [] : tooLong(table, engine);
  return [...long, ...inexact(table, engine)];
}

function tooLong(table: Table, engine: Engine): string[] {
  const sizes = table.columns
    .filter(({ type }) => !holdsNumbers(type))
    .map(({ name }) => `ifnull(${sizeOf(identifier(name), engine)}, 0)`);
  return sizes.length > 0 ? [`${balanced(sizes, "+")} > ?1`] : [];
}

// Text in such a column is an accident; asking for its length takes time.
function holdsNumbers(type: string): boolean {
  return /INT|REAL|FLOA|DOUB|BOOL/i.test(type);
}

function sizeOf(cell: string, { octetLength }: Engine): string {
  return octetLength
    ? `octet_length(${cell})`
    : `length(CAST(${cell} AS BLOB))`;
}

// No value but a BLOB sorts after the empty one; comparing is cheaper than asking
// for the type. No function of SQL tells the two zeros of a double apart.
function inexact(table: Table, { exactReals }: Engine): string[] {
  const rowid = rowidColumn(table);
  const columns = table.columns.filter((column) => column !== rowid);
  const terms = columns.map(({ name }) => `${identifier(name)} >= x''`);
  for (const { name, affinity } of columns) {
    const cell = identifier(name);
    if (!exactReals) terms.push(`typeof(${cell}) = 'real'`);
    else if (keepsZeroSign(affinity)) {
      terms.push(`(${cell} = 0 AND typeof(${cell}) = 'real')`);
    }
  }
  return terms;
}

/** Bytes of a BLOB encoded at a time; base64 takes three together. */
const blobPiece = 3 << 18;

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);

/**
 * A row as a JSON object, piece by piece, so that huge values take little memory.
 *
 * @param keys The columns' names as JSON.
 * @param row The cells.
 * @param encoding The database's encoding, in which text comes.
 */
export function* rowJson(
  keys: readonly string[],
  row: RawRow,
  encoding: string,
): Generator<Uint8Array> {
  for (let i = 0; i < keys.length; i++) {
    yield bytes((i === 0 ? "{" : ",") + keys[i] + ":");
    yield* cellJson(row.kinds[i]!, row.values[i]!, encoding);
  }
  yield bytes("}");
}

function* cellJson(
  kind: Kind,
  value: CellValue,
  encoding: string,
): Generator<Uint8Array> {
  if (value === null) yield bytes("null");
  else if (kind === "i") yield bytes(String(value));
  else if (kind === "r") yield bytes(realJson(value as number));
  else if (kind === "b") yield* base64Json(value as Uint8Array, "");
  else yield* textJson(value as Uint8Array, encoding);
}

/** A double so that its type and every bit survive. */
export function realJson(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? `-${INFINITY}` : INFINITY;
  const digits = Object.is(value, -0) ? "-0.0" : String(value);
  return /[.e]/.test(digits) ? digits : digits + ".0";
}

function* textJson(
  value: Uint8Array,
  encoding: string,
): Generator<Uint8Array> {
  const text = asUtf8(value, encoding);
  if (!text) {
    yield* base64Json(value, `,"${BASE64.type}":"${BASE64.text}"`);
    return;
  }
  yield bytes('"');
  yield* escaped(text);
  yield bytes('"');
}

function asUtf8(value: Uint8Array, encoding: string): Uint8Array | undefined {
  if (encoding === "UTF-8") return isUtf8(value) ? value : undefined;
  const options = { fatal: true, ignoreBOM: true };
  const decoder = new TextDecoder(encoding.toLowerCase(), options);
  try {
    return bytes(decoder.decode(value));
  } catch {
    return undefined;
  }
}

function* base64Json(
  value: Uint8Array,
  type: string,
): Generator<Uint8Array> {
  yield bytes(`{"${BASE64.marker}":true,"${BASE64.data}":"`);
  for (let at = 0; at < value.length; at += blobPiece) {
    yield bytes(value.subarray(at, at + blobPiece).toBase64());
  }
  yield bytes(`"${type}}`);
}
