/**
 * Rules that a table has for its own rows, and how to lift them.
 *
 * A row may be older than a rule: SQLite doesn't look at the rows that are there when
 * a rule is added by `writable_schema`, by an older version's `ALTER TABLE`, or while
 * `ignore_check_constraints` is on. Such a row can be read and backed up like any other,
 * but no `INSERT` brings it back while the rule holds.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "./connection.ts";
import { unguarded } from "./engine.ts";
import type { Table } from "./schema.ts";
import { type SqlToken, sqlTokens } from "./sql.ts";

/** The rules of one table: CHECK, NOT NULL and the types of STRICT. */
export class TableRules {
  #lifted = false;

  /**
   * @param db The database, in a transaction, which the caller rolls back if anything
   * fails while the rules are lifted.
   * @param table The table.
   * @param canLift Whether rows may break them.
   */
  constructor(
    readonly db: Database,
    readonly table: Table,
    readonly canLift: boolean,
  ) {}

  /** Whether they are lifted. */
  get lifted(): boolean {
    return this.#lifted;
  }

  /**
   * Lifts the rules, if that is allowed.
   *
   * @returns Whether they were not lifted before and are now.
   */
  lift(): boolean {
    const { db, table, canLift } = this;
    if (this.#lifted || !canLift || table.kind === "virtual") return false;
    this.#lifted = true;
    db.exec("PRAGMA ignore_check_constraints = ON");
    const columns = columnsOf(db, table);
    const sql = withoutRules(table.sql);
    if (sql !== table.sql) define(db, table.name, sql);
    if (columnsOf(db, table) !== columns) define(db, table.name, table.sql);
    return true;
  }

  /** Puts them back. */
  restore(): void {
    if (!this.#lifted) return;
    const { name, sql } = this.table;
    if (withoutRules(sql) !== sql) define(this.db, name, sql);
    this.db.exec("PRAGMA ignore_check_constraints = OFF");
    this.#lifted = false;
  }
}

// Where the columns are and what is computed decides how rows are stored.
function columnsOf(db: Database, { name }: Table): string | undefined {
  try {
    const sql = "SELECT name, pk, hidden FROM pragma_table_xinfo(?, 'main')";
    return JSON.stringify(rowsOf(db, sql, name));
  } catch {
    // The definition can't be read.
    return undefined;
  }
}

function define(db: Database, table: string, sql: string): void {
  unguarded(db, () => {
    db.exec("PRAGMA writable_schema = ON");
    db.exec(
      "UPDATE main.sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?",
      sql,
      table,
    );
    // Reads the schema again, too.
    db.exec("PRAGMA writable_schema = RESET");
  });
}

/**
 * A definition of a table without NOT NULL and STRICT. It stores rows in the same way.
 *
 * @param sql The definition, as SQLite stores it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   withoutRules("CREATE TABLE t (a ANY NOT NULL, b) STRICT"),
 *   "CREATE TABLE t (a BLOB , b) ",
 * );
 * ```
 */
export function withoutRules(sql: string): string {
  const tokens = [...sqlTokens(sql)];
  const body = tokensOfBody(tokens);
  const after = tokens.filter(({ start }) => start >= body.at(-1)!.end)
    .slice(1);
  const options = after.map(({ text }) => text).join(" ").split(" , ");
  const isStrict = options.includes("strict");
  let [result, end] = ["", 0];
  const cuts = [...notNulls(body), ...(isStrict ? anyTypes(body) : [])];
  for (const cut of cuts.sort((a, b) => a.start - b.start)) {
    result += sql.slice(end, cut.start) + cut.instead;
    end = cut.end;
  }
  if (!isStrict) return result + sql.slice(end);
  const rest = sql.slice(end, after[0]!.start);
  return result + rest + options.filter((name) => name !== "strict").join(", ");
}

/** A token of a table's body. */
interface BodyToken extends SqlToken {
  /** How many parentheses are open around it; 0: it is part of no expression. */
  depth: number;
}

/** The tokens between the parentheses of `CREATE TABLE name (…)`. */
function tokensOfBody(tokens: SqlToken[]): BodyToken[] {
  const body: BodyToken[] = [];
  let depth = -1;
  for (const token of tokens) {
    if (token.text === ")" && --depth < 0) break;
    if (depth >= 0) body.push({ ...token, depth });
    if (token.text === "(") depth++;
  }
  return body;
}

/** A part of a text, and what stands there instead. */
interface Cut {
  start: number;
  end: number;
  instead: string;
}

function notNulls(body: BodyToken[]): Cut[] {
  return body.flatMap(({ text, depth, start }, i) => {
    if (depth > 0 || text !== "not" || body[i + 1]?.text !== "null") return [];
    // A clause `ON CONFLICT …` may follow.
    const last = body[body[i + 2]?.text === "on" ? i + 4 : i + 1]!;
    return [{ start, end: last.end, instead: "" }];
  });
}

// Outside of STRICT, ANY would make numbers of text.
function anyTypes(body: BodyToken[]): Cut[] {
  const columns = body.filter(({ depth }) => depth === 0);
  return columns.filter(({ text }, i) =>
    text === "any" && (i === 1 || columns[i - 2]?.text === ",")
  ).map(({ start, end }) => ({ start, end, instead: "BLOB" }));
}
