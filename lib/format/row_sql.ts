/**
 * The SQL that makes exact JSON of rows.
 *
 * @module
 */
import type { Engine } from "../database/engine.ts";
import { rowidColumn, type Table } from "../database/schema.ts";
import { balanced, identifier, literal } from "../database/sql.ts";

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
  const stops = guards(table, engine);
  const row = stops.length === 0
    ? json
    : `iif(${balanced(stops, "OR")}, json_array(${rowid}, x'ff'), ${json})`;
  return `SELECT CAST(group_concat(${row}, ',\n') AS BLOB), ` +
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
  for (const { name, type } of columns) {
    const cell = identifier(name);
    if (!exactReals) terms.push(`typeof(${cell}) = 'real'`);
    else if (keepsZeroSign(type)) {
      terms.push(`(${cell} = 0 AND typeof(${cell}) = 'real')`);
    }
  }
  return terms;
}

/**
 * Whether a column can hold -0.0: those of most types make a plain zero of it. The
 * order of the questions is SQLite's (https://sqlite.org/datatype3.html).
 *
 * @param type The declared type.
 */
export function keepsZeroSign(type: string): boolean {
  if (/INT|CHAR|CLOB|TEXT/i.test(type)) return false;
  return /BLOB/i.test(type) || !/REAL|FLOA|DOUB/i.test(type);
}
