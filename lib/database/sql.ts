/**
 * Pieces of SQL text.
 *
 * @module
 */

/**
 * A table's or column's name as SQL takes it, whatever characters it has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(identifier('c"d'), '"c""d"');
 * ```
 */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Joins terms with an operator as a balanced tree.
 *
 * SQLite refuses expressions deeper than 1,000 (https://sqlite.org/limits.html),
 * which a plain chain over a table of 600 columns is.
 *
 * @param terms At least one SQL expression.
 * @param operator An associative operator, such as `AND` or `||`.
 */
export function balanced(terms: string[], operator: string): string {
  if (terms.length <= 8) return `(${terms.join(` ${operator} `)})`;
  const middle = terms.length >> 1;
  const left = balanced(terms.slice(0, middle), operator);
  const right = balanced(terms.slice(middle), operator);
  return `(${left} ${operator} ${right})`;
}

/** A name in the case in which SQLite compares it. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The least and the greatest INTEGER, and so the range of rowids. */
export const LOWEST_INTEGER: bigint = -(2n ** 63n);
export const HIGHEST_INTEGER: bigint = 2n ** 63n - 1n;

/** A word, a name or string in its quotes, or another character of SQL. */
export interface SqlToken {
  /** What it is, in lower case. */
  text: string;
  /** Where it begins and ends in the SQL. */
  start: number;
  end: number;
}

// Strings, names in quotes, comments and white space; words; any other character.
const tokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[^]*?(?:\*\/|$)|\s+|[\w$\u0080-\uffff]+|[^]/g;

const ignored = /^(?:\s|--|\/\*)/;

/** The tokens of a statement, without white space and comments. */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  for (const { 0: text, index: start } of sql.matchAll(tokens)) {
    if (ignored.test(text)) continue;
    yield { text: text.toLowerCase(), start, end: start + text.length };
  }
}
