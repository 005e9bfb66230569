/**
 * Rows into a statement, without a value changing on the way.
 *
 * The engines differ in what a JavaScript value becomes: an integral number is
 * REAL to one and INTEGER to the other, and text of invalid UTF-8 has no
 * JavaScript form at all. So each cell comes with the SQL that makes it, and
 * rows of the same form share a prepared statement.
 *
 * @module
 */
import type { BindValue, Database, Statement } from "@db/sqlite";
import { type CellValue, decodeText, type Kind } from "./cells.ts";

const plain = "?";
const text = "CAST(? AS TEXT)";
const real = "CAST(? AS REAL)";
const quotient = "(? / ?)";

// A product that is too small for a double keeps its sign.
const negativeZero = "(-1e-300 * 1e-300)";

// Powers of two scale a double without rounding. Neither bound value is
// integral, so no engine takes it for an INTEGER.
const scale = 2 ** -1023;

/** The most statements kept prepared; a table has few forms of rows. */
const keptStatements = 64;

// With the FFI engine a statement keeps what it binds in a set, each state of which
// refers to the next: once the garbage collector has taken one for old, all later ones
// stay, with their values, until it looks through everything.
/** So many times a statement is run before it is prepared again. */
const mostRuns = 1000;

/** Statements that are run again and again. */
export class StatementCache {
  #kept = new Map<string, { statement: Statement; runs: number }>();

  /** @param db The database. */
  constructor(readonly db: Database) {}

  /**
   * A statement, to be run once.
   *
   * @param key What it is known by.
   * @param sql Makes its SQL, if it is not prepared yet.
   * @throws {Error} with SQLite's message.
   */
  get(key: string, sql: () => string = () => key): Statement {
    let kept = this.#kept.get(key);
    if (kept?.runs === mostRuns) {
      this.#drop(key);
      kept = undefined;
    }
    if (!kept) {
      const [oldest] = this.#kept.keys();
      if (this.#kept.size === keptStatements) this.#drop(oldest!);
      kept = { statement: this.db.prepare(sql()), runs: 0 };
      this.#kept.set(key, kept);
    }
    kept.runs++;
    return kept.statement;
  }

  /** Frees the statements. */
  finalize(): void {
    for (const key of [...this.#kept.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    release(this.#kept.get(key)!.statement);
    this.#kept.delete(key);
  }
}

/** Runs one statement over many rows. */
export class RowBinder {
  #statements: StatementCache;
  #forms: string[] = [];

  /**
   * @param db The database.
   * @param encoding Its encoding, as in `UTF-8`.
   * @param sql Makes the statement from the SQL of each cell.
   */
  constructor(
    readonly db: Database,
    readonly encoding: string,
    readonly sql: (cells: string[]) => string,
  ) {
    this.#statements = new StatementCache(db);
  }

  /**
   * Runs the statement on one row.
   *
   * @param kinds What each cell holds.
   * @param values The cells.
   * @param first Parameters that come before the cells, where the SQL has them.
   * @throws {Error} with SQLite's message, as for a broken constraint.
   */
  run(
    kinds: readonly Kind[],
    values: readonly CellValue[],
    ...first: BindValue[]
  ): void {
    const params = first;
    for (let i = 0; i < values.length; i++) {
      this.#forms[i] = this.#bind(kinds[i]!, values[i]!, i, params);
    }
    this.#forms.length = values.length;
    const key = this.#forms.join();
    this.#statements.get(key, () => this.sql(this.#forms)).run(...params);
  }

  /** Frees the statements. */
  finalize(): void {
    this.#statements.finalize();
  }

  #bind(
    kind: Kind,
    value: CellValue,
    i: number,
    params: BindValue[],
  ): string {
    if (kind === "n") {
      params.push(null);
      // NULL fits any form of one parameter: keep the last row's statement.
      const last = this.#forms[i];
      return last === text || last === real ? last : plain;
    }
    if (kind === "r") return bindReal(value as number, params);
    if (this.encoding !== "UTF-8" && (kind === "t" || kind === "x")) {
      return this.#literalText(kind, value as Uint8Array);
    }
    params.push(value);
    return kind === "t" || kind === "x" ? text : plain;
  }

  // On its way from UTF-8 to UTF-16 SQLite mends what it takes for a fault, and old
  // versions take every bound BLOB for UTF-8; a literal stays as it is.
  #literalText(kind: Kind, value: Uint8Array): string {
    const bytes = kind === "x"
      ? value
      : encodeUtf16(decodeText(value), this.encoding);
    return `CAST(x'${bytes.toHex()}' AS TEXT)`;
  }
}

/** Text as a database in UTF-16 stores it. */
function encodeUtf16(text: string, encoding: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  const littleEndian = encoding === "UTF-16le";
  for (let i = 0; i < text.length; i++) {
    view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  }
  return bytes;
}

/** Binds a double so that it stays REAL and keeps every bit. */
function bindReal(value: number, params: BindValue[]): string {
  if (Object.is(value, -0)) return negativeZero;
  if (!Number.isInteger(value)) {
    params.push(value);
    return plain;
  }
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
    params.push(value);
    return real;
  }
  params.push(value * scale, scale);
  return quotient;
}

/**
 * Prepares statements, all of them or none.
 *
 * @param db The database.
 * @param texts Their SQL.
 * @throws {Error} with SQLite's message.
 */
export function prepareAll(db: Database, texts: string[]): Statement[] {
  const statements: Statement[] = [];
  try {
    for (const text of texts) statements.push(db.prepare(text));
    return statements;
  } catch (error) {
    for (const statement of statements) release(statement);
    throw error;
  }
}

/**
 * Frees a statement.
 *
 * With the FFI engine finalizing repeats the last run's error, which has been
 * thrown already.
 */
export function release(statement: Statement): void {
  try {
    statement.finalize();
  } catch { /* told before */ }
}
